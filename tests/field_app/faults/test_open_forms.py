"""A form is filled in for an hour; what comes in below it meanwhile is neither shown over nor wiped out."""

from __future__ import annotations

from typing import Any

import pytest

from field_client.client import FieldClient
from tests.field_app.faults.agreement import LI, assert_converged
from tests.field_app.faults.desk import Desk, Folder
from tests.field_app.faults.origin import Origin
from tests.journeys.village import CHEN, HUANG

pytestmark = pytest.mark.browser
Json = Any
OPEN = """
  const place = { screen: "edit", type: "customer", customer: it.customer, record: it.customer };
  window.form = await app.Form.open(desk, place, () => undefined);
"""
TYPE = """
  for (const [path, value] of Object.entries(it.fields)) form.set(path, value);
  await form.settled();
  return form.kept.state;
"""
FINISH = (
    "const saved = await form.save('edit'); await book.settled(); return saved && saved.number;"
)


def open_form(desk: Desk, customer: str = CHEN, **fields: Json) -> None:
    """Open a customer's form and type into it."""
    desk.value(OPEN, customer=customer)
    if fields:
        assert desk.value(TYPE, fields=fields) == "kept"


def drafts(desk: Desk) -> list[Json]:
    return list(desk.value("return [...desk.store.drafts.values()]"))


def test_a_form_goes_on_showing_what_it_showed_and_saves_only_what_was_typed(
    desk: Desk, place: Origin, zhao: FieldClient
) -> None:
    zhao.sync()
    open_form(desk, phone_alt="10000000401", preferences="晚上在家。")
    zhao.edit(CHEN, {"phone": "10000000402", "preferences": "院里有狗。", "tags": ["示范村"]})
    zhao.sync()

    desk.synced()
    assert desk.view(CHEN, CHEN)["phone"] == "10000000402"
    assert desk.value("return form.value('phone')") == "10000000001"
    assert desk.value(FINISH) == 1
    desk.synced()

    assert desk.states() == [("merged", "accepted")]
    shown = desk.view(CHEN, CHEN)
    assert (shown["phone"], shown["phone_alt"]) == ("10000000402", "10000000401")
    assert shown["tags"] == ["示范村"]
    assert {"晚上在家。", "院里有狗。"} <= {f"{it}。" for it in shown["preferences"].split("。")}
    assert_converged(desk, place)


def test_two_values_of_one_field_are_laid_side_by_side(
    desk: Desk, place: Origin, zhao: FieldClient
) -> None:
    zhao.sync()
    open_form(desk, phone="10000000411")
    zhao.edit(CHEN, {"phone": "10000000412"})
    zhao.sync()
    desk.synced()

    desk.value(FINISH)
    desk.synced()

    assert desk.states() == [("conflict", "needs_attention")]
    (thing,) = desk.value("await book.settled(); return app.attention(book)")
    conflict = desk.value(
        "return (await app.conflictOf(book, it.customer, it.conflict)).fields",
        conflict=thing["conflict"],
        customer=CHEN,
    )
    assert conflict["kept"]["value"] == "10000000412"
    assert [it["value"] for it in conflict["others"]] == ["10000000411"]
    assert not desk.status()["all_synced"]
    assert_converged(desk, place)


def test_a_form_that_outlives_a_kill_and_a_pull_is_still_made_on_what_it_showed(
    folder: Folder, place: Origin, zhao: FieldClient
) -> None:
    zhao.sync()
    with folder.desk() as desk:
        desk.sign_in(LI)
        desk.synced()
        open_form(desk, phone="10000000421")
        folder.kill()
    zhao.edit(CHEN, {"phone": "10000000422"})
    zhao.sync()

    with folder.desk() as desk:
        assert "value" in desk.unlock()
        desk.synced()
        open_form(desk)
        assert desk.value("return form.value('phone')") == "10000000421"
        desk.value(FINISH)
        assert drafts(desk) == []
        desk.synced()

        assert [it for it, _ in desk.states()] == ["conflict"], "nobody's value was wiped out"
        assert_converged(desk, place)


def test_own_later_work_is_not_undone_by_an_older_form(desk: Desk, place: Origin) -> None:
    open_form(desk, preferences="晚上在家。", phone="10000000431")
    desk.edit(CHEN, phone="10000000432", phone_alt="10000000433", preferences="院里有狗。")
    desk.synced()

    desk.value(FINISH)
    desk.synced()

    assert {shown for _, shown in desk.states()} == {"accepted"}
    shown = desk.view(CHEN, CHEN)
    assert (shown["phone"], shown["phone_alt"]) == ("10000000431", "10000000433")
    assert "晚上在家。" in shown["preferences"]
    assert "院里有狗。" in shown["preferences"]
    assert_converged(desk, place)


def test_a_form_whose_customer_went_to_somebody_else_is_not_lost(
    desk: Desk, place: Origin, zhao: FieldClient
) -> None:
    open_form(desk, HUANG, phone="10000000441")
    boss = place.village.sign_in("wang.jianguo")
    wish = {"customer": HUANG, "officer": "zhao.lei", "role": "primary", "from": "2026-01-01"}
    assert boss("POST", "/api/v1/assignments", {**wish, "reason": "换人"})["status"] == "applied"

    desk.synced()
    assert desk.view(HUANG, HUANG) is None
    assert [it["fields"] for it in drafts(desk)] == [{"phone": "10000000441"}]
    desk.value(FINISH)
    desk.synced()

    assert [it for it, _ in desk.states()] == ["conflict"], (
        "late work is laid before whoever has him"
    )
    assert not desk.status()["all_synced"]
    zhao.sync()
    (conflict,) = zhao.conflicts()
    assert conflict.fields["kind"] == "late"
    assert "10000000441" in str(conflict.fields)


def test_a_form_is_refused_and_stays_as_it_was_typed(desk: Desk) -> None:
    open_form(desk, phone="no number", preferences="晚上在家。")

    came = desk.run(FINISH)

    assert came["fault"] == "InvalidInputError"
    assert desk.sets() == []
    assert drafts(desk)[0]["fields"] == {"phone": "no number", "preferences": "晚上在家。"}
