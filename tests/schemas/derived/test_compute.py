"""The calculators behind `xiangxin compute`, against cases that nobody of ours invented."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from schemas.derived.compute import compute

VECTORS = Path(__file__).parents[2] / "vectors"


def vectors(name: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((VECTORS / name).read_text("utf-8"))["vectors"]
    return loaded


def named(cases: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in cases]


def asserted(case: Any, answer: Any) -> Any:
    """Keep of *answer* only what *case* asserts."""
    if isinstance(case, dict):
        return {name: asserted(value, answer[name]) for name, value in case.items()}
    if isinstance(case, list) and len(case) == len(answer):
        return [asserted(one, other) for one, other in zip(case, answer, strict=True)]
    return answer


SCHEDULES = [*vectors("loan-schedules.json"), *vectors("loan-terms.json")]


@pytest.mark.parametrize("case", named(SCHEDULES))
def test_schedules_of_others_are_met_to_the_last_unit(case: dict[str, Any]) -> None:
    answer: Any = compute("schedule", case)

    rows = {row["seq"]: row for row in answer["rows"]}
    assert [asserted(row, rows[row["seq"]]) for row in case["rows"]] == case["rows"]
    assert case["partial"] or len(rows) == len(case["rows"])


TOLD = [case for case in SCHEDULES if "half_up_gives_the_same" in case]


@pytest.mark.parametrize("case", named(TOLD))
def test_half_up_gives_what_the_vector_says_it_gives(case: dict[str, Any]) -> None:
    halves: Any = compute("schedule", {"terms": case["terms"] | {"rounding": "half_up"}})

    rows = [asserted(row, halves["rows"][row["seq"] - 1]) for row in case["rows"]]
    assert (rows == case["rows"]) is case["half_up_gives_the_same"]


@pytest.mark.parametrize("case", named(vectors("time-value.json")))
def test_public_values_of_money_in_time(case: dict[str, Any]) -> None:
    answer = cast("dict[str, Any]", compute("time-value", case))["expected"]

    if case["expected"] is None:
        assert answer is None
    else:
        wanted = Decimal(case["expected"])
        allowed = abs(wanted) * Decimal(str(case["relative_tolerance"]))
        assert abs(Decimal(answer) - wanted) <= allowed


@pytest.mark.parametrize("case", named(vectors("due-dates.json")))
def test_public_due_dates(case: dict[str, Any]) -> None:
    assert compute("due-dates", case) == {"id": case["id"], "expected": case["expected"]}


@pytest.mark.parametrize("case", named(vectors("days-past-due.json")))
def test_public_days_past_due(case: dict[str, Any]) -> None:
    assert compute("days-past-due", case) == {"id": case["id"], "expected": case["expected"]}


@pytest.mark.parametrize("case", named(vectors("repayment-allocation.json")))
def test_public_allocations(case: dict[str, Any]) -> None:
    promised = {name: value for name, value in case.items() if name.startswith("expected")}

    assert asserted(promised, compute("allocation", case)) == promised


@pytest.mark.parametrize("name", ["E1", "E2", "E3", "E4"])
def test_golden_schedules_come_back_in_their_own_shape(golden: dict[str, Any], name: str) -> None:
    assert compute("schedule", golden[name]) == {"out": golden[name]["out"]}


def test_a_bare_golden_input_gives_bare_rows(golden: dict[str, Any]) -> None:
    assert compute("schedule", golden["E1"]["in"]) == golden["E1"]["out"]


def test_a_harvest_plan_may_be_written_in_the_case(golden: dict[str, Any]) -> None:
    plan = [
        {"due_date": row["due"], "principal_fen": row["principal_fen"]}
        for row in golden["E4"]["out"]
    ]

    assert compute("schedule", golden["E4"]["in"] | {"plan": plan}) == golden["E4"]["out"]


def test_e7_comes_back_with_every_figure(golden: dict[str, Any]) -> None:
    answer: Any = compute("capacity", golden["E7"])

    assert asserted(golden["E7"]["out"], answer["out"]) == golden["E7"]["out"]


def test_e7_ratios_and_the_failing_month(golden: dict[str, Any]) -> None:
    answer: Any = compute("capacity", golden["E7"])

    level, harvest = (answer["out"][name] for name in ("equal_installment", "seasonal"))
    assert level["failed"][0] == {"test": "cash", "short_fen": 704_24, "month": "2026-10"}
    assert level["dsr_bps"] == 5364
    ratios = [harvest[name] for name in ("dsr_bps", "dscr_bps", "stressed_dscr_bps")]
    assert ratios == [5359, 18661, 12725]


def test_capacity_without_a_plan_tries_the_level_installments_only(golden: dict[str, Any]) -> None:
    bare: Any = compute("capacity", golden["E7"]["in"])
    wrapped: Any = compute("capacity", {"in": golden["E7"]["in"]})

    assert "seasonal" not in bare
    assert bare["equal_installment"]["pass"] is False
    assert wrapped == {"out": bare}


def test_a_list_is_answered_in_its_order() -> None:
    cases = vectors("due-dates.json")

    answers: Any = compute("due-dates", cases)
    assert [answer["id"] for answer in answers] == [case["id"] for case in cases]
    assert compute("due-dates", {"family": "due-dates", "vectors": cases}) == answers


def test_a_reversed_payment_puts_nothing_anywhere() -> None:
    row = {"seq": 1, "due": "2026-02-15", "principal": "10.00", "interest": "1.00"}
    wrong = {"on": "2026-02-14", "amount": "5.00", "reversed": True}
    right = {"on": "2026-02-15", "amount": "4.00"}

    answer: Any = compute("allocation", {"installments": [row], "payments": [wrong, right]})
    assert [split["principal"] for split in answer["expected_split"]] == ["0.00", "3.00"]


def test_money_after_the_last_installment_is_told() -> None:
    row = {"seq": 1, "due": "2026-02-15", "principal": "10.00"}
    payment = {"on": "2026-02-15", "amount": "10.01"}

    answer: Any = compute("allocation", {"installments": [row], "payments": [payment]})
    assert answer["expected_unallocated"] == "0.01"


def test_a_currency_without_small_coins_has_no_decimals() -> None:
    paid_out = [{"on": "2026-01-15", "amount": "100"}]
    terms = TERMS | {"digits": 0, "first_due_on": "2026-03-01", "disbursements": paid_out}

    answer: Any = compute("schedule", {"terms": terms})
    assert answer["rows"][0]["due"] == "2026-03-01"
    assert [row["total"] for row in answer["rows"]] == ["26", "26", "26", "25"]


def test_money_is_written_like_the_amounts_paid_out() -> None:
    answer: Any = compute("schedule", {"terms": TERMS | {"digits": 0}})

    assert answer["rows"][0]["total"] == "26.00"


def test_fixed_fees_and_charges_stand_beside_the_shared_fee() -> None:
    fees = [{"due_seq": 2, "fee": "1.00", "penalty": "0.50"}]
    terms = TERMS | {"fees": fees, "fee_per_installment_percent_of_interest": "10"}

    answer: Any = compute("schedule", {"terms": terms})
    charged = [(row["fee"], row["penalty"]) for row in answer["rows"][:2]]
    assert charged == [("0.10", "0.00"), ("1.08", "0.50")]


PAYMENT = {"on": "2026-02-15", "amount": "10.00"}
BILL = {"seq": 1, "due": "2026-02-15", "principal": "10.00"}
TERMS = {
    "method": "equal_installment",
    "unit": "month",
    "count": 4,
    "annual_rate_percent": "12",
    "day_count": "months",
    "disbursements": [{"on": "2026-01-15", "amount": "100.00"}],
}


def payment(rate: str, nper: int) -> dict[str, Any]:
    return {"function": "pmt", "args": {"rate": rate, "nper": nper, "pv": "100"}}


@pytest.mark.parametrize(
    ("kind", "case", "sentence"),
    [
        ("tides", {}, "kind: 'tides' is none of schedule"),
        ("schedule", 7, "case: expected an object"),
        ("schedule", {"terms": []}, "terms: expected an object"),
        ("schedule", {}, "method: is missing"),
        ("schedule", {"terms": TERMS | {"color": "red"}}, r"terms\.color: is not supported"),
        ("schedule", {"terms": TERMS | {"count": "4"}}, r"terms\.count: expected a whole number"),
        ("schedule", {"terms": TERMS | {"count": True}}, r"terms\.count: expected a whole number"),
        ("schedule", {"terms": TERMS | {"digits": -1}}, r"terms\.digits: must be 0 to 4"),
        (
            "schedule",
            {"terms": TERMS | {"annual_rate_percent": 12.0}},
            r"terms\.annual_rate_percent: expected a decimal in quotes",
        ),
        (
            "schedule",
            {"terms": TERMS | {"disbursements": [{"on": "2026-01-15", "amount": "1.001"}]}},
            r"terms\.disbursements\[1\]\.amount: has more than 2 decimals",
        ),
        (
            "schedule",
            {"terms": TERMS | {"schedule_start": "2026-01-16"}},
            r"terms\.schedule_start: is after the first disbursement",
        ),
        ("schedule", {"terms": TERMS | {"disbursements": []}}, r"terms\.disbursements: is empty"),
        (
            "schedule",
            {"terms": TERMS | {"grace": {"principal": 1}}},
            r"terms\.grace\.principal: is not supported",
        ),
        ("schedule", {"terms": TERMS | {"overrides": [{"due": "2026-02-15"}]}}, "overrides: 2026"),
        ("schedule", {"terms": TERMS | {"method": "seasonal"}}, r"terms\.plan: is missing"),
        (
            "schedule",
            {"terms": TERMS | {"fees": [{"due_seq": 9, "fee": "1.00"}]}},
            r"terms\.fees\[1\]\.due_seq: there is no installment 9",
        ),
        (
            "schedule",
            {
                "method": "seasonal",
                "principal_fen": 1,
                "rate_bps": 1,
                "disbursed_on": "2026-01-15",
            },
            "plan: is missing",
        ),
        (
            "schedule",
            {"method": "bullet", "principal_fen": 1, "rate_bps": 1, "to": "2026-01-15"},
            "disbursed_on: is missing",
        ),
        (
            "schedule",
            {
                "method": "bullet",
                "principal_fen": 1,
                "rate_bps": 1,
                "from": "2026-01-15",
                "to": "2026-02-15",
                "day_count": "act364",
            },
            "day_count: 'act364' is not supported",
        ),
        ("due-dates", {"unit": "day", "count": 10**9}, "count: must be 0 to"),
        ("due-dates", {"unit": "day", "count": 1, "every": 0}, "every: must be at least 1"),
        ("due-dates", {"unit": "day"}, "expected: is missing"),
        (
            "due-dates",
            {"unit": "day", "count": 1, "first_due_on": "2026-02-30"},
            "first_due_on: expected a date like",
        ),
        ("days-past-due", {"as_of": "20260216"}, "as_of: expected a date like"),
        ("allocation", {"installments": BILL}, "installments: expected a list"),
        (
            "allocation",
            {"installments": [BILL | {"fee": "-1.00"}], "payments": []},
            r"installments\[1\]\.fee: must not be negative",
        ),
        (
            "allocation",
            {"installments": [BILL], "payments": [PAYMENT | {"amount": "0.00"}]},
            r"payments\[1\]\.amount: must be above 0",
        ),
        (
            "allocation",
            {"installments": [BILL], "payments": [PAYMENT | {"reversed": "yes"}]},
            r"payments\[1\]\.reversed: expected true or false",
        ),
        ("time-value", {"function": "mirr", "args": {}}, "function: 'mirr' is not supported"),
        ("time-value", {"function": "irr", "args": {"values": []}}, "values: must be 1 to"),
        (
            "time-value",
            {"function": "irr", "args": {"values": [1]}},
            r"args\.values: expected a dec",
        ),
        (
            "time-value",
            {"function": "irr", "args": {"values": ["1", "-3"] * 40}},
            "values: the sign turns more than once",
        ),
        ("time-value", payment("1/0", 12), r"args\.rate: is divided by 0"),
        ("time-value", payment("1/2/3", 12), r"args\.rate: expected a decimal"),
        ("time-value", payment("-1", 12), "rate: must be above -1"),
        ("time-value", payment("0.1", 10**9), "nper: must be 0 to"),
        ("time-value", payment("0.1", 0), "nper: must be at least 1"),
        (
            "time-value",
            {"function": "ppmt", "args": {"rate": "0", "per": 3, "nper": 2, "pv": "1"}},
            "per: must be 1 to 2",
        ),
        ("capacity", {"start_month": "July"}, "start_month: expected a month like 2026-07"),
    ],
)
def test_bad_input_is_refused_by_the_name_of_the_member(
    kind: str, case: Any, sentence: str
) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}"):
        compute(kind, case)


def test_a_case_that_cannot_be_answered_does_not_stop_the_others_of_its_list() -> None:
    good = {"id": "due-1", "first_due_on": "2026-01-31", "unit": "month", "count": 2}
    cases = [{"id": "due-9", "unit": "year"}, good, {"unit": 1}]

    bad, answered, worse = cast("list[dict[str, object]]", compute("due-dates", cases))

    assert answered == {"id": "due-1", "expected": ["2026-01-31", "2026-02-28"]}
    assert bad["id"] == "due-9"
    assert "unit: 'year' is not" in str(bad["error"])
    assert worse["id"] == 3
