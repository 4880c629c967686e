"""The demonstration's calendar: every date and moment is told from the business date (operations.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PAST_DAYS = 60
"""For so many days before today the officers have worked with Xiangxin; before that lies the import."""
COMING_DAYS = 10
SUNDAY = 6


@dataclass(frozen=True)
class Days:
    """The business date and the branch's time zone."""

    today: date
    zone: ZoneInfo

    def ago(self, days: int) -> date:
        """Return the date so many *days* before today."""
        return self.today - timedelta(days=days)

    def ahead(self, days: int) -> date:
        """Return the date so many *days* after today."""
        return self.today + timedelta(days=days)

    @property
    def go_live(self) -> date:
        """The day on which the branch's books were brought over."""
        return self.ago(PAST_DAYS + 1)

    @property
    def past(self) -> list[date]:
        """The days of field work that lie behind, oldest first."""
        return [self.ago(it) for it in range(PAST_DAYS, 0, -1)]

    @property
    def coming(self) -> list[date]:
        """The days that are planned already, today first."""
        return [self.ahead(it) for it in range(COMING_DAYS)]

    def is_working(self, day: date) -> bool:
        """Tell whether officers are in the villages: not on Sundays, but always today."""
        return day.weekday() != SUNDAY or day == self.today

    @property
    def worked(self) -> list[date]:
        """The past working days, oldest first."""
        return [it for it in self.past if self.is_working(it)]

    def working_after(self, day: date, steps: int) -> date:
        """Return the working day that is *steps* working days after *day*; *day* itself for none."""
        found = day
        while steps:
            found += timedelta(days=1)
            steps -= found.weekday() != SUNDAY
        return found

    def at(self, day: date, clock: str, minutes: int = 0, seconds: int = 0) -> datetime:
        """Return the instant of the local time *clock* (`08:50`) on *day*, in UTC."""
        local = datetime.combine(day, time.fromisoformat(clock), self.zone)
        return local.astimezone(UTC) + timedelta(minutes=minutes, seconds=seconds)
