"""Early warning: the shared cases, what makes two makers agree, and the lines of supervisors."""

import json
from datetime import date
from typing import Any

import pytest

from schemas.derived.early_warning.declared import disasters_for, numbers_for
from schemas.derived.early_warning.dossier import Kept
from schemas.derived.early_warning.large import Exposure, large_borrowers
from schemas.derived.early_warning.lines import (
    Evidence,
    Holding,
    Receipt,
    concentration,
    odd_evidence,
    receipts_out_of_order,
)
from schemas.derived.early_warning.numbers import NUMBERS
from schemas.derived.early_warning.reading import dossier_of, evaluated
from schemas.derived.early_warning.rules import RULES, due_tasks, gravest, signals
from schemas.parameter import DEFAULTS
from schemas.registry import REGISTRY
from schemas.values import derived_id
from tests.places import REPOSITORY

Json = Any
FILE = json.loads((REPOSITORY / "tests/vectors/early-warning.json").read_text("utf-8"))
CASES = [pytest.param(it, id=it["id"]) for it in FILE["vectors"]]


@pytest.mark.parametrize("case", CASES)
def test_shared_case(case: dict[str, Json]) -> None:
    found = evaluated(case["given"])

    assert found["signals"] == case["in_full"]
    for what, wanted in case["expected"].items():
        rows = [it for it in found[what] if case["rule"] in (None, it["rule"])]
        names = ("rule", "severity", "subject", "since") if what == "signals" else (
            "loan_id", "due_on", "amount_fen",
        )  # fmt: skip
        assert [{name: row[name] for name in names} for row in rows] == wanted


def test_every_rule_has_cases_that_fire_and_cases_that_do_not() -> None:
    fired = {(it["rule"], any(it["expected"].values())) for it in FILE["vectors"] if it["rule"]}

    assert fired == {(rule, hit) for rule in ["W01", *RULES] for hit in (True, False)}
    assert len(FILE["vectors"]) == FILE["count"]


@pytest.mark.parametrize("case", FILE["ids"], ids=lambda it: it["id"])
def test_ids_follow_from_rule_subject_and_period(case: dict[str, Json]) -> None:
    assert derived_id(*case["parts"]) == case["id"]


@pytest.mark.parametrize("case", CASES)
def test_what_is_stored_is_a_record_of_the_declared_type(case: dict[str, Json]) -> None:
    dossier = dossier_of(case["given"])

    for type_name, made in (
        ("warning_signal", [it.fields() for it in signals(dossier)]),
        ("task", [it.fields() for it in due_tasks(dossier)]),
    ):
        declared = REGISTRY[type_name]
        for fields in made:
            problems = {
                name: field.kind.problem(value)
                for name, value in fields.items()
                if (field := declared.field(name)) and value is not None
            }
            assert set(fields) <= {it.name for it in declared.plain_fields()}
            assert {name: it for name, it in problems.items() if it} == {}


def test_a_later_evaluation_in_another_order_makes_the_same_records() -> None:
    given = next(it["given"] for it in FILE["vectors"] if it["id"] == "w02-06")  # 31 days late
    later = {**given, "as_of": "2026-07-20", "records": list(reversed(given["records"]))}

    def made(it: dict[str, Json]) -> set[tuple[str, str]]:
        found = [s for s in signals(dossier_of(it)) if s.rule == "W02"]
        return {(s.id, json.dumps(s.fields(), sort_keys=True)) for s in found}

    assert made(given) == made(later)


def test_a_graver_signal_is_another_record() -> None:
    by_days = {it["id"]: signals(dossier_of(it["given"])) for it in FILE["vectors"]}

    assert len({by_days[case][0].id for case in ("w02-02", "w02-04", "w02-06")}) == 3
    assert gravest([*by_days["w02-02"], *by_days["w02-06"]]) == by_days["w02-06"][0]
    assert gravest([]) is None


def test_every_threshold_is_a_parameter() -> None:
    assert {key: DEFAULTS[key] for key in NUMBERS} == NUMBERS == FILE["numbers"]


def parameter(serial: int, key: str, value: Json, unit: str | None = None, day: str = "") -> Kept:
    fields = {"key": key, "value": value, "unit_id": unit, "valid_from": day or None}
    return Kept("parameter", str(serial), fields)


@pytest.mark.parametrize(
    ("parameters", "days"),
    [
        ([], None),
        ([parameter(1, "warn_due_days", 3)], 3),
        ([parameter(1, "warn_due_days", 3), parameter(2, "warn_due_days", 4, "outlet")], 4),
        (
            [
                parameter(1, "warn_due_days", 3, "village"),
                parameter(2, "warn_due_days", 4, "outlet"),
            ],
            3,
        ),
        ([parameter(1, "warn_due_days", 3), parameter(2, "warn_due_days", 4)], 4),
        ([parameter(1, "warn_due_days", 3), parameter(2, "warn_due_days", 4, day="2026-06-17")], 3),
        ([parameter(1, "warn_due_days", 3, "elsewhere")], None),
        ([parameter(1, "warn_due_days", "3")], None),
        ([parameter(1, "committee_members", 5)], None),
    ],
)
def test_the_nearest_unit_s_newest_number_counts(parameters: list[Kept], days: int | None) -> None:
    found = numbers_for(parameters, ["village", "outlet"], "2026-06-16")

    assert found == ({} if days is None else {"warn_due_days": days})


@pytest.mark.parametrize(
    ("value", "segments"),
    [(True, ()), (["grain"], ("grain",)), (False, None), ([], None), ("grain", None), (1, None)],
)
def test_a_disaster_is_declared_for_all_or_for_segments(
    value: Json, segments: tuple[str, ...] | None
) -> None:
    said = [parameter(1, "disaster_declared", value, "outlet", "2026-06-10")]

    found = disasters_for(said, ["village", "outlet"], "village", "2026-06-16")

    wanted = [] if segments is None else [("1", ("village",), segments, "2026-06-10", None)]
    assert [tuple(it) for it in found] == wanted


def test_large_borrowers_are_above_the_bound_or_among_the_ten_largest() -> None:
    many = [Exposure(f"c{place:02}", 1_000_00 * place) for place in range(13)]
    huge = [Exposure(f"h{place:02}", 100_000_01) for place in range(11)]

    assert [it.customer for it in large_borrowers(many)] == [f"c{n:02}" for n in range(12, 2, -1)]
    assert len(large_borrowers([*many, *huge])) == 11
    assert large_borrowers([Exposure("c", 0)]) == []
    assert large_borrowers([Exposure("a", 100_000_00), Exposure("b", 100_000_01)], {
        **NUMBERS, "large_top": 0,
    }) == [Exposure("b", 100_000_01)]  # fmt: skip


@pytest.mark.parametrize(
    ("evidence", "reasons"),
    [
        (Evidence("v", 500, 180), []),
        (Evidence("v", 501), ["far-from-home"]),
        (Evidence("v", None, 179), ["too-short"]),
        (Evidence("v", clock_jumped=True), ["clock-jumped"]),
    ],
)
def test_odd_evidence(evidence: Evidence, reasons: list[str]) -> None:
    assert [it.reason for it in odd_evidence([evidence])] == reasons


def test_a_photo_of_another_visit_is_found_and_one_shown_twice_on_a_visit_is_not() -> None:
    twice = Evidence("a", photos=("x", "x"))

    assert odd_evidence([twice]) == []
    assert [it.subject for it in odd_evidence([twice, Evidence("b", photos=("x",))])] == ["b"]


def test_concentration_begins_above_thirty_percent() -> None:
    at = [Holding("v", "rice", 30), Holding("v", None, 70)]
    above = [Holding("v", "rice", 31), Holding("v", None, 69), Holding("w", None, 5)]

    assert concentration(at) == []
    assert [(it.subject, it.reason, it.figure) for it in concentration(above)] == [
        ("v", "rice", 3100)
    ]


@pytest.mark.parametrize(
    ("receipts", "reasons"),
    [
        ([Receipt("T1-20260616-001", "o", "2026-06-16", True)], []),
        ([Receipt("T1-20260615-001", "o", "2026-06-15", True)], []),
        ([Receipt("T1-20260614-001", "o", "2026-06-14", True)], ["cash-unsettled"]),
        ([Receipt("T1-20260614-001", "o", "2026-06-14", True, settled=True)], []),
        ([Receipt("T1-20260614-002", "o", "2026-06-14", False)], ["gap"]),
        ([Receipt("bank 17", "o", "2026-06-14", False)], []),
        ([Receipt("R1", "o", "2026-06-01", False, is_reversal=True)], []),
        (
            [Receipt(f"R{n}", "o", f"2026-06-0{n}", False, is_reversal=True) for n in (1, 2)],
            ["reversals-2026-06"],
        ),
        (
            [Receipt(f"R{n}", "o", f"2026-0{n}-01", False, is_reversal=True) for n in (5, 6)],
            [],
        ),
    ],
)
def test_receipts_out_of_order(receipts: list[Receipt], reasons: list[str]) -> None:
    assert [it.reason for it in receipts_out_of_order(receipts, date(2026, 6, 16))] == reasons
