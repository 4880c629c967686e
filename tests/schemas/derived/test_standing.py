"""Signals that stand although their reason has gone (domain.md, section 6.6)."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.derived.early_warning.dossier import Kept
from schemas.derived.early_warning.signals import Signal
from schemas.derived.early_warning.standing import BY_OTHERS, outlived, task_to_clear
from schemas.registry import REGISTRY

Json = Any
RULES = ("W02", "W03", "W07")
HOLDS = Signal(rule="W02", severity="orange", subject_type="loan", subject="l", since="2026-06-01")


def signal(**fields: Json) -> Kept:
    whole = {"rule": "W02", "severity": "yellow", "state": "raised", "facts": {"subject": "l"}}
    return Kept("warning_signal", "s", {**whole, **fields})


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (signal(), []),  # found at another severity
        (signal(facts={"subject": "other"}), ["s"]),
        (signal(facts=None), ["s"]),
        (signal(rule="W03"), ["s"]),
        (signal(rule="W03", state="acknowledged"), ["s"]),
        (signal(rule="W03", state="handling"), ["s"]),
        (signal(rule="W03", state="cleared"), []),
        (signal(rule="W03", state="dismissed"), []),
        (signal(rule="manual"), []),
        (signal(rule="W15"), []),
        (Kept("task", "t", {"rule": "W03", "state": "raised"}), []),
    ],
)
def test_what_holds_no_more(one: Kept, expected: list[str]) -> None:
    assert outlived([one], [HOLDS], RULES) == expected


def test_what_lies_with_others_is_left_to_the_branch() -> None:
    assert outlived([signal(rule="W07")], [], set(RULES) - BY_OTHERS) == []
    assert outlived([signal(rule="W07")], [], RULES) == ["s"]


def test_the_task_about_a_signal_is_one_and_the_same() -> None:
    first, fields = task_to_clear("s", "li", "2026-06-16")
    again, _ = task_to_clear("s", None, "2026-06-17")

    assert first == again
    assert fields["record_type"] in REGISTRY["task"].field("record_type").kind.options  # type: ignore[union-attr]
