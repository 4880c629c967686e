"""What is said about a person, whoever it is: names, phones, id numbers (domain.md, section 2)."""

from schemas.declare import Label, NationalId, Text

NAME = Text(50, 1, examples=("王桂英", "陈国平"))
NAME_LATIN = Text(60, 1, examples=("Wang Guiying", "Chen Guoping"))
PHONE = Text(15, 7, "[0-9]{7,15}", examples=("13800000000", "13900000001"))
PHONE_HINT = Label("Digits only, 7 to 15 of them", "只填数字，7 至 15 位")
ID_NUMBER = NationalId()
ID_NUMBER_HINT = Label("18 characters, as printed on the id card", "18 位，与身份证上一致")
