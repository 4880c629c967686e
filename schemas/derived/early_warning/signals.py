"""What a rule says: a signal or a task, with an id and fields that any second maker makes alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from schemas.values import derived_id

Json = Any
Severity = Literal["yellow", "orange", "red"]

SEVERITIES: Final[tuple[Severity, ...]] = ("yellow", "orange", "red")
"""From the least to the gravest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One signal; `since` is the day from which it holds, and its month the period 期间.

    `records` are the ids of what it was read from, `figures` what was counted: for whoever looks, and
    not stored, since another maker may have read more.

    Source: domain.md, sections 5.7 and 9.
    """

    rule: str
    severity: Severity
    subject_type: str
    subject: str
    since: str
    loan_id: str | None = None
    records: tuple[str, ...] = ()
    figures: Mapping[str, int] | None = None

    @property
    def period(self) -> str:
        """Return the month in which it began: ``2026-06``."""
        return self.since[:7]

    @property
    def id(self) -> str:
        """Return the id of its record.

        The severity is part of the rule: what was yellow and turns orange within the month is another
        signal, so that a tablet that has seen less does not contradict the server.
        """
        return derived_id("warning", self.rule, self.severity, self.subject, self.period)

    def fields(self) -> dict[str, Json]:
        """Return the fields of its record: all of them follow from rule, subject and period."""
        facts = {"subject_type": self.subject_type, "subject": self.subject, "period": self.period}
        loan = {"loan_id": self.loan_id} if self.loan_id else {}
        return {
            "rule": self.rule, "severity": self.severity, **loan, "facts": facts, "state": "raised",
        }  # fmt: skip

    def graver(self) -> Signal:
        """Return the same signal one severity up, as of a large borrower 大户 (W14); red stays red."""
        place = min(SEVERITIES.index(self.severity) + 1, len(SEVERITIES) - 1)
        return replace(self, severity=SEVERITIES[place])

    def plain(self) -> dict[str, Json]:
        """Return all of it as plain JSON, as the shared vectors have it."""
        return {
            "rule": self.rule, "severity": self.severity, "subject_type": self.subject_type,
            "subject": self.subject, "since": self.since, "period": self.period,
            "loan_id": self.loan_id, "records": list(self.records),
            "figures": dict(self.figures or {}), "id": self.id,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """W01: an installment that falls due within days; a task for the loan's officer, not a signal."""

    loan_id: str
    due_on: str
    amount_fen: int
    assignee_id: str | None

    @property
    def id(self) -> str:
        """Return the id of the task."""
        return derived_id("W01", self.loan_id, self.due_on)

    def fields(self) -> dict[str, Json]:
        """Return the fields of the task: they follow from the loan and the due date."""
        month, day = int(self.due_on[5:7]), int(self.due_on[8:])
        return {
            "title": f"{month} 月 {day} 日还款到期", "record_type": "loan", "record": self.loan_id,
            "assignee_id": self.assignee_id, "due_on": self.due_on, "source": "rule",
            "state": "open",
        }  # fmt: skip

    def plain(self) -> dict[str, Json]:
        """Return all of it as plain JSON, as the shared vectors have it."""
        return {
            "rule": "W01", "loan_id": self.loan_id, "due_on": self.due_on,
            "amount_fen": self.amount_fen, "assignee_id": self.assignee_id, "id": self.id,
        }  # fmt: skip


def gravest_first(signal: Signal) -> tuple[int, str, str]:
    """Order signals: the gravest first, then by rule and subject."""
    return -SEVERITIES.index(signal.severity), signal.rule, signal.subject
