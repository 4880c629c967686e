"""Whatever is altered behind the server's back is found, with the position where it begins."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Row, Table, delete, insert, select, update

from schemas.registry import REGISTRY
from server import store
from server.db import snapshot
from server.verify import Verified, verify
from tests.server.branch import (
    GUIYING,
    LI_HAS,
    ZHAO_HAS,
    Server,
    Tablet,
    call,
    create,
    edit,
    fresh_id,
    registration,
)

Json = Any


@pytest.fixture(scope="module")
def branch(shared_server: Server) -> Server:
    """A branch in which something of everything has happened."""
    li, second, third = (shared_server.tablet("li.wei").catch_up() for _ in range(3))
    wang = shared_server.tablet("wang.jun")
    member = create("household_member", LI_HAS[1], None, name="王小明", relation="child")
    li.push(call(), registration(fresh_id(), 300), member)
    li.catch_up()
    gone = {key: it for key, it in member.items() if key != "set"}
    assert li.push({**gone, "op": "delete", "reason": "重复登记"})["status"] == "applied"
    for place, tablet in enumerate((li, second, third)):
        tablet.push(
            edit(
                LI_HAS[2],
                phone=f"1390000000{place}",
                preferences=f"第{place}句。",
                tags={"add": [f"{place}"]},
            )
        )
    for officer in ("zhao.min", "li.wei", "zhao.min"):
        wish = {"customer": GUIYING, "officer": officer, "role": "primary", "reason": "片区调整"}
        assert wang.post("/api/v1/assignments", wish).status == 201
    cover = {
        "customer": LI_HAS[1],
        "officer": "zhao.min",
        "role": "cover",
        "until": "2026-07-01",
        "reason": "休假",
    }
    assert wang.post("/api/v1/assignments", cover).status == 201
    li.push(edit(GUIYING, phone="13911111111"), call(LI_HAS[1]))
    conflicts = wang.get("/api/v1/conflicts?status=open").json["conflicts"]
    assert len(conflicts) >= 2
    choice = {"resolution": "keep", "comment": "已核实"}
    wang.post(f"/api/v1/conflicts/{conflicts[0]['id']}/resolve", choice)
    wang.post(f"/api/v1/conflicts/{conflicts[0]['id']}/reopen", {})
    return shared_server


@pytest.fixture
def connection(branch: Server) -> Iterator[Connection]:
    """A transaction in which a test tampers, and which is never committed."""
    with branch.engine.connect() as found:
        yield found
        found.rollback()


def checked(connection: Connection) -> Verified:
    return verify(connection, REGISTRY)


def test_what_the_server_wrote_is_found_whole(connection: Connection) -> None:
    found = checked(connection)

    assert found.finding is None
    assert found.rows > 40
    assert found.erased == 0


def test_a_branch_is_found_whole_while_it_is_at_work(server: Server) -> None:
    tablets = [server.tablet(it).catch_up() for it in ("li.wei", "zhao.min")]
    done = threading.Event()

    def work(tablet: Tablet, customer: str) -> None:
        while not done.is_set():
            tablet.push(call(customer), edit(customer, preferences=fresh_id()))

    with ThreadPoolExecutor(2) as pool:
        working = [
            pool.submit(work, *it) for it in zip(tablets, (GUIYING, ZHAO_HAS[0]), strict=True)
        ]
        for _ in range(10):
            with snapshot(server.engine) as connection:
                assert checked(connection).finding is None
        done.set()
        for it in working:
            it.result()


# --------------------------------------------------------------------------------------- any column


def other(column: Column[Any], value: Json) -> Json:
    """Return another value that fits into a column."""
    if isinstance(value, int):
        return value + 1
    if isinstance(value, dict):
        return {**value, "tampered": 1}
    if value is None:
        return "tampered"
    if column.name in ("marks", "holders", "created"):
        return altered_json(json.loads(value))
    if column.name == "payload":
        return value.replace('"', "'", 1)
    return value[:-1] + ("0" if value[-1:] != "0" else "1")


def altered_json(value: Json) -> str:
    """Return a JSON text in which the first number is another."""
    text = json.dumps(value)
    place = next((it for it, char in enumerate(text) if char.isdigit()), None)
    if place is None:
        return json.dumps([["nobody", "primary", "x", 1, None]])
    return text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]


def in_branch(connection: Connection) -> str:
    return str(
        connection.execute(
            select(store.branch.c.id).where(store.branch.c.code == "QH")
        ).scalar_one()
    )


def rows_of(connection: Connection, table: Table) -> list[Row[Any]]:
    query = select(table).where(table.c.branch == in_branch(connection))
    return list(connection.execute(query))


def key(table: Table, row: Row[Any]) -> Any:
    parts = [column == row._mapping[column.name] for column in table.primary_key]
    found = parts[0]
    for part in parts[1:]:
        found &= part
    return found


def tampered(connection: Connection, table: Table, row: Row[Any], **values: Json) -> Verified:
    """Return what is found after one row was altered, and undo it."""
    inner = connection.begin_nested()
    connection.execute(update(table).where(key(table, row)).values(values))
    found = checked(connection)
    inner.rollback()
    return found


def sampled(rows: list[Row[Any]]) -> list[Row[Any]]:
    return [rows[0], rows[len(rows) // 2], rows[-1]]


@pytest.mark.parametrize("column", [it.name for it in store.log.columns])
def test_any_column_of_a_log_row_is_guarded(connection: Connection, column: str) -> None:
    positions = sorted(it.position for it in rows_of(connection, store.log))
    rows = sorted(rows_of(connection, store.log), key=lambda it: it.position)

    for row in sampled(rows):
        value = other(store.log.c[column], row._mapping[column])
        if column == "position":
            value = row.position + 10**6
        found = tampered(connection, store.log, row, **{column: value}).finding

        assert found is not None, row.position
        place = positions.index(row.position)
        near = {row.position}
        if column in ("branch", "position"):  # the row is no longer where it was
            near |= {value, *positions[max(place - 1, 0) : place + 2]}
        assert found.position in near


@pytest.mark.parametrize(
    "kind",
    sorted(
        {
            "customer",
            "interaction",
            "assignment",
            "conflict",
            "household_member",
            "org_unit",
            "device",
        }
    ),
)
@pytest.mark.parametrize("column", [it.name for it in store.record.columns])
def test_any_column_of_a_record_is_guarded(connection: Connection, column: str, kind: str) -> None:
    rows = [it for it in rows_of(connection, store.record) if it.type == kind]

    for row in sampled(rows):
        value = other(store.record.c[column], row._mapping[column])
        found = tampered(connection, store.record, row, **{column: value}).finding

        assert found is not None, row._mapping
        assert found.position == row.version or column == "version"


FEED = ["owner", "record", "kind", "type", "customer", "live", "hi", "lo", "position"]


@pytest.mark.parametrize("column", FEED)
def test_any_column_of_the_index_is_guarded(connection: Connection, column: str) -> None:
    ids = {it.id: it.version for it in rows_of(connection, store.record)}
    rows = [it for it in connection.execute(select(store.feed)) if it.record in ids]

    for row in sampled(rows):
        value = other(store.feed.c[column], row._mapping[column])
        if column == "live":
            value = 1 - row.live
        found = tampered(connection, store.feed, row, **{column: value}).finding

        assert found is not None, row._mapping
        if row.kind == "record" and column not in ("record", "kind", "position"):
            assert found.position == ids[row.record]


# ------------------------------------------------------------------------------------ rows and heads


def test_a_log_row_taken_out_is_found(connection: Connection) -> None:
    rows = sorted(rows_of(connection, store.log), key=lambda it: it.position)

    for place in (0, len(rows) // 2, len(rows) - 1):
        inner = connection.begin_nested()
        connection.execute(delete(store.log).where(key(store.log, rows[place])))
        found = checked(connection).finding
        inner.rollback()

        assert found is not None
        near = {it.position for it in rows[max(place - 1, 0) : place + 2]}
        assert found.position in near


def test_a_log_row_put_in_is_found(connection: Connection) -> None:
    row = max(rows_of(connection, store.log), key=lambda it: it.position)
    connection.execute(insert(store.log).values({**row._mapping, "position": row.position + 1}))

    found = checked(connection).finding

    assert found is not None
    assert found.position == row.position + 1


@pytest.mark.parametrize("table", [store.record, store.feed], ids=["record", "index"])
def test_a_row_taken_out_is_found(connection: Connection, table: Table) -> None:
    made = next(it for it in rows_of(connection, store.record) if it.type == "interaction")
    name = "id" if table is store.record else "record"
    connection.execute(delete(table).where(table.c[name] == made.id))

    found = checked(connection).finding

    assert found is not None
    assert found.position == made.version


def test_a_record_shown_to_somebody_else_is_found(connection: Connection) -> None:
    row = next(it for it in connection.execute(select(store.feed)) if it.type == "interaction")
    owners = {it.owner for it in connection.execute(select(store.feed))} - {row.owner}
    shown = {it.owner for it in connection.execute(select(store.feed)) if it.record == row.record}
    stranger = sorted(owners - shown)[0]
    connection.execute(insert(store.feed).values({**row._mapping, "owner": stranger}))

    assert checked(connection).finding is not None


@pytest.mark.parametrize("column", ["head_hash", "head"])
def test_the_head_of_a_branch_is_guarded(connection: Connection, column: str) -> None:
    row = connection.execute(select(store.branch).where(store.branch.c.code == "QH")).one()
    value = 1 if column == "head" else other(store.branch.c.head_hash, row.head_hash)

    assert tampered(connection, store.branch, row, **{column: value}).finding is not None


def test_one_letter_of_one_payload_is_found_at_its_position(connection: Connection) -> None:
    for row in rows_of(connection, store.log):
        if "约定" in row.payload:
            found = tampered(connection, store.log, row, payload=row.payload.replace("约", "的", 1))

            assert found.finding is not None
            assert found.finding.position == row.position


# ------------------------------------------------------------------------------------------ erasure


def erased(connection: Connection, customer: str, **values: Json) -> Verified:
    mine = (store.log.c.customer == customer) | (store.log.c.record == customer)
    connection.execute(update(store.log).where(mine).values(values))
    return checked(connection)


def test_erasing_a_persons_payloads_with_their_keys_leaves_the_chain_whole(
    connection: Connection,
) -> None:
    found = erased(connection, GUIYING, payload=None, payload_key=None)

    assert found.finding is None
    assert found.erased > 3


@pytest.mark.parametrize("column", ["payload", "payload_key"])
def test_erasing_only_half_of_it_is_found(connection: Connection, column: str) -> None:
    assert erased(connection, GUIYING, **{column: None}).finding is not None


def test_after_an_erasure_the_rest_is_still_guarded(connection: Connection) -> None:
    erased(connection, GUIYING, payload=None, payload_key=None)
    row = next(it for it in rows_of(connection, store.record) if it.id == LI_HAS[2])

    found = tampered(connection, store.record, row, fields={**row.fields, "phone": "13999999999"})

    assert found.finding is not None
    assert found.finding.position == row.version


def test_the_versions_of_what_was_erased_are_still_guarded(connection: Connection) -> None:
    erased(connection, GUIYING, payload=None, payload_key=None)
    row = next(it for it in rows_of(connection, store.record) if it.id == GUIYING)

    assert tampered(connection, store.record, row, version=row.version - 1).finding is not None
    assert tampered(connection, store.record, row, changed_by="nobody").finding is not None
