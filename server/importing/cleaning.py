"""One cell to one value: harmless mess is cleaned, anything else is refused with its reason.

Pure. Every reader takes a cell and the unit of its heading and raises `UnreadableError`; an empty
cell never reaches a reader. Numbers, dates, ids and phones are read after NFKC, which turns
full-width digits and punctuation into plain ones; texts keep their form (NFC).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from schemas import values
from schemas.declare import MAX_MONEY_FEN

Cell = str | int | Decimal | date | None
"""What `reading` gives for a cell: a date is a real one, None is empty."""
Reader = Callable[[Cell, str], object]

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff]")
_NUMBER = re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?|-?\.\d+", re.ASCII)
_DATE_FORMS = (
    re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII),
    re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})", re.ASCII),
    re.compile(r"(\d{4})\.(\d{1,2})\.(\d{1,2})", re.ASCII),
    re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日", re.ASCII),
)
_TIME_OF_DAY = re.compile(r"[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$", re.ASCII)
_CURRENCY = ("¥", "RMB", "CNY", "人民币")
_MINUS = str.maketrans("−–", "--")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·]+")


class Formula(str):
    """The text of a formula in a workbook; nobody computed it."""

    __slots__ = ()


class UnreadableError(Exception):
    """A cell cannot be taken; `key` is the reason's, `facts` fill its sentence."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts: Mapping[str, object] = facts


# ------------------------------------------------------------------------------------------ text


def shown(cell: Cell) -> str:
    """Return a cell as a person would see it, unchanged."""
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def plain(cell: Cell) -> str:
    """Return a cell as text without outer blanks (full-width too) and unseen characters, in NFC."""
    return unicodedata.normalize("NFC", _UNSEEN.sub("", shown(cell))).strip()


def half_width(cell: Cell) -> str:
    """Return a cell as text in NFKC: what to read numbers, dates, codes and ids from."""
    return unicodedata.normalize("NFKC", plain(cell)).strip()


def key(text: str) -> str:
    """Return the form in which names, words and headings are compared."""
    return "".join(half_width(text).split()).casefold()


def text(cell: Cell, _: str = "") -> str:
    """Read free text."""
    return plain(cell)


def code(cell: Cell, _: str = "") -> str:
    """Read a number that people give to a thing (customer, loan, receipt): no blanks in it."""
    return "".join(half_width(cell).split())


def name(cell: Cell, _: str = "") -> str:
    """Read a person's name; blanks that only spread Chinese characters apart are dropped."""
    found = plain(cell)
    joined = "".join(found.split())
    return joined if _HAN.fullmatch(joined) else " ".join(found.split())


# --------------------------------------------------------------------------------------- numbers


def number(cell: Cell, suffixes: tuple[str, ...] = ()) -> Decimal:
    """Read a number: thousands separators in their places, one of *suffixes* after it.

    Raises:
        UnreadableError: formula, not-a-number.
    """
    if isinstance(cell, Formula):
        raise UnreadableError("formula")
    if isinstance(cell, int | Decimal):
        return Decimal(cell)
    if isinstance(cell, date):
        raise UnreadableError("not-a-number")
    found = "".join(half_width(cell).translate(_MINUS).split())
    for suffix in suffixes:
        found = found.removesuffix(suffix)
    if not _NUMBER.fullmatch(found):
        raise UnreadableError("not-a-number")
    try:
        return Decimal(found.replace(",", ""))
    except InvalidOperation as error:
        raise UnreadableError("not-a-number") from error


def whole(cell: Cell, _: str = "") -> int:
    """Read a whole number that is not negative."""
    found = number(cell)
    if found != found.to_integral_value():
        raise UnreadableError("not-whole")
    return int(_not_negative(found))


def amount(cell: Cell, unit: str = "元") -> int:
    """Read an amount of money, not negative; return fen.

    *unit* is 元 or 万元 by the heading; the cell may repeat it, and carry a currency sign.

    Raises:
        UnreadableError: as `number`; wrong-unit, negative, parts-of-a-fen, too-large.
    """
    unit = unit or "元"
    if isinstance(cell, str) and not isinstance(cell, Formula):
        cell = _without_currency(cell, unit)
    fen = _not_negative(number(cell)) * (1_000_000 if unit == "万元" else 100)
    nearest = fen.to_integral_value(ROUND_HALF_UP)
    if abs(fen - nearest) > Decimal("0.000001"):  # a float of a workbook may be off by a hair
        raise UnreadableError("parts-of-a-fen")
    if nearest > MAX_MONEY_FEN:
        raise UnreadableError("too-large")
    return int(nearest)


def _without_currency(cell: str, unit: str) -> str:
    found = "".join(half_width(cell).split())
    for sign in _CURRENCY:
        found = found.removeprefix(sign)
        found = found.replace(f"-{sign}", "-", 1)
    found = found.removesuffix("整").replace("圆", "元")
    bare = found.removesuffix("元").removesuffix("万")
    if bare != found and _NUMBER.fullmatch(bare) and found != bare + unit:
        raise UnreadableError("wrong-unit", unit=unit)
    return bare


def positive_amount(cell: Cell, unit: str = "元") -> int:
    """Read an amount of money above zero; return fen."""
    fen = amount(cell, unit)
    if fen == 0:
        raise UnreadableError("zero")
    return fen


def rate(cell: Cell, _: str = "%") -> int:
    """Read a yearly rate in per cent; return basis points (8.40 or 8.4% is 840)."""
    found = _not_negative(number(cell, ("%",))) * 100
    if found != found.to_integral_value():
        raise UnreadableError("parts-of-a-bps")
    return int(found)


def area(cell: Cell, _: str = "亩") -> Decimal:
    """Read an area in mu; return tenths of a mu, not rounded."""
    return _not_negative(number(cell, ("亩",))) * 10


def _not_negative(found: Decimal) -> Decimal:
    if found < 0:
        raise UnreadableError("negative")
    return found


# ----------------------------------------------------------------------------------------- dates


def day(cell: Cell, _: str = "") -> date:
    """Read a date: a real one, or text in one of five forms; a time of day after it is dropped.

    Raises:
        UnreadableError: formula, not-a-date, no-such-day, too-long-ago, too-far-ahead.
    """
    if isinstance(cell, Formula):
        raise UnreadableError("formula")
    if isinstance(cell, date):
        return _plausible(cell)
    found = _TIME_OF_DAY.sub("", half_width(cell))
    found = "".join(found.split())
    for form in _DATE_FORMS:
        if parts := form.fullmatch(found):
            try:
                return _plausible(date(*map(int, parts.groups())))
            except ValueError:
                raise UnreadableError("no-such-day") from None
    raise UnreadableError("not-a-date")


def _plausible(found: date) -> date:
    if found < EARLIEST:
        raise UnreadableError("too-long-ago")
    if found > LATEST:
        raise UnreadableError("too-far-ahead")
    return found


# ---------------------------------------------------------------------------------------- people


def phone(cell: Cell, _: str = "") -> str:
    """Read a phone number; blanks and hyphens in it are dropped, and +86."""
    found = re.sub(r"[\s-]", "", half_width(cell).translate(_MINUS)).removeprefix("+86")
    if not found.isascii() or not found.isdigit():
        raise UnreadableError("phone-letters")
    if not 7 <= len(found) <= 15:
        raise UnreadableError("phone-length")
    return found


def national_id(cell: Cell, _: str = "") -> str:
    """Read an id number of 18 characters; a lower-case x is an X.

    Raises:
        UnreadableError: id-rounded, id-of-15, id-form, id-birth-date, id-check-digit.
    """
    found = "".join(half_width(cell).split()).upper()
    if not isinstance(cell, str) and len(found) > 15:
        raise UnreadableError("id-rounded")
    if re.fullmatch(r"\d{15}", found, re.ASCII):
        raise UnreadableError("id-of-15")
    if not re.fullmatch(r"\d{17}[\dX]", found, re.ASCII):
        raise UnreadableError("id-form")
    born = f"{found[6:10]}-{found[10:12]}-{found[12:14]}"
    try:
        if values.parse_date(born) < EARLIEST:
            raise UnreadableError("id-birth-date")
    except ValueError:
        raise UnreadableError("id-birth-date") from None
    if not values.is_national_id(found):
        raise UnreadableError("id-check-digit")
    return found


# ----------------------------------------------------------------------------------------- words


def one_of(
    table: Mapping[str, str], reason: str = "unknown-word", also: Mapping[str, str] | None = None
) -> Reader:
    """Return a reader of one word of *table* (what people write → what is stored).

    *also* holds further words for the same things, which the refusal does not list.
    """
    known = {key(word): stored for word, stored in {**table, **(also or {})}.items()}

    def read(cell: Cell, _: str = "") -> str:
        stored = known.get(key(plain(cell)))
        if stored is None:
            raise UnreadableError(reason, known="、".join(table))
        return stored

    return read


def some_of(
    table: Mapping[str, str], reason: str = "unknown-word", also: Mapping[str, str] | None = None
) -> Reader:
    """Return a reader of several words of *table*, with +, /, 、 or a comma between them."""
    read_one = one_of(table, reason, also)

    def read(cell: Cell, _: str = "") -> list[str]:
        parts = [it for it in re.split(r"[+＋/、,;，；和及]", plain(cell)) if it.strip()]
        return list(dict.fromkeys(str(read_one(it, "")) for it in parts))

    return read
