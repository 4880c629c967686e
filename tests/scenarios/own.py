"""Scenarios of our own, in the shape of the shared vectors, for rules that those leave out.

Where nothing else is said there are two officers' tablets T1 and T2 and a supervisor at the web, W;
the customer C1 is in the hands of both officers, C2 of the second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Json = Any
Step = dict[str, Json]

ACTORS: Mapping[str, Json] = {
    "T1": {"kind": "device", "user": "O1"},
    "T2": {"kind": "device", "user": "O2"},
    "W": {"kind": "web", "user": "S1"},
}
CUSTOMERS: Sequence[Json] = (
    {"record": "C1", "type": "customer", "set": {"name": "Chen", "phone": "p0", "income": "1"}},
    {"record": "C2", "type": "customer", "set": {"name": "Liu", "phone": "q0"}},
)
FIELDS: Mapping[str, str] = {
    "customer.phone": "latest", "customer.name": "manual", "customer.income": "manual",
    "customer.id_no": "once", "customer.remark": "text", "customer.tags": "set",
    "customer.visits": "highest", "note.text": "text", "note.mood": "latest",
    "asset.kind": "latest", "valuation.worth": "append", "link.target": "manual",
    "task.status": "state", "loan.amount": "manual", "loan.months": "manual",
    "visit.answers.*.value": "manual", "visit.answers.*.note": "text",
}  # fmt: skip


def story(
    name: str, *steps: Step, given: Sequence[Json] = (), expected: Mapping[str, Json], **rest: Json
) -> Mapping[str, Json]:
    """Return a scenario; where `expected` says nothing, there is no conflict and all agree."""
    return {
        "id": f"own {name}", "name": name, "actors": ACTORS,
        "assigned": {"C1": ["O1", "O2"], "C2": ["O2"]}, "fields": FIELDS,
        "groups": {"loan.terms": ["amount", "months"]}, "given": [*CUSTOMERS, *given],
        "steps": list(steps),
        "expected": {"conflicts": [], "all_devices_equal_server": True, **expected}, **rest,
    }  # fmt: skip


def edit(by: str, record: str, /, **fields: Json) -> Step:
    return {"do": "edit", "by": by, "record": record, "set": _paths(fields)}


def create(by: str, record: str, kind: str, customer: str | None = "C1", /, **fields: Json) -> Step:
    parent = fields.pop("parent", None)
    made = {"do": "create", "by": by, "record": record, "type": kind, "customer": customer}
    return {**made, "set": _paths(fields), **({"parent": parent} if parent else {})}


def have(record: str, kind: str, /, **fields: Json) -> Json:
    return {"record": record, "type": kind, "customer": "C1", "set": _paths(fields)}


def delete(by: str, record: str) -> Step:
    return {"do": "delete", "by": by, "record": record}


def move(by: str, record: str, to: str) -> Step:
    return {"do": "transition", "by": by, "record": record, "field": "status", "to": to}


def sync(by: str, **said: Json) -> Step:
    return {"do": "sync", "by": by, **said}


def resolve(by: str, record: str, field: str | None, choose: Json) -> Step:
    return {"do": "resolve", "by": by, "record": record, "field": field, "choose": choose}


def hand_over(customer: str, old: str, new: str) -> list[Step]:
    return [
        {"do": "assign", "customer": customer, "user": new, "role": "primary"},
        {"do": "unassign", "customer": customer, "user": old},
    ]


def either(*groups: Sequence[Step]) -> Step:
    return {"do": "either_order", "steps": [list(it) for it in groups]}


def result(step: int, number: int, status: str, **rest: Json) -> Json:
    return {"step": step, "set": number, "status": status, **rest}


def conflict(record: str, field: str | None, kind: str, status: str = "open", **rest: Json) -> Json:
    return {"record": record, "field": field, "kind": kind, "status": status, **rest}


def quarantined(*numbers: int, device: str = "T1") -> list[Json]:
    return [{"device": device, "set": it} for it in numbers]


def _paths(fields: Mapping[str, Json]) -> dict[str, Json]:
    return {name.replace("__", "."): value for name, value in fields.items()}


ALONE = {"C1": ["O1"], "C2": ["O2"]}

STORIES: Sequence[Mapping[str, Json]] = (
    # ------------------------------------------------------------------------------- policies
    story(
        "a first value is mended before it is known",
        edit("T1", "C1", id_no="X1"), edit("T1", "C1", id_no="X2"), sync("T1"), sync("T2"),
        expected={
            "results": [result(3, 1, "applied"), result(3, 2, "applied")],
            "server": {"C1": {"id_no": "X2"}},
        },
    ),
    story(
        "an element added and removed at once stays",
        edit("W", "C1", tags={"add": ["a", "b"]}), sync("T1"), sync("T2"),
        edit("T1", "C1", tags={"add": ["a"]}), edit("T2", "C1", tags={"remove": ["a", "b"]}),
        either([sync("T1")], [sync("T2")]),
        expected={"server": {"C1": {"tags": ["a"]}}},
    ),
    story(
        "sets of one request, each over the one before, around a rejected one",
        edit("T1", "N1", text="甲。乙。丙。"),
        {**edit("T1", "N1", text="甲。乙。丙。", no_such_field="x"), "forced": True},
        edit("T1", "N1", text="甲。乙。丙。丁。"),
        edit("T2", "N1", text="甲甲。乙。"), sync("T2"), sync("T1"), sync("T2"),
        given=[have("N1", "note", text="甲。乙。")],
        expected={
            "results": [result(6, 1, "merged"), result(6, 2, "rejected"), result(6, 3, "merged")],
            "server": {"N1": {"text": "甲甲。乙。丙。丁。"}},
            "quarantine": quarantined(2),
        },
    ),
    story(
        "a removed key comes back whole",
        edit("T1", "V1", answers__F01__value=None, answers__F01__note=None),
        edit("T2", "V1", answers__F01__value="yes"),
        either([sync("T1")], [sync("T2")]), sync("T1"), sync("T2"),
        given=[have("V1", "visit", answers__F01__value="no", answers__F01__note="甲。")],
        expected={
            "server": {"V1": {"answers.F01.value": "yes", "answers.F01.note": "甲。"}},
            "devices": {"T1": {"values": {"V1": {"answers.F01.note": "甲。"}}}},
        },
    ),
    story(
        "a removal meets a colleague who confirms the answer",
        edit("T1", "V1", answers__F01__value="no"), edit("T2", "V1", answers__F01__value=None),
        sync("T1"), sync("T2"),
        given=[have("V1", "visit", answers__F01__value="no")],
        expected={
            "results": [result(3, 1, "applied"), result(4, 1, "merged")],
            "server": {"V1": {"answers.F01.value": "no"}},
        },
    ),
    story(
        "a chain of moves joins a conflict that a device settles",
        move("T1", "K1", "started"), move("T1", "K1", "done"), move("W", "K1", "cancelled"),
        sync("T1"), sync("T2"), resolve("T2", "K1", "status", "cancelled"), sync("T2"), sync("T1"),
        given=[have("K1", "task", status="open")],
        expected={
            "results": [result(4, 2, "conflict"), result(7, 1, "applied")],
            "server": {"K1": {"status": "cancelled"}},
            "conflicts": [
                conflict("K1", "status", "state", "resolved", others=["started", "done"])
            ],
        },
    ),
    story(
        "a move over a rejected move",
        {**move("T1", "K1", "lost"), "forced": True}, move("T1", "K1", "done"), sync("T1"),
        given=[have("K1", "task", status="open")],
        expected={
            "results": [
                result(3, 1, "rejected", code="invalid-transition"),
                result(3, 2, "rejected", code="depends-on-rejected"),
            ],
            "server": {"K1": {"status": "open"}},
            "quarantine": quarantined(1, 2),
        },
    ),
    # ------------------------------------------------------------------------------ conflicts
    story(
        "an officer settles a group and the supervisor opens it again",
        edit("T1", "K1", amount="5", months="6"), edit("T2", "K1", amount="7", months="8"),
        sync("T1"), sync("T2"),
        resolve("T2", "K1", "terms", {"amount": "7", "months": "8"}), sync("T2"), sync("T1"),
        {"do": "reopen", "by": "W", "record": "K1", "field": "terms"}, sync("T1"),
        resolve("T1", "K1", "terms", {"amount": "5", "months": "6"}), sync("T1"), sync("T2"),
        given=[have("K1", "loan", amount="3", months="4")],
        expected={
            "results": [result(6, 2, "applied"), result(11, 2, "applied")],
            "server": {"K1": {"amount": "7", "months": "8"}},
            "conflicts": [conflict("K1", "terms", "field", "resolved", resolved_by="O1")],
        },
    ),
    story(
        "a resolution stays open where a third value joined",
        edit("T1", "C1", income="a"), edit("T2", "C1", income="b"), edit("T3", "C1", income="c"),
        sync("T1"), sync("T2"), sync("T1"), resolve("T1", "C1", "income", "b"),
        sync("T3"), sync("T1"), sync("T2"),
        actors={**ACTORS, "T3": {"kind": "device", "user": "O2"}},
        expected={
            "results": [result(9, 2, "conflict")],
            "server": {"C1": {"income": "b"}},
            "conflicts": [conflict("C1", "income", "field", kept="a", others=["b", "c"])],
        },
    ),
    story(
        "a deletion is chosen over the edit that had won",
        delete("T1", "N1"), edit("T2", "N1", text="乙。"), sync("T2"), sync("T1"), sync("T2"),
        resolve("T2", "N1", None, {"deleted": True, "reason": "scenario"}), sync("T2"), sync("T1"),
        given=[have("N1", "note", text="甲。")],
        expected={
            "results": [result(4, 1, "conflict"), result(7, 2, "applied")],
            "server": {"N1": None},
            "conflicts": [conflict("N1", None, "delete", "resolved")],
            "devices": {"T1": {"lacks": ["N1"]}},
        },
    ),
    # -------------------------------------------------------------------------------- records
    story(
        "a child brings its parent back",
        delete("T2", "A1"), create("T1", "Z1", "valuation", parent="A1", worth="9"),
        sync("T2"), sync("T1"), sync("T2"),
        given=[have("A1", "asset", kind="ox")],
        expected={
            "results": [result(4, 1, "conflict")],
            "server": {"A1": {"kind": "ox"}, "Z1": {"worth": "9"}},
            "conflicts": [conflict("A1", None, "delete", others_include=[{"deleted": True}])],
            "devices": {"T2": {"has": ["A1", "Z1"], "whole": ["A1"]}},
        },
    ),
    story(
        "made and deleted before the first pull",
        {"do": "new_device", "name": "T3", "user": "O1"},
        create("T3", "N9", "note", text="甲。"), delete("T3", "N9"), sync("T3"),
        expected={
            "results": [result(4, 1, "applied"), result(4, 2, "applied")],
            "server": {"N9": None},
            "devices": {"T3": {"lacks": ["N9"], "has": ["C1"]}},
        },
    ),
    story(
        "a customer registered offline, with what belongs to him",
        create("T1", "C9", "customer", None, name="Wu", phone="w"),
        create("T1", "N9", "note", "C9", text="甲。"), edit("T1", "C9", phone="w2"), sync("T1"),
        {"do": "new_device", "name": "T3", "user": "O1"}, sync("T3"),
        expected={
            "results": [result(4, it, "applied") for it in (1, 2, 3)],
            "server": {"C9": {"phone": "w2"}, "N9": {"text": "甲。"}},
            "devices": {"T2": {"lacks": ["C9"]}, "T3": {"has": ["C9", "N9"]}},
        },
    ),
    story(
        "the same id twice, with other content",
        create("T1", "N9", "note", text="甲。", mood="good"),
        create("T2", "N9", "note", text="乙。", mood="bad"),
        sync("T1"), sync("T2"), sync("T1"),
        expected={
            "results": [result(4, 1, "merged")],
            "server": {"N9": {"text": "甲。乙。", "mood": "bad"}},
            "counts": {"note": 1},
        },
    ),
    story(
        "what hangs on a rejected create",
        {**create("T1", "N9", "note", text="甲。", no_such_field="x"), "forced": True},
        edit("T1", "N9", text="乙。"), create("T1", "L1", "link", target="@N9"),
        edit("T1", "C1", phone="p1"), sync("T1"),
        expected={
            "results": [
                result(5, 1, "rejected", code="unknown-field"),
                result(5, 2, "rejected", code="depends-on-rejected"),
                result(5, 3, "rejected", code="depends-on-rejected"),
                result(5, 4, "applied"),
            ],
            "server": {"C1": {"phone": "p1"}},
            "quarantine": quarantined(1, 2, 3),
            "devices": {"T1": {"pending": 0, "attention": 3}},
        },
    ),
    story(
        "somebody else's record is as unknown as none",
        {**edit("T1", "N2", text="x"), "forced": True},
        {**create("T1", "N4", "note", "C2", text="x"), "forced": True},
        create("T1", "L1", "link", target="@N2"), create("T1", "L2", "link", target="@nobody"),
        sync("T1"),
        given=[{"record": "N2", "type": "note", "customer": "C2", "set": {"text": "secret"}}],
        expected={
            "results": [
                result(5, it, "rejected", code=["unknown-record", "depends-on-rejected"])
                for it in (1, 2, 3, 4)
            ],
            "server": {"N2": {"text": "secret"}},
            "quarantine": quarantined(1, 2, 3, 4),
            "devices": {"T1": {"never_mentioned": ["secret", "Liu"], "left": ["C2"]}},
        },
    ),
    story(
        "a base that nobody can have seen",
        {**edit("T1", "C1", phone="p1"), "base": "future"}, sync("T1"),
        expected={
            "results": [result(2, 1, "rejected", code="bad-change")],
            "server": {"C1": {"phone": "p0"}},
            "quarantine": quarantined(1),
        },
    ),
    # ------------------------------------------------------------------------ scope and moves
    story(
        "late wishes are granted by the new officer",
        edit("T1", "C1", name="L"), delete("T1", "N1"), create("T1", "L1", "link", target="@N1"),
        *hand_over("C1", "O1", "O2"), sync("T1"), sync("T2"),
        resolve("T2", "C1", None, {"name": "L"}),
        resolve("T2", "N1", None, {"deleted": True, "reason": "scenario"}), sync("T2"),
        assigned=ALONE, given=[have("N1", "note", text="甲。")],
        expected={
            "results": [
                result(6, 1, "conflict"), result(6, 2, "conflict"), result(6, 3, "applied"),
                result(10, 1, "applied"), result(10, 2, "applied"),
            ],
            "server": {"C1": {"name": "L"}, "N1": None, "L1": {"target": "@N1"}},
            "conflicts": [
                conflict("C1", None, "late", "resolved", others=[{"name": "L"}], resolved_by="O2"),
                conflict("N1", None, "late", "resolved", resolved_by="O2"),
            ],
            "devices": {"T1": {"lacks": ["C1", "N1"], "left": ["C1"], "pending": 0}},
        },
    ),
    story(
        "a customer who left and came back between two pulls",
        *hand_over("C1", "O1", "O2"), delete("W", "N1"), create("W", "N2", "note", text="乙。"),
        *hand_over("C1", "O2", "O1"), sync("T1"),
        assigned=ALONE, given=[have("N1", "note", text="甲。")],
        expected={
            "server": {"N1": None},
            "devices": {
                "T1": {"has": ["C1", "N2"], "lacks": ["N1"], "left": ["C1"], "whole": ["C1", "N2"]}
            },
        },
    ),
    story(
        "a pending edit of a customer who leaves and comes back counts",
        edit("T1", "C1", name="L"), *hand_over("C1", "O1", "O2"), sync("T2"),
        edit("T2", "C1", phone="p2"), sync("T2"), *hand_over("C1", "O2", "O1"), sync("T1"),
        assigned=ALONE,
        expected={
            "results": [result(9, 1, "merged")],
            "server": {"C1": {"name": "L", "phone": "p2"}},
            "devices": {"T1": {"values": {"C1": {"name": "L", "phone": "p2"}}}},
        },
    ),
    # --------------------------------------------------------------------------- round trips
    story(
        "many small pages over work of one's own",
        edit("T2", "C1", phone="p2"), create("T2", "N2", "note", text="乙。"), sync("T2"),
        edit("T1", "C1", name="L"), create("T1", "N3", "note", text="丙。"),
        sync("T1", page=1, fault="cut_after_page", after=1),
        edit("T2", "C1", income="2"), sync("T2"), edit("T1", "N1", text="甲甲。"),
        sync("T1", page=1), sync("T2"),
        given=[have("N1", "note", text="甲。")],
        expected={
            "server": {
                "C1": {"phone": "p2", "name": "L", "income": "2"}, "N1": {"text": "甲甲。"},
                "N3": {"text": "丙。"},
            },
            "devices": {"T1": {"pending": 0, "values": {"C1": {"income": "2", "phone": "p2"}}}},
        },
    ),
    story(
        "an answer lost twice",
        edit("T1", "C1", name="L"), sync("T1", fault="lost_response"), edit("W", "C1", phone="w"),
        edit("T1", "C1", income="2"), sync("T1", fault="lost_response"),
        edit("T1", "C1", income="3"), sync("T1"), sync("T2"),
        expected={
            "results": [
                result(7, 1, "applied", repeated=True), result(7, 2, "merged", repeated=True),
                result(7, 3, "merged", repeated=False),
            ],
            "server": {"C1": {"name": "L", "phone": "w", "income": "3"}},
        },
    ),
    story(
        "an edit while the answer is on its way",
        edit("T1", "C1", remark="甲。"),
        sync("T1", edit_before_response=edit("T1", "C1", remark="甲。乙。")), sync("T1"), sync("T2"),
        expected={
            "results": [result(2, 1, "applied"), result(3, 2, "applied")],
            "server": {"C1": {"remark": "甲。乙。"}},
        },
    ),
    story(
        "two tablets of one officer at once",
        {"do": "new_device", "name": "T3", "user": "O1"}, sync("T3"),
        edit("T1", "C1", name="L"), edit("T3", "C1", phone="p3"),
        {"do": "parallel", "steps": [sync("T1"), sync("T3"), sync("T2")]},
        expected={"server": {"C1": {"name": "L", "phone": "p3"}}},
    ),
    story(
        "a clock five years ahead gains nothing",
        edit("T1", "C1", phone="early"), edit("T2", "C1", phone="late"), sync("T2"), sync("T1"),
        actors={**ACTORS, "T1": {**ACTORS["T1"], "clock_error_minutes": 2_628_000}},
        expected={
            "results": [result(4, 1, "merged")],
            "server": {"C1": {"phone": "late"}},
            "devices": {"T1": {"notice": "clock-skew"}},
        },
    ),
    # ------------------------------------------------------------------ a store put back, anew
    story(
        "a store put back as it was registers anew",
        edit("T1", "C1", remark="甲。"), {"do": "store_image", "by": "T1"}, sync("T1"),
        edit("T1", "C1", remark="甲。乙。"), sync("T1"), {"do": "restore_image", "by": "T1"},
        edit("T1", "C1", remark="甲。丙。"), sync("T1", repeat_until_done=True), sync("T2"),
        expected={
            "results": [result(8, 1, "applied", repeated=True), result(8, 2, "merged")],
            "server": {"C1": {"remark": "甲。乙。丙。"}},
            "http": [{"step": 8, "status": 409, "code": "set-changed"}],
            "devices": {"T1": {"pending": 0}},
        },
    ),
    story(
        "what was sent again did not come from another",
        edit("T1", "C1", name="L"), {"do": "store_image", "by": "T1"}, sync("T1"),
        edit("T1", "C1", phone="p1"), sync("T1"), {"do": "restore_image", "by": "T1"},
        edit("T1", "C1", name="M"), sync("T1", repeat_until_done=True),
        edit("T1", "C1", name="K"), sync("T1"),
        expected={
            "results": [result(8, 2, "merged"), result(10, 3, "applied")],
            "server": {"C1": {"name": "K", "phone": "p1"}},
        },
    ),
)  # fmt: skip
