"""Conflicts are records: they are joined, settled, stay open, and are opened again (section 5)."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.messages import Change
from sync.ledger import RecordState
from tests.sync.village import Person, Village, codes, named, shown

Json = Any


@pytest.fixture
def village() -> Village:
    return Village()


@pytest.fixture
def li(village: Village) -> Person:
    return village.tablet("li")


@pytest.fixture
def zhao(village: Village) -> Person:
    return village.tablet("zhao")


def collide(village: Village, li: Person, zhao: Person, field: str = "name") -> RecordState:
    """Let zhao write Z and li, unseen, L; return the conflict."""
    zhao.put("C1", field, "Z")
    assert li.put("C1", field, "L").status == "conflict"
    return village.conflicts("C1", field)[0]


def chosen(person: Person, number: int = 1) -> dict[str, Json]:
    return {"device": person.actor.device, "number": number}


def now(village: Village, conflict: RecordState) -> RecordState:
    return village.ledger.records[conflict.id]


# ----------------------------------------------------------------------------- opened and joined


def test_what_a_conflict_shows(village: Village, li: Person, zhao: Person) -> None:
    conflict = collide(village, li, zhao)

    assert conflict.customer == named("C1")
    assert {it: conflict.fields[it] for it in ("record", "record_type", "field", "kind")} == {
        "record": named("C1"), "record_type": "customer", "field": "name", "kind": "field",
    }  # fmt: skip
    assert shown(conflict) == ("Chen", "Z", ["L"], "open")
    (entry,) = conflict.fields["others"]
    assert (entry["by"], entry["device"], entry["number"]) == (
        named("li"), li.actor.device, 1,
    )  # fmt: skip
    assert conflict.fields["kept"]["by"] == named("zhao")
    assert conflict.fields["sensitive"] is False


def test_a_third_value_joins(village: Village, li: Person, zhao: Person) -> None:
    other = village.tablet("li", "other")
    conflict = collide(village, li, zhao)

    result = other.edit("C1", name="K")

    assert result.changes[0].conflicts == (conflict.id,)
    assert shown(now(village, conflict))[1:3] == ("Z", ["L", "K"])


def test_what_stands_when_a_value_joins_is_what_it_met(
    village: Village, li: Person, zhao: Person
) -> None:
    other = village.tablet("li", "other")
    conflict = collide(village, li, zhao)
    zhao.pull().edit("C1", name="Y")

    other.edit("C1", name="K")

    assert shown(now(village, conflict))[1:3] == ("Y", ["L", "K"])


def test_a_value_that_is_there_is_not_repeated(village: Village, li: Person, zhao: Person) -> None:
    other = village.tablet("li", "other")
    conflict = collide(village, li, zhao)
    zhao.pull().edit("C1", name="Y")
    version = now(village, conflict).version

    result = other.edit("C1", name="L")

    assert (result.status, result.changes[0].conflicts) == ("conflict", (conflict.id,))
    assert shown(now(village, conflict))[1:3] == ("Z", ["L"])
    assert now(village, conflict).version == version


def test_a_settled_conflict_is_not_joined(village: Village, li: Person, zhao: Person) -> None:
    other = village.tablet("li", "other")
    conflict = collide(village, li, zhao)
    zhao.pull().resolve(conflict, "keep")

    other.edit("C1", name="K")

    assert [shown(it)[2:] for it in village.conflicts("C1", "name")] == [
        (["L"], "resolved"), (["K"], "open"),
    ]  # fmt: skip


# ------------------------------------------------------------------------------------- settled


def test_keeping_writes_nothing(village: Village, li: Person, zhao: Person) -> None:
    conflict = collide(village, li, zhao)
    version = village.record("C1").version

    result = li.pull().resolve(conflict, "keep")

    assert result.status == "applied"
    assert now(village, conflict).fields["resolved_by"] == named("li")
    assert (village.value("C1", "name"), village.record("C1").version) == ("Z", version)


def test_choosing_the_other_writes_it(village: Village, li: Person, zhao: Person) -> None:
    conflict = collide(village, li, zhao)
    write = zhao.pull().change("C1", name="L")

    assert zhao.resolve(conflict, "other", write, chosen=chosen(li)).status == "applied"
    assert (village.value("C1", "name"), shown(now(village, conflict))[3]) == ("L", "resolved")


def test_the_order_of_write_and_resolution_does_not_matter(
    village: Village, li: Person, zhao: Person
) -> None:
    conflict = collide(village, li, zhao)
    settling = zhao.settling(conflict, status="resolved", resolution="custom", comment="asked")
    write = zhao.pull().change("C1", name="K")

    result = zhao.send(write, settling)

    assert [it.id for it in result.changes] == [named("C1"), conflict.id]
    assert shown(now(village, conflict))[3] == "resolved"


@pytest.mark.parametrize(
    ("way", "settled", "code"),
    [
        ("custom", {}, "required"),
        ("custom", {"comment": "  "}, "required"),
        ("merge", {}, "invalid-value"),
        ("other", {"chosen": {"device": "nobody", "number": 1}}, "invalid-value"),
        ("other", {}, "invalid-value"),
        ("keep", {"resolved_by": "x"}, "not-permitted"),
        ("keep", {"status": "lost"}, "invalid-transition"),
    ],
)
def test_a_resolution_that_says_too_little(
    village: Village, li: Person, zhao: Person, way: str, settled: dict[str, Json], code: str
) -> None:
    conflict = collide(village, li, zhao)
    write = li.pull().change("C1", name="K")

    assert codes(li.resolve(conflict, way, write, **settled)) == [code]
    assert village.value("C1", "name") == "Z"


def test_another_value_needs_its_write(village: Village, li: Person, zhao: Person) -> None:
    conflict = collide(village, li, zhao)

    assert codes(li.pull().resolve(conflict, "other", chosen=chosen(li))) == ["bad-change"]


def test_who_may_not_settle(village: Village, li: Person, zhao: Person) -> None:
    conflict = collide(village, li, zhao)
    auditor = village.tablet("zhao", "auditor", role="auditor")

    assert codes(auditor.resolve(conflict)) == ["not-permitted"]
    assert codes(village.tablet("wu").resolve(conflict)) == ["unknown-record"]


def test_a_resolution_that_comes_second(village: Village, li: Person, zhao: Person) -> None:
    conflict = collide(village, li, zhao)
    li.pull()
    zhao.pull().resolve(conflict, "keep")

    write = li.change("C1", name="L")
    result = li.resolve(conflict, "other", write, chosen=chosen(li))

    assert result.status == "merged"
    assert village.value("C1", "name") == "Z"
    assert now(village, conflict).fields["resolution"] == "keep"
    assert village.history("C1")[-1].units["name"].sent == "L"
    assert len(village.all_conflicts()) == 1


def test_a_resolution_stays_open_where_something_joined(
    village: Village, li: Person, zhao: Person
) -> None:
    other = village.tablet("li", "other")
    conflict = collide(village, li, zhao)
    zhao.pull()
    other.edit("C1", name="K")

    result = zhao.resolve(conflict, "keep")

    assert (result.status, result.changes[0].conflicts) == ("conflict", (conflict.id,))
    assert shown(now(village, conflict))[2:] == (["L", "K"], "open")


def test_a_resolution_stays_open_where_the_field_moved_on(
    village: Village, li: Person, zhao: Person
) -> None:
    conflict = collide(village, li, zhao)
    li.pull()
    zhao.pull().edit("C1", name="Y")

    write = li.change("C1", name="L")
    result = li.resolve(conflict, "other", write, chosen=chosen(li))

    assert (result.status, village.value("C1", "name")) == ("conflict", "Y")
    assert shown(now(village, conflict))[2:] == (["L"], "open")


def test_a_write_that_cannot_be_stored_joins(village: Village, li: Person, zhao: Person) -> None:
    conflict = collide(village, li, zhao)
    li.pull()
    zhao.pull().edit("C1", name="Y")

    write = li.change("C1", name="K")
    result = li.resolve(conflict, "custom", write, comment="asked")

    assert result.status == "conflict"
    assert shown(now(village, conflict))[1:] == ("Y", ["L", "K"], "open")


def test_another_field_that_moved_on_does_not_matter(
    village: Village, li: Person, zhao: Person
) -> None:
    conflict = collide(village, li, zhao)
    li.pull()
    zhao.pull().edit("C1", phone="Y")

    assert li.resolve(conflict, "keep").status == "applied"


def test_no_conflict_is_opened_about_a_conflict(village: Village, li: Person, zhao: Person) -> None:
    conflict = collide(village, li, zhao)

    assert codes(li.send(Change("create", "conflict", named("X"), named("C1")))) == [
        "unknown-record"
    ]
    assert codes(li.send(Change("delete", "conflict", conflict.id, named("C1"), reason="x"))) == [
        "not-permitted"
    ]


# --------------------------------------------------------------------------------------- SOD-8


def test_a_sensitive_conflict_is_for_who_wrote_neither_side(
    village: Village, li: Person, zhao: Person
) -> None:
    conflict = collide(village, li, zhao, "national_id")

    for person in (li, zhao):
        result = person.pull().resolve(conflict, "keep", comment="asked")
        assert [(it.code, it.rule) for it in result.errors] == [("not-permitted", "SOD-8")]
    assert village.web("wang").resolve(conflict, "keep", comment="asked").status == "applied"


def test_a_sensitive_conflict_needs_a_comment(village: Village, li: Person, zhao: Person) -> None:
    conflict = collide(village, li, zhao, "national_id")

    assert codes(village.web("wang").resolve(conflict, "keep")) == ["required"]


def test_the_deciders_own_value_makes_nobody_an_author(
    village: Village, li: Person, zhao: Person
) -> None:
    conflict = collide(village, li, zhao, "national_id")
    base = village.ledger.head
    zhao.pull().edit("C1", national_id="Y")
    web = village.web("wang")
    write = web.change("C1", national_id="K")

    result = web.resolve(conflict, "custom", write, base=base, comment="asked")

    assert result.status == "conflict"
    assert shown(now(village, conflict))[1:] == ("Y", ["L", "K"], "open")


# ---------------------------------------------------------------------------------- opened again


def test_a_supervisor_opens_it_again(village: Village, li: Person, zhao: Person) -> None:
    conflict = collide(village, li, zhao)
    write = zhao.pull().change("C1", name="L")
    zhao.resolve(conflict, "other", write, chosen=chosen(li))

    assert codes(li.pull().send(li.settling(conflict, status="open"))) == ["not-permitted"]
    web = village.web()
    assert web.send(web.settling(conflict, status="open")).status == "applied"
    assert shown(now(village, conflict)) == ("Chen", "Z", ["L"], "open")


def test_a_second_resolution_leaves_nothing_of_the_first(
    village: Village, li: Person, zhao: Person
) -> None:
    conflict = collide(village, li, zhao)
    write = zhao.pull().change("C1", name="L")
    zhao.resolve(conflict, "other", write, chosen=chosen(li), comment="asked")
    web = village.web()
    web.send(web.settling(conflict, status="open"))

    web.resolve(conflict, "keep")

    fields = now(village, conflict).fields
    assert (fields["resolution"], fields.get("chosen"), fields.get("comment")) == (
        "keep",
        None,
        None,
    )


@pytest.mark.parametrize(("days", "status"), [(7, "applied"), (8, "rejected")])
def test_seven_days_long(
    village: Village, li: Person, zhao: Person, days: int, status: str
) -> None:
    conflict = collide(village, li, zhao)
    zhao.pull().resolve(conflict, "keep")
    resolved, web = village.minutes, village.web()

    reopening = web.settling(conflict, status="open")

    assert web.send(reopening, minute=resolved + days * 24 * 60).status == status


def test_an_open_conflict_is_open_already(village: Village, li: Person, zhao: Person) -> None:
    conflict = collide(village, li, zhao)
    web = village.web()

    assert web.send(web.settling(conflict, status="open")).status == "applied"
    assert codes(web.send(web.settling(conflict, status="open", resolution="keep"))) == [
        "bad-change"
    ]


def test_a_resolution_may_repeat_what_an_earlier_one_said(
    village: Village, li: Person, zhao: Person
) -> None:
    conflict = collide(village, li, zhao)
    web = village.web()
    web.resolve(conflict, "keep", comment="asked")
    web.send(web.settling(conflict, status="open", comment="asked"))

    assert web.resolve(conflict, "keep", comment="asked").status == "applied"
    assert now(village, conflict).fields["comment"] == "asked"


# ------------------------------------------------------------------------------ whose it must be


def test_a_resolution_names_the_conflicts_customer(
    village: Village, li: Person, zhao: Person
) -> None:
    conflict = collide(village, li, zhao)
    fields = {"status": "resolved", "resolution": "keep"}
    elsewhere = Change("update", "conflict", conflict.id, named("C2"), fields)

    assert codes(village.web().send(elsewhere)) == ["bad-change"]
    assert now(village, conflict).fields["status"] == "open"


def test_a_resolution_says_how(village: Village, li: Person, zhao: Person) -> None:
    conflict = collide(village, li, zhao)
    result = zhao.pull().send(zhao.settling(conflict, status="resolved"))

    assert [(it.code, it.field) for it in result.errors] == [("required", "resolution")]


def test_opening_again_what_has_left_goes_to_the_history(
    village: Village, li: Person, zhao: Person
) -> None:
    conflict = collide(village, li, zhao)
    zhao.pull().resolve(conflict, "keep")
    boss = {"name": "wang", "role": "supervisor", "unit_id": named("branch")}
    village.office.create("user", "wang", None, **boss)
    village.assign("C1", "wang", "inspector")
    tablet = village.tablet("wang", role="supervisor")
    village.take_away("C1", "wang")

    result = tablet.send(tablet.settling(conflict, status="open"))

    assert result.status == "merged"
    assert now(village, conflict).fields["status"] == "resolved"
    assert village.ledger.history[conflict.id][-1].units["status"].sent == "open"


def test_a_conflict_about_reference_data_is_for_who_sees_the_record(village: Village) -> None:
    ends = village.assign("C1", "zhao", "cover", until="2026-08-01")
    before, web = village.ledger.head, village.web()
    village.web("ma").edit(ends, reason="leave")
    assert web.edit(ends, base=before, reason="illness").status == "conflict"
    (conflict,) = village.conflicts(ends, "reason")
    assert conflict.customer is None

    for user, seen in (("li", False), ("zhao", True)):
        result = village.tablet(user).resolve(conflict, "other")
        assert codes(result) == (["bad-change"] if seen else ["unknown-record"])
    assert village.web().resolve(conflict, "keep").status == "applied"
