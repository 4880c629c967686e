"""What a push touches, from the tables into the engine's ledger, in one read."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    Text,
    and_,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from server import bulk
from server.store import LINKS, LOG_COLUMNS, change_set, entry_of, log, record, state_of
from sync.ledger import Ledger
from sync.scope import Actor


def load_touched(
    connection: Connection,
    ledger: Ledger,
    branch_id: str,
    ids: Iterable[str],
    above: int,
    created: Collection[str] = (),
    children: bool = False,
    quiet: Collection[str] = (),
    actor: Actor | None = None,
    identities: Collection[str] = (),
    beside: tuple[Collection[str], Collection[str]] | None = None,
) -> set[str]:
    """Load records by id, what is about them (conflicts, assignments) or they about, in one read.

    Each brings the rows of its log above the position *above*, none where it has not changed since;
    all of them where its id is in *created*: it is made a second time, and where *actor*'s user made it
    on another device: this one may have sent that again, and then it counts as its own (section 8).
    Of those in *quiet* even rows that changed nothing count. *children*: load what names one of the
    records as its parent as well. *identities*: hashes of identities; who is that person already is loaded, with all
    of its log. With an absorbed customer comes who it was merged into. *beside*: customers, and the
    types of their and the branch's records at which guards look. What the ledger has already stays as it is.

    Returns:
        The ids of sets in these rows that *actor*'s device sent again, and another of its user first.
    """
    wanted = bulk.listed(connection, ids).cte("wanted")
    named = select(wanted.c.value)
    here = record.c.branch == branch_id
    near = [
        named,
        select(record.c.id).where(here, record.c.subject.in_(named)),
        select(record.c.subject).where(here, record.c.id.in_(named)),
        # Whose they are: a record under no customer may name those of several, as a deposit does.
        select(record.c.customer).where(here, record.c.id.in_(named)),
    ]
    if children:
        near.append(select(record.c.id).where(here, record.c.parent.in_(named)))
    again = bulk.among(connection, record.c.id, created)
    survivors = select(record.c.subject).where(
        here, record.c.id.in_(named), record.c.type == "customer"
    )
    near.append(_about(branch_id, survivors))
    if identities:
        is_same = bulk.among(connection, record.c.identity, identities)
        same = select(record.c.id).where(here, is_same)
        near += [same, _about(branch_id, same)]
        again = or_(again, is_same)
    if beside is not None:
        near.append(_beside(connection, branch_id, *beside))
    if actor:
        again = or_(again, and_(record.c.id.in_(named), _made_elsewhere(actor)))
    floor = case((again, 0), else_=literal(above, BigInteger()))
    history = bulk.gathered(connection, log).where(
        log.c.branch == record.c.branch, log.c.record == record.c.id, log.c.position > floor
    )
    stale = or_(record.c.version > floor, bulk.among(connection, record.c.id, quiet))
    since = case((stale, history.correlate(record).scalar_subquery()))
    resent = case((stale, _resent(actor, floor))) if actor else literal(None)
    query = select(record, since.label("since"), resent.label("resent"))
    found_rows = connection.execute(query.where(here, record.c.id.in_(union_all(*near)))).all()
    rows = [it for it in found_rows if it.id not in ledger.records]
    ledger.load(map(state_of, rows))
    for row in rows:
        if row.parent is not None:
            ledger.children[row.parent].append(row.id)
        since_then = json.loads(row.since or "[]")
        found = [SimpleNamespace(**dict(zip(LOG_COLUMNS, it, strict=True))) for it in since_then]
        found.sort(key=lambda it: it.position)
        ledger.history[row.id].extend(map(entry_of, found))
    return {it for row in rows if row.resent for it in row.resent.split(",")}


def _about(branch_id: str, subjects: Select[Any]) -> Select[Any]:
    """Return the query of the records that are about one of *subjects*."""
    about = record.alias("about")
    return select(about.c.id).where(about.c.branch == branch_id, about.c.subject.in_(subjects))


def load_under(
    connection: Connection, ledger: Ledger, branch_id: str, customers: Iterable[str]
) -> None:
    """Load every record under *customers*, without its log: what a merge moves."""
    query = select(record).where(
        record.c.branch == branch_id, bulk.among(connection, record.c.customer, customers)
    )
    rows = (it for it in connection.execute(query) if it.id not in ledger.records)
    ledger.load(state_of(it) for it in rows)


def members(connection: Connection, branch_id: str, groups: Collection[str]) -> set[str]:
    """Return the customers who name one of the joint-liability *groups*."""
    group = record.c.fields.op("->>", return_type=Text())(literal_column("'group_id'"))
    query = select(record.c.id).where(
        record.c.branch == branch_id, record.c.type == "customer", record.c.deleted == 0,
        bulk.among(connection, group, groups),
    )  # fmt: skip
    return set(connection.execute(query).scalars())


def _beside(
    connection: Connection, branch_id: str, customers: Collection[str], types: Collection[str]
) -> Select[Any]:
    """Return the query of the records of *types* at which guards look beside what a set names.

    Those of *customers* (of an absorbed one, those of the survivor), of customers one step away (by a
    relationship or a guarantee, either way), and those that belong to no customer.
    """
    beside, here = record.alias("beside"), record.c.branch == branch_id
    asked = bulk.listed(connection, customers).cte("asked")
    survivors = select(record.c.subject).where(
        here, record.c.id.in_(select(asked.c.value)), record.c.type == "customer",
        record.c.subject.is_not(None),
    )  # fmt: skip
    named = union_all(select(asked.c.value), survivors).cte("meant")
    mine = record.c.customer.in_(select(named.c.value))
    towards = select(record.c.subject).where(here, record.c.type.in_(LINKS), mine)
    mine = record.c.subject.in_(select(named.c.value))
    back = select(record.c.customer).where(here, record.c.type.in_(LINKS), mine)
    circle = union_all(select(named.c.value), towards, back)
    # What somebody of the circle guarantees for others again, and the applications for which he does.
    theirs = record.c.type == "guarantor", record.c.subject.in_(circle)
    guarantees = select(record.c.id).where(here, *theirs)
    guaranteed = select(record.c.parent).where(here, *theirs)
    return select(beside.c.id).where(
        beside.c.branch == branch_id,
        beside.c.type.in_(sorted(types)),
        or_(
            beside.c.customer.is_(None),
            beside.c.customer.in_(circle),
            beside.c.id.in_(union_all(guarantees, guaranteed)),
        ),
    )


def _made_elsewhere(actor: Actor) -> ColumnElement[bool]:
    """Return whether a record was made by *actor*'s user, on another device than the actor's."""
    here, anywhere = (
        json.dumps(it)[1:] for it in ([actor.device, actor.user], [actor.user])
    )  # as `store` writes who made a record: position, device, user
    made = record.c.created
    return and_(made.endswith(anywhere, autoescape=True), ~made.endswith(here, autoescape=True))


def _resent(actor: Actor, floor: ColumnElement[int]) -> ScalarSelect[str]:
    """Return the query of the sets in a record's log above *floor* that the device sent again."""
    theirs = select(log.c.set_id).where(
        log.c.branch == record.c.branch, log.c.record == record.c.id, log.c.position > floor,
        log.c.user == actor.user, log.c.device != actor.device,
    )  # fmt: skip
    query = select(func.aggregate_strings(change_set.c.set_id, ",")).where(
        change_set.c.user == actor.user, change_set.c.device == actor.device,
        change_set.c.set_id.in_(theirs.correlate(record)),
    )  # fmt: skip
    return query.correlate(record).scalar_subquery()
