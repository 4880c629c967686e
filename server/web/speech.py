"""Money, dates, ages and shares as people read them, in English and in Chinese; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from schemas.values import format_instant, parse_instant
from schemas.words import Lang
from server.web.words import tell

WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
RELATIVE_BELOW = timedelta(hours=48)


@dataclass(frozen=True)
class Speech:
    """How this reader is spoken to: language, time zone, and what is now and today."""

    lang: Lang
    zone: ZoneInfo
    now: datetime
    today: date

    def t(self, key: str, **facts: object) -> str:
        """Return the sentence *key* of the catalogue."""
        return tell(key, self.lang, **facts)

    @property
    def tag(self) -> str:
        """The language as HTML names it."""
        return "zh-CN" if self.lang == "zh" else "en"

    # ---------------------------------------------------------------------------------- money

    def money(self, fen: int) -> str:
        """Return an amount to the fen: ¥4,600.00."""
        sign = "-" if fen < 0 else ""
        yuan, rest = divmod(abs(fen), 100)
        return f"{sign}¥{yuan:,}.{rest:02d}"

    def sum(self, fen: int) -> str:
        """Return a large amount in the unit people think in: ¥18.42M, 1,842 万; a small one exactly."""
        if abs(fen) < 10_000_00:
            return self.money(fen)
        return _sum_zh(fen) if self.lang == "zh" else _sum_en(fen)

    def share(self, bps: int, places: int = 2) -> str:
        """Return a ratio in percent: 14.06% or 14.1%."""
        return f"{scaled(bps, 100, places)}%"

    # ----------------------------------------------------------------------------------- time

    def day(self, day: date) -> str:
        """Return a date: Thu 16 Oct, 10 月 16 日 周四; with the year where it is another."""
        same = day.year == self.today.year
        if self.lang == "zh":
            year = "" if same else f"{day.year} 年 "
            return f"{year}{day.month} 月 {day.day} 日 周{WEEKDAYS_ZH[day.weekday()]}"
        year = "" if same else f" {day.year}"
        return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}{year}"

    def date(self, iso: str) -> str:
        """Return a stored date as `day` does."""
        return self.day(date.fromisoformat(iso))

    def moment(self, instant: datetime | str) -> str:
        """Return a moment in the branch's time zone: 16 Oct, 13:10."""
        at = parse_instant(instant) if isinstance(instant, str) else instant
        there = at.astimezone(self.zone)
        same = there.year == self.today.year
        if self.lang == "zh":
            year = "" if same else f"{there.year} 年 "
            return f"{year}{there.month} 月 {there.day} 日 {there:%H:%M}"
        year = "" if same else f" {there.year}"
        return f"{there.day} {MONTHS[there.month - 1]}{year}, {there:%H:%M}"

    def span(self, span: timedelta) -> str:
        """Return how long: 12 min, 27 h, 3 days."""
        whole = max(timedelta(), span)
        minutes = whole // timedelta(minutes=1)
        if minutes < 1:
            return self.t("age.now")
        if minutes < 60:
            return self.t("age.minutes", n=minutes)
        if whole < RELATIVE_BELOW:
            return self.t("age.hours", n=minutes // 60)
        days = whole // timedelta(days=1)
        return self.t("age.days", n=days) if days < 730 else self.t("age.years", n=days // 365)

    def iso(self, instant: datetime) -> str:
        """Return a moment as machines read it."""
        return format_instant(instant)

    def millis(self, millis: int) -> str:
        """Return how long some milliseconds are, whichever way."""
        return self.span(timedelta(milliseconds=abs(millis)))

    def age(self, instant: datetime | str) -> str:
        """Return how long ago a moment was."""
        at = parse_instant(instant) if isinstance(instant, str) else instant
        return self.span(self.now - at)

    def listed(self, names: list[str]) -> str:
        """Return names in a row: A, B and C."""
        if len(names) < 2:
            return "".join(names)
        return self.t("comma").join(names[:-1]) + self.t("and") + names[-1]


def scaled(number: int, unit: int, places: int) -> str:
    """Return number / unit with *places* decimals, rounded half away from zero, without floats."""
    sign = "-" if number < 0 else ""
    scaled = (abs(number) * 10**places * 2 + unit) // (2 * unit)
    whole, rest = divmod(scaled, 10**places)
    return f"{sign}{whole:,}.{rest:0{places}d}" if places else f"{sign}{whole:,}"


def _sum_en(fen: int) -> str:
    sign, size = ("-" if fen < 0 else ""), abs(fen)
    if size >= 10_000_000_00:
        return f"{sign}¥{scaled(size, 1_000_000_00, 2)}M"
    return f"{sign}¥{scaled(size, 1_000_00, 0 if size >= 100_000_00 else 1)}k"


def _sum_zh(fen: int) -> str:
    sign, size = ("-" if fen < 0 else ""), abs(fen)
    if size >= 100_000_000_00:
        return f"{sign}{scaled(size, 100_000_000_00, 2)} 亿"
    return f"{sign}{scaled(size, 10_000_00, 0 if size >= 10_000_000_00 else 1)} 万"
