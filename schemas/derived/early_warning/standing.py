"""Signals that stand although their reason has gone, as when arrears are paid: a person clears them (domain.md, 6.6).

The rules say what holds; nothing is cleared by itself. Who handles a signal is told that
nothing speaks for it any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

from schemas.derived.early_warning.signals import Signal
from schemas.values import derived_id

Json = Any
STANDING: Final = ("raised", "acknowledged", "handling")
BY_OTHERS: Final = frozenset({"W07", "W15"})
"""Rules that look at what lies with others: only the branch knows whether they still hold."""


class Kept(Protocol):
    """A living record: its type, its id, and its fields."""

    @property
    def type(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def fields(self) -> Mapping[str, Json]: ...


def outlived(records: Iterable[Kept], holding: Iterable[Signal], rules: Iterable[str]) -> list[str]:
    """Return the ids of a customer's standing signals of *rules* that hold no more, in the order of the records.

    Args:
        holding: What the rules find now. A signal that is found at another severity holds.
    """
    asked = frozenset(rules)
    still = {(it.rule, it.subject) for it in holding}
    return [
        it.id
        for it in records
        if it.type == "warning_signal"
        and it.fields.get("state") in STANDING
        and it.fields.get("rule") in asked
        and (it.fields["rule"], (it.fields.get("facts") or {}).get("subject")) not in still
    ]


def task_to_clear(signal: str, officer: str | None, today: str) -> tuple[str, dict[str, Json]]:
    """Return the id and the fields of the task that asks an officer to look, and to clear a signal."""
    return derived_id("signal-outlived", signal), {
        "title": "预警原因已消除，请核实并解除", "record_type": "warning_signal", "record": signal,
        "assignee_id": officer, "due_on": today, "source": "rule", "state": "open",
    }  # fmt: skip
