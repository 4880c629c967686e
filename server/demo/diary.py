"""What is to be done later: at a desk, or by an officer on a tablet, so many working days on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from server.demo.agenda import last_day
from server.demo.days import Days

Act = Callable[[date], None]


@dataclass
class Diary:
    """Acts by the day on which they are done; what would fall behind the last day is never done."""

    days: Days
    _desks: dict[date, list[Act]] = field(default_factory=lambda: defaultdict(list))
    _errands: dict[tuple[str, date], list[Act]] = field(default_factory=lambda: defaultdict(list))

    def desk(self, day: date, steps: int, act: Act) -> None:
        """Let somebody at a desk do something *steps* working days after *day*."""
        self._desks[self.days.working_after(day, steps)].append(act)

    def errand(self, officer: str, day: date, steps: int, act: Act) -> None:
        """Let an officer do something on the tablet *steps* working days after *day*."""
        on = self.days.working_after(day, steps)
        if on <= last_day(officer, self.days):
            self._errands[officer, on].append(act)

    def at_desks(self, day: date) -> None:
        """Do what is to be done at desks on *day*."""
        for act in self._desks.pop(day, ()):
            act(day)

    def on_tablet(self, officer: str, day: date) -> None:
        """Do what an officer is to do on *day*."""
        for act in self._errands.pop((officer, day), ()):
            act(day)
