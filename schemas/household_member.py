"""Household member 家庭成员 (domain.md, section 5.3)."""

from schemas.declare import Flag, Integer, Label, RecordType, Text, money
from schemas.fields import manual, once, one_of
from schemas.person import ID_NUMBER, ID_NUMBER_HINT, NAME
from schemas.roles import FIELD

RELATIONS = one_of(
    {
        "spouse": ("Spouse", "配偶"),
        "parent": ("Parent", "父母"),
        "child": ("Child", "子女"),
        "sibling": ("Brother or sister", "兄弟姐妹"),
        "in_law": ("In-law", "姻亲"),
        "other": ("Other", "其他"),
    }
)
LABOUR = one_of(
    {"full": ("Full", "全劳力"), "part": ("Part", "半劳力"), "none": ("None", "无劳力")}
)
PRESENCE = one_of(
    {
        "present": ("Lives here", "在家"),
        "away": ("Away for a time", "外出"),
        "left": ("Moved away", "已迁出"),
        "deceased": ("Deceased", "已故"),
    }
)

HOUSEHOLD_MEMBER = RecordType(
    "household_member",
    Label("Household member", "家庭成员"),
    (
        manual("name", "Name", "姓名", NAME, required=True),
        manual("relation", "Relation", "与户主关系", RELATIONS, required=True),
        once("id_no", "Id number", "身份证号", ID_NUMBER, sensitive=True, hint=ID_NUMBER_HINT),
        manual("birth_year", "Year of birth", "出生年份", Integer(1900, 2100)),
        manual("labour", "Labour", "劳动能力", LABOUR),
        manual("occupation", "Occupation", "职业", Text(100, examples=("务农", "泥瓦工"))),
        manual("works_away", "Works away", "外出务工", Flag()),
        manual("annual_income_fen", "Yearly income", "年收入", money()),
        manual("co_borrower", "Co-borrower", "共同借款人", Flag(), sensitive=True),
        manual("presence", "Presence", "在家情况", PRESENCE),
    ),
    made_by=FIELD,
    deletable=True,
    late_fact=True,
    title_field="name",
)
