"""The queue of conflicts, and the page that settles one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from schemas import problems
from schemas.conflict import CONFLICT
from schemas.declare import Json
from schemas.values import derived_id
from schemas.wire.requests import ResolveRequest
from schemas.words import REASONS, describe, pick
from server import decisions
from server.context import Context, context
from server.db import reading, writing
from server.logs import note
from server.store import state_of
from server.web import conflict_page, duplicate_page, entered, queries, visitor
from server.web.conflict_page import Facts
from server.web.duplicate_page import Twin
from server.web.figures import authors
from server.web.listed import Item, kind_of, list_items, name_of, person, what_of
from server.web.shown import ids_in, title_of
from server.web.site import pages, speech
from server.web.views import paged
from server.web.visitor import Visitor
from sync.work import current

ROWS_A_PAGE = 30
STATUSES = {"open": "open", "settled": "resolved"}


@dataclass(frozen=True)
class Loaded:
    """One conflict with everything that its page names, as of the log position `base`."""

    row: Any
    facts: Facts
    customer: Any
    base: int
    queue: Sequence[Item]
    counts: Mapping[str, int]
    deciders: Sequence[Any]

    @property
    def fields(self) -> Mapping[str, Json]:
        """The fields of the conflict's record."""
        fields: Mapping[str, Json] = self.row.fields
        return fields


# ---------------------------------------------------------------------------------------- queue


@pages.get("/conflicts")
def conflicts() -> str:
    """List the branch's conflicts, open ones oldest first."""
    who, parts = visitor.present(), context()
    shown = request.args.get("show", "open")
    shown = shown if shown in STATUSES else "open"
    with reading(parts.engine) as connection:
        counts = queries.count_conflicts(connection, who.branch)
        count = counts.get(STATUSES[shown], 0)
        page, many = paged(count, request.args.get("page"), ROWS_A_PAGE)
        queue = _queue(connection, parts, who, STATUSES[shown], (page - 1) * ROWS_A_PAGE)
    return render_template(
        "conflicts.html", queue=queue, show=shown, counts=counts, page=page, pages=many,
        open_conflicts=counts.get("open", 0),
    )  # fmt: skip


def _queue(
    connection: Connection, parts: Context, who: Visitor, status: str, offset: int = 0
) -> list[Item]:
    rows = queries.conflicts(connection, who.branch, status, ROWS_A_PAGE, offset)
    customers = {it.customer for it in rows if it.customer}
    people = {user for it in rows for user in authors(it.fields)}
    return list_items(
        parts.registry, speech(), who.user, rows,
        queries.records_by_id(connection, who.branch, customers),
        queries.names_of_people(connection, people),
    )  # fmt: skip


# ------------------------------------------------------------------------------------- one of them


@pages.get("/conflicts/<conflict_id>")
def conflict(conflict_id: str) -> Response:
    """Show one conflict and, to whoever may settle it, the form."""
    who, parts = visitor.present(), context()
    with reading(parts.engine) as connection:
        loaded = _load(connection, parts, who, conflict_id)
    return _show(loaded, {}, {}, 200)


def _load(connection: Connection, parts: Context, who: Visitor, conflict_id: str) -> Loaded:
    """Read a conflict; the log's head comes first, so that nothing shown is newer than it by mistake.

    Raises:
        problems.NotFoundError: there is none of that id in the visitor's branch.
    """
    base = queries.head(connection, who.branch)
    row = queries.conflict(connection, who.branch, conflict_id)
    if row is None:
        raise problems.NotFoundError
    fields = row.fields
    entries = [fields["kept"], *fields["others"]]
    values = [fields.get("base_value"), *(it["value"] for it in entries)]
    ids = {fields["record"], row.customer, *ids_in(values)} - {None}
    records = queries.records_by_id(connection, who.branch, ids)
    twins = _twins(fields, records)
    held = ids_in(it.fields for it in twins) | {it.officer for it in twins}
    records |= queries.records_by_id(connection, who.branch, held - set(records))
    people = {
        *(it["by"] for it in entries), fields.get("resolved_by"), *ids_in(values), *held,
    } - {None}  # fmt: skip
    devices = {it["device"] for it in entries if it["device"]}
    names = queries.names_of_people(connection, people)
    record = records.get(fields["record"])
    facts = Facts(
        fields,
        _now_value(parts, record, fields),
        names,
        {**_titles(parts, records), **names},
        queries.tablet_codes(connection, devices),
        derived_id("server", who.branch),
        record.changed_at if record is not None else row.changed_at,
        [replace(it, officer=names.get(it.officer, "")) for it in twins],
    )
    counts = queries.count_conflicts(connection, who.branch)
    queue = _queue(connection, parts, who, "open")
    deciders = queries.deciders(connection, who.branch, conflict_page.DECIDING_ROLES)
    return Loaded(row, facts, records.get(row.customer), base, queue, counts, deciders)


def _twins(fields: Mapping[str, Json], records: Mapping[str, Any]) -> list[Twin]:
    """Return the customers whom a duplicate is about, each with the id of whoever is responsible."""
    if fields["kind"] != "duplicate":
        return []
    named = [it["value"]["customer"] for it in (fields["kept"], *fields["others"])]
    return [Twin(it, records[it].fields, _primary(records[it])) for it in named if it in records]


def _primary(row: Any) -> str:
    held = (it for it in state_of(row).holders if it.role == "primary" and it.ended is None)
    return next((it.user for it in held), "")


def _now_value(parts: Context, record: Any, fields: Mapping[str, Json]) -> Json:
    declared = parts.registry.get(fields["record_type"])
    unit = fields.get("field")
    if record is None or declared is None or unit is None:
        return fields["kept"]["value"]
    return current(state_of(record), declared, unit)


def _titles(parts: Context, records: Mapping[str, Any]) -> dict[str, str]:
    found = {key: title_of(parts.registry, it, speech().lang) for key, it in records.items()}
    return {key: title for key, title in found.items() if title}


def _show(
    loaded: Loaded, typed: Mapping[str, str], faults: Mapping[str, str], status: int
) -> Response:
    who, parts, said = visitor.present(), context(), speech()
    fields = loaded.fields
    page = conflict_page.page_of(parts.registry, said, who.user, loaded.facts, typed)
    note(
        conflict=loaded.row.id,
        unmasked=sum(bool(row.hidden) for it in page.versions for row in it.rows),
    )
    taken = conflict_page.settled_by_entry(fields)
    body = render_template(
        "conflict.html",
        id=loaded.row.id,
        fields=fields,
        page=page,
        standing=conflict_page.standing_of(
            fields, who.user, who.settles(bool(fields.get("sensitive")))
        ),
        deciders=conflict_page.may_decide(fields, loaded.deciders),
        customer=name_of(loaded.customer),
        customer_id=loaded.row.customer,
        what=what_of(parts.registry, said.lang, fields),
        kind=kind_of(said.lang, fields),
        opened_at=loaded.row.opened_at,
        base=loaded.base,
        typed=typed,
        faults=faults,
        resolver=person(said, who.user, fields.get("resolved_by"), loaded.facts.people),
        taken=person(said, who.user, taken.get("by"), loaded.facts.people) if taken else "",
        settled_at=loaded.row.changed_at,
        reopen_until=conflict_page.reopen_until(loaded.row.changed_at),
        queue=loaded.queue,
        counts=loaded.counts,
        following=next((it for it in loaded.queue if it.id != loaded.row.id), None),
        open_conflicts=loaded.counts.get("open", 0),
    )
    return make_response(body, status)


# ------------------------------------------------------------------------------------- settling


@pages.post("/conflicts/<conflict_id>")
def settle(conflict_id: str) -> Response:
    """Settle a conflict as the form says, or show what is missing in it."""
    who, parts = visitor.present(), context()
    typed = dict(request.form.items())
    with reading(parts.engine) as connection:
        loaded = _load(connection, parts, who, conflict_id)
    if not who.settles(bool(loaded.fields.get("sensitive"))):
        raise problems.NotPermittedError
    choice, faults = _read(loaded, typed)
    if loaded.fields["status"] == "resolved":
        return _said(conflict_id, "said.already", "warn")
    if choice is None or faults:
        return _show(loaded, typed, faults, 422)
    base = _base(typed.get("base"), loaded.base)
    try:
        with writing(parts.engine) as connection:
            contact = decisions.web_contact(connection, who.bearer(), parts.settings, parts.now())
            result = decisions.resolve_conflict(
                connection, parts.registry, contact, conflict_id, choice, base
            )
    except problems.AlreadyResolvedError:
        return _said(conflict_id, "said.already", "warn")
    except (problems.BadRequestError, problems.NotPermittedError) as error:
        return _show(loaded, typed, _refusal(parts, loaded, error), 422)
    note(conflict=conflict_id, outcome=result["status"])
    stays_open = result["status"] == "conflict"
    return _said(conflict_id, *(("said.joined", "warn") if stays_open else ("said.saved", "ok")))


def _said(conflict_id: str, key: str, tone: str) -> Response:
    flash(speech().t(key), tone)
    return redirect(url_for("web.conflict", conflict_id=conflict_id), 303)


def _read(loaded: Loaded, typed: Mapping[str, str]) -> tuple[ResolveRequest | None, dict[str, str]]:
    """Return the choice that a form makes, and what is missing in it by the name of the input."""
    said, fields = speech(), loaded.fields
    faults: dict[str, str] = {}
    meant, survivor, value = _meant(loaded, typed)
    if meant is None:
        is_twin = fields["kind"] == "duplicate"
        faults["choice"] = said.t("choose.twin" if is_twin else "choose.which")
    elif meant[0] == "custom":
        value, unread = _own_value(loaded, typed)
        faults |= unread
    comment = entered.tidy(typed.get("comment", ""))
    delicate = fields.get("sensitive") or (meant is not None and meant[0] == "custom")
    kind = CONFLICT.field("comment")
    if delicate and not comment:
        faults["comment"] = said.t("comment.write")
    elif comment and kind and (reason := kind.kind.problem(comment)):
        faults["comment"] = pick(REASONS[reason], said.lang)
    if meant is None:
        return None, faults
    return ResolveRequest(meant[0], meant[1], value, comment or None, survivor, None), faults


def _meant(
    loaded: Loaded, typed: Mapping[str, str]
) -> tuple[tuple[str, dict[str, Json] | None] | None, str | None, Json]:
    """Return the resolution and the entry that a form chooses; of two customers who stays, and takes what."""
    fields, choice = loaded.fields, typed.get("choice", "")
    declared = context().registry.get(fields["record_type"])
    if fields["kind"] != "duplicate" or declared is None:
        return conflict_page.choice_of(fields, choice), None, None
    pair = loaded.facts.pair
    found = duplicate_page.choice_of(choice, pair)
    if found is None or found[1] is None:
        return (None if found is None else (found[0], None)), None, None
    return (found[0], None), found[1], duplicate_page.taken(declared, pair, found[1], typed) or None


def _own_value(loaded: Loaded, typed: Mapping[str, str]) -> tuple[Json, dict[str, str]]:
    fields = loaded.fields
    declared, unit = context().registry.get(fields["record_type"]), fields.get("field")
    if declared is None or unit is None:
        return None, {"choice": speech().t("choose.which")}
    return entered.read(declared, speech(), unit, typed, fields["kept"]["value"])


def _base(text: str | None, head: int) -> int:
    """Return the log position that the visitor had seen.

    Raises:
        problems.BadRequestError: the form does not say it, or names one that does not exist.
    """
    if not text or not text.isascii() or not text.isdigit() or len(text) > 18 or int(text) > head:
        raise problems.BadRequestError
    return int(text)


def _refusal(parts: Context, loaded: Loaded, error: problems.XiangxinError) -> dict[str, str]:
    """Return why the branch did not take a decision, by the input it is about."""
    found: dict[str, str] = {}
    for fault in error.errors:
        declared = (
            CONFLICT if fault.change == 0 else parts.registry.get(loaded.fields["record_type"])
        )
        place = (
            "comment"
            if fault.field == "comment"
            else f"{duplicate_page.TAKE if loaded.facts.pair else 'value-'}{fault.field}"
            if fault.change
            else "choice"
        )
        found.setdefault(place, describe(fault, declared, speech().lang))
    return found or {"choice": speech().t("choose.which")}


@pages.get("/conflicts/<conflict_id>/reopen", endpoint="reopened")
def back_to_conflict(conflict_id: str) -> Response:
    """Send whoever opens the address of the button to the conflict."""
    return redirect(url_for("web.conflict", conflict_id=conflict_id), 303)


@pages.post("/conflicts/<conflict_id>/reopen")
def reopen(conflict_id: str) -> Response:
    """Open a settled conflict again."""
    who, parts = visitor.present(), context()
    if not who.decides:
        raise problems.NotPermittedError
    try:
        with writing(parts.engine) as connection:
            contact = decisions.web_contact(connection, who.bearer(), parts.settings, parts.now())
            decisions.reopen_conflict(connection, parts.registry, contact, conflict_id)
    except problems.BadRequestError:
        return _said(conflict_id, "said.not-reopened", "warn")
    return _said(conflict_id, "said.reopened", "ok")
