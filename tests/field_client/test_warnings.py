"""What an officer is warned of on the device itself, without a network."""

from typing import Any

from field_client import screens
from schemas.values import derived_id
from schemas.words import Lang
from tests.field_client.tablets import CHEN, LOAN, Tablet

Json = Any


def told(made: Tablet, customer: str = CHEN) -> list[tuple[str, str]]:
    found = made.client.warnings(made.client.record(customer))
    return [(it.rule, it.severity) for it in found]


def inspected(made: Tablet, kind: str, answers: dict[str, Json], customer: str = CHEN) -> str:
    fields = {
        "kind": kind, "checklist_code": kind, "checklist_version": 1, "loan_id": LOAN,
        "inspector_ids": [made.store.user_id()],
        **{f"answers.{qid}.value": value for qid, value in answers.items()},
    }  # fmt: skip
    return made.client.create("inspection_note", customer, fields)


def test_an_answer_is_enough_before_it_was_sent(ada: Tablet) -> None:
    before = told(ada)

    inspected(ada, "first_followup", {"F01": False})

    assert ("W03", "red") not in before
    assert sorted(told(ada)) == sorted([("W03", "red"), *before])


def test_what_is_a_record_already_is_not_told_twice(ada: Tablet) -> None:
    inspected(ada, "routine", {"R02": -35})
    (signal,) = [it for it in ada.client.warnings(ada.client.record(CHEN)) if it.rule == "W04"]

    made = ada.client.create("warning_signal", CHEN, signal.fields())

    assert ("W04", "orange") in told(ada)  # a record by hand has an id of its own
    assert made != signal.id == derived_id("warning", "W04", "orange", LOAN, signal.period)


def test_the_dossier_shows_it_in_both_languages(ada: Tablet) -> None:
    inspected(ada, "routine", {"R03": "yes"})
    signals = ada.client.warnings(ada.client.record(CHEN))

    words: list[tuple[Lang, str]] = [("en", "Household event"), ("zh", "家庭变故")]
    for lang, word in words:
        table = screens.warnings_table(signals, ada.store, lang)
        assert any(word in cell for column in table.columns for cell in map(str, column.cells))
