"""Handing customers over (domain.md, section 6.7): the list with its snapshots, and what a look at it shows.

What moves is decided by the engine (`sync/handing_over.py`); here is what a desk needs to begin, and to look.
Both the API and the pages ask here, so who may look is said once.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, or_, select

from schemas import problems
from schemas.declare import Registry, map_key
from schemas.derived.risk_class import RiskClass
from schemas.messages import Fault
from schemas.wire.handovers import HandoverRequest
from server import bulk, decisions, office, readmodels, store
from server.accounts import account, device
from server.db import writing
from server.readmodels import Standing, text_of
from server.settings import Settings
from server.store import record
from server.tokens import Bearer
from sync.guards.handovers import PEOPLE, customers

Json = Any


SEES_ALL = ("supervisor", "reviewer", "approver", "auditor")
"""Roles that see every handover of their branch (domain.md, section 3.2)."""


def prepare(
    engine: Engine,
    registry: Registry,
    settings: Settings,
    who: Bearer,
    now: datetime,
    wish: HandoverRequest,
) -> dict[str, Json]:
    """Make a handover in draft, with exposure and class of each customer as they are today.

    Returns:
        The result of the set, the `id` of the handover, and how many `customers` are on its list.

    Raises:
        problems.BadRequestError: no such user, no such customer of the outgoing officer, or none at all.
        problems.NotPermittedError: for who may not, and for fewer than three people (SOD-12).
    """
    positions = readmodels.loan_positions(engine, who.branch, settings.today(now))
    standings = readmodels.standings(positions, settings.today(now))
    with writing(engine) as connection:
        contact = decisions.web_contact(connection, who, settings, now)
        users = _users(connection, who.branch, wish)
        chosen = _chosen(connection, who.branch, users["outgoing"], wish.customers)
        made = office.new_id(now)
        fields = {
            "from_officer_id": users["outgoing"], "to_officer_id": users["incoming"],
            "witness_id": users["witness"], "reason": wish.reason,
            "effective_on": wish.effective_on, **{f"items.{it}.listed": True for it in chosen},
        }  # fmt: skip
        named = {"type": "handover", "id": made, "customer": None}
        asked = [{"op": "create", **named, "set": fields}]
        result = office.submit(connection, registry, contact, "handover.prepare", asked)
        decisions.refused_or(result)
        snapshots = _snapshots(chosen, standings)
        if snapshots:
            own = office.server_contact(store.lock_branch(connection, who.branch), settings, now)
            update = [{"op": "update", **named, "set": snapshots}]
            office.submit(connection, registry, own, "handover.snapshot", update)
    return {**result, "id": made, "customers": len(chosen)}


def listed(connection: Connection, who: Bearer) -> list[Row[Any]]:
    """Return the handovers that somebody may see, the newest first."""
    query = select(record).where(
        record.c.branch == who.branch, record.c.type == "handover", record.c.deleted == 0
    )
    if who.role not in SEES_ALL:
        query = query.where(or_(*(text_of(record, it) == who.user for it in PEOPLE)))
    return list(connection.execute(query.order_by(record.c.version.desc())))


def as_json(row: Row[Any]) -> dict[str, Json]:
    """Return a handover in a list: its people, its state, how many customers it moves."""
    named = ("state", "reason", "effective_on", *PEOPLE)
    counted = {"customers": len(customers(row.fields)), "signed": signed_by(row.fields)}
    return {"id": row.id, **{it: row.fields.get(it) for it in named}, **counted}


def preview(connection: Connection, who: Bearer, handover_id: str) -> dict[str, Json]:
    """Return a handover with what tablets hold unsent for its customers: who signs should know.

    Returns:
        `people`: the three, by their part, each with id and name; `signed`: the ids of who has signed;
        `customers`: of each on the list its id, name, snapshots, answers, and the codes of the tablets that have
        unsent work for it; `tablets`: those of the outgoing officer, and others with work for a customer on the
        list: when each was heard and what waits on it. Money is in fen.

    Raises:
        problems.NotFoundError: there is no such handover in the branch, or it is not theirs to see.
    """
    return look(connection, who, handover_id, find(connection, who, handover_id))


def find(connection: Connection, who: Bearer, handover_id: str) -> Mapping[str, Json]:
    """Return the fields of a handover.

    Raises:
        problems.NotFoundError: there is no such handover in the branch, or it is not theirs to see.
    """
    query = select(record.c.fields).where(
        record.c.branch == who.branch, record.c.id == handover_id, record.c.type == "handover",
        record.c.deleted == 0,
    )  # fmt: skip
    fields: Mapping[str, Json] | None = connection.execute(query).scalar_one_or_none()
    if fields is None or not may_see(who, fields):
        raise problems.NotFoundError
    return fields


def look(
    connection: Connection, who: Bearer, handover_id: str, fields: Mapping[str, Json]
) -> dict[str, Json]:
    """Return what `preview` tells of a handover whose fields are known."""
    parts = {name.removesuffix("_id"): fields[name] for name in PEOPLE}
    items = _items(fields)
    tablets = _tablets(connection, who.branch, fields["from_officer_id"], set(items))
    known = _names(connection, who.branch, list(items)) if _knows(who, fields) else {}
    ruled = {it["ruled_by"] for it in items.values() if it.get("ruled_by")}
    people = _people(connection, {*parts.values(), *ruled})
    shown = [
        {
            "id": it,
            "name": known.get(it),
            **said,
            "unsent_on": [one["code"] for one in tablets if it in one["customers"]],
        }
        for it, said in sorted(items.items())
    ]
    return {
        "id": handover_id,
        **{name: fields[name] for name in ("state", "reason", "effective_on")},
        "people": {part: {"id": it, "name": people.get(it)} for part, it in parts.items()},
        "ruled_by": {it: people.get(it) for it in sorted(ruled)},
        "signed": signed_by(fields),
        "customers": shown,
        "tablets": tablets,
    }


def may_see(who: Bearer, fields: Mapping[str, Json]) -> bool:
    """Tell whether somebody sees a handover of their branch: by the role, or as one of its three people."""
    return who.role in SEES_ALL or who.user in {fields.get(it) for it in PEOPLE}


def _knows(who: Bearer, fields: Mapping[str, Json]) -> bool:
    """Tell whether somebody may know who the customers are: who has them, and who looks at them."""
    if who.role in SEES_ALL:
        return True
    if who.user == fields["from_officer_id"]:
        return bool(fields["state"] != "effective")
    return fields["state"] not in ("draft", "cancelled")


def signed_by(fields: Mapping[str, Json]) -> list[str]:
    """Return the ids of those whose signature a handover has."""
    paths = (it for it in fields if it.startswith("signed_by.") and it.endswith(".user"))
    return sorted({fields[it] for it in paths if fields[it]})


# -------------------------------------------------------------------------------------------- read


def _names(connection: Connection, branch: str, ids: list[str]) -> dict[str, str]:
    query = select(record.c.id, record.c.fields).where(
        record.c.branch == branch, bulk.among(connection, record.c.id, ids)
    )
    return {it.id: it.fields.get("name") for it in connection.execute(query)} if ids else {}


def _people(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    query = select(account.c.id, account.c.name).where(account.c.id.in_(sorted(ids)))
    return {it.id: it.name for it in connection.execute(query)}


def _users(connection: Connection, branch: str, wish: HandoverRequest) -> dict[str, str]:
    """Return the ids of the three people, by their part."""
    parts = {"outgoing": wish.outgoing, "incoming": wish.incoming, "witness": wish.witness}
    query = select(account.c.username, account.c.id).where(
        account.c.branch == branch, account.c.active == 1, account.c.username.in_(parts.values())
    )
    known = {it.username: it.id for it in connection.execute(query)}
    faults = [Fault(None, part, "unknown-record") for part, it in parts.items() if it not in known]
    if faults:
        raise problems.BadRequestError(errors=faults)
    return {part: known[it] for part, it in parts.items()}


def held(connection: Connection, branch: str, officer: str) -> dict[str, str]:
    """Return the customers whose primary officer somebody is: names by id."""
    query = select(record).where(
        record.c.branch == branch, record.c.type == "customer", record.c.deleted == 0
    )
    return {
        it.id: it.fields.get("name") or ""
        for it in map(store.state_of, connection.execute(query))
        if (officer, "primary", None) in {(one.user, one.role, one.ended) for one in it.holders}
    }


def _chosen(
    connection: Connection, branch: str, officer: str, wanted: Sequence[str] | None
) -> list[str]:
    """Return the customers to be listed: those of *wanted*, which must be the officer's, or all of his."""
    known = held(connection, branch, officer)
    listed = sorted(known if wanted is None else set(wanted))
    if not listed:
        raise problems.BadRequestError(errors=[Fault(None, "customers", "required")])
    if set(listed) - set(known):
        raise problems.BadRequestError(errors=[Fault(None, "customers", "unknown-record")])
    return listed


def _snapshots(listed: Collection[str], standings: Sequence[Standing]) -> dict[str, Json]:
    """Return what each customer owes and the worst class of its loans, by path; money in fen."""
    owed: dict[str, int] = {}
    worst: dict[str, RiskClass] = {}
    for it in standings:
        customer = it.position.customer
        if customer in listed:
            owed[customer] = owed.get(customer, 0) + it.position.outstanding_fen
            worst[customer] = max(worst.get(customer, it.risk_class), it.risk_class)
    return {
        **{f"items.{it}.exposure_fen": fen for it, fen in owed.items()},
        **{f"items.{it}.class": found.code for it, found in worst.items()},
    }


def _items(fields: Mapping[str, Json]) -> dict[str, dict[str, Json]]:
    """Return what is said of each customer on the list."""
    items: dict[str, dict[str, Json]] = {it: {} for it in customers(fields)}
    for path, value in fields.items():
        key = map_key(path)
        if key is not None and key[0] == "items" and key[1] in items:
            items[key[1]][path.rpartition(".")[2]] = value
    return items


def _tablets(
    connection: Connection, branch: str, officer: str, about: set[str]
) -> list[dict[str, Json]]:
    """Return the tablets of an officer, and others with unsent work for one of *about*."""
    query = (
        select(device, account.c.name.label("user_name"))
        .join(account, account.c.id == device.c.user)
        .where(device.c.branch == branch, device.c.kind == "tablet", device.c.state != "wiped")
        .order_by(device.c.created_at)
    )
    found = []
    for it in connection.execute(query):
        waiting = json.loads(it.waiting) if it.waiting else {}
        named = [one for one in waiting.get("customers", []) if one in about]
        if it.user != officer and not named:
            continue
        found.append({
            "id": it.id, "name": it.name or it.code, "code": it.code, "state": it.state,
            "user": it.user, "user_name": it.user_name,
            "last_contact_at": it.last_contact_at, "clean_at": it.clean_at,
            "sets": waiting.get("sets", 0), "drafts": waiting.get("drafts", 0),
            "customers": named,
        })  # fmt: skip
    return found
