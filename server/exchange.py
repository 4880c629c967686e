"""One round trip of a device: apply its sets, then answer with the first page of what is new."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Connection, Engine, Row, case, or_, select, update

from schemas import limits, problems, versions
from schemas.declare import Registry
from schemas.values import format_instant, parse_instant
from schemas.wire import sync as wire
from schemas.words import Lang, fault_message, say
from server import bulk, chain, cursor, held, keeping, last_days, pull, push, store
from server.accounts import account, device, held_sets, known_through
from server.db import is_trouble, reading, writing
from server.endings import end_due
from server.keys import Keys
from server.lens import Lens
from server.offers import Contact, Offer, read_offers, refused
from server.settings import Settings
from server.tokens import Bearer
from sync.clock import estimate_skew_ms
from sync.scope import Actor

Json = Any
log = structlog.get_logger()
FIELD_ROLES = ("officer", "supervisor", "auditor")
NOTICE_SKEW_MS = 120_000
HEAD_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Exchange:
    """What a round trip needs: where the data is, who asks, when, in which language to answer."""

    engine: Engine
    registry: Registry
    settings: Settings
    keys: Keys
    bearer: Bearer
    now: datetime
    language: Lang

    def run(self, body: Json) -> dict[str, Json]:
        """Serve one request of `POST /api/v1/sync`.

        Raises:
            problems.XiangxinError: as protocol.md, sections 2 and 12 say; those that concern only the pull
                carry the results of the sets.
        """
        if self.bearer.role not in FIELD_ROLES:
            raise problems.NotPermittedError
        request = wire.parse_sync_request(body)
        if len(request.sets) > limits.CHANGES_PER_REQUEST:
            raise problems.TooLargeError  # also of sets that change nothing
        offers = read_offers(request.sets, self.registry)
        answered, contact = self._push(request, offers)
        results = [self._worded(it) for it in answered.results]
        if contact.is_locked:
            known = answered.known_through
            raise problems.DeviceLockedError(results=results, known_through=known)
        page = self._pull(request, answered, results)
        left = {it["customer"]: it for it in page.left}
        for customer in self._outside(answered):
            left.setdefault(customer, _left(customer, answered))
        answer: dict[str, Json] = {
            "server_time": format_instant(self.now),
            "epoch": page.epoch,
            "known_through": answered.known_through,
            "results": results,
            "left": list(left.values()),
            "records": page.records,
            "cursor": self._sealed(page),
            "position": page.position,
            "more": page.more,
            "notices": self._notices(contact),
        }
        if page.digest is not None:
            answer["digest"] = page.digest
        if contact.wants_head:
            answer["head"] = chain.signed_head(self.keys, self.bearer.branch, page.head, page.hash)
        return answer

    # ------------------------------------------------------------------------------------- push

    def _push(
        self, request: wire.SyncRequest, offers: Sequence[Offer]
    ) -> tuple[push.Answered, Contact]:
        try:
            return self._push_together(request, offers)
        except problems.XiangxinError:
            raise
        except Exception as error:  # the top of a sync round: try again, set by set
            log.warning("push_failed", device=self.bearer.device, reason=type(error).__name__)
            if not offers:
                raise
        done = push.Answered()
        for place, offer in enumerate(offers, 1):
            asked = request.held if place == len(offers) else ()
            one, contact = self._push_alone(replace(request, held=asked), offer)
            done.results += one.results
            done.known_through = one.known_through
            done.created |= one.created
            done.outside |= one.outside
            done.unsure |= one.unsure
            done.absorbed |= one.absorbed
            for record, changes in one.sent.items():
                done.sent.setdefault(record, []).extend(changes)
        return done, contact

    def _push_alone(self, request: wire.SyncRequest, offer: Offer) -> tuple[push.Answered, Contact]:
        """Apply one set by itself; what nobody can apply lies in quarantine and stops nobody's work."""
        try:
            return self._push_together(request, [offer])
        except problems.XiangxinError:
            raise
        except Exception as error:  # the top of a sync round
            if is_trouble(error):
                raise  # the database's trouble is not the set's
            log.error("set_failed", device=self.bearer.device, number=offer.number, exc_info=error)
            return self._push_together(request, [refused(offer, "unreadable")])

    def _push_together(
        self, request: wire.SyncRequest, offers: Sequence[Offer]
    ) -> tuple[push.Answered, Contact]:
        with writing(self.engine) as connection:
            row = self._touch(connection, request)
            contact = self._contact(row, request)
            known = int(row.known_through)
            if request.epoch is not None and request.epoch != row.epoch:
                waits = held_sets(connection, self.bearer.device)
                raise problems.EpochChangedError(epoch=row.epoch, known_through=known, **waits)
            self._let_end(connection, row)
            if row.is_held_long:
                held.expire(connection, self.registry, contact)
            if contact.is_locked:
                offers = [refused(it, "device-locked") for it in offers]
            done = push.apply(connection, self.registry, contact, offers, known, request.held)
            return done, contact

    def _let_end(self, connection: Connection, row: Row[Any]) -> None:
        """See to what falls due by itself in the branch, before anything is decided or pulled."""
        if row.is_due:
            end_due(connection, self.registry, self.settings, row.branch, self.now)
        if keeping.needs_purge(row.purged_at, self.now):
            keeping.purge(connection, row.branch, self.settings.keep_days, self.now)

    def _touch(self, connection: Connection, request: wire.SyncRequest) -> Row[Any]:
        """Note the contact and read everything about the device, its user and branch, in one statement."""
        now = format_instant(self.now)
        values: dict[str, Any] = {"last_contact_at": now}
        hour_ago = format_instant(self.now - HEAD_EVERY)
        is_due = or_(device.c.head_at.is_(None), device.c.head_at < hour_ago)
        values["head_at"] = case((is_due, now), else_=device.c.head_at)
        if request.waiting is not None:
            values["waiting"] = json.dumps(asdict(request.waiting))
            if request.waiting.sets == 0:
                values |= {"earlier_clean_at": device.c.clean_at, "clean_at": now}
        skew = _skew_ms(request.sent_at, self.now)
        if skew is not None:
            values["skew_ms"] = skew
        query = (
            update(device)
            .where(device.c.id == self.bearer.device, device.c.user == self.bearer.user)
            .values(values)
            .returning(
                *self._facts(),
                case((device.c.clean_at == now, device.c.earlier_clean_at), else_=device.c.clean_at).label("clean_at"),
                (device.c.head_at == now).label("wants_head"),
            )
        )  # fmt: skip
        row = connection.execute(query).first()
        if row is None or row.role is None or row.branch != self.bearer.branch:
            raise problems.UnauthenticatedError
        if row.state == "wiped":
            connection.commit()  # it was heard: what was to be destroyed has been told so
            raise problems.DeviceWipedError
        return row

    def _facts(self) -> list[ColumnElement[Any]]:
        """Return what is to be known of the device, its user and its branch."""
        branch = store.branch
        mine = branch.c.id == device.c.branch
        user = select(account.c.role).where(account.c.id == device.c.user, account.c.active == 1)
        today = self.settings.today(self.now).isoformat()
        return [
            device.c.state,
            device.c.skew_ms,
            device.c.branch,
            user.scalar_subquery().label("role"),
            *(
                select(it).where(mine).scalar_subquery().label(it.name)
                for it in (branch.c.epoch, branch.c.code, branch.c.purged_at)
            ),
            last_days.is_due(device.c.branch, today).label("is_due"),
            held.is_due(device.c.branch, self.now).label("is_held_long"),
            known_through(device.c.id).label("known_through"),
        ]

    def _contact(self, row: Row[Any], request: wire.SyncRequest) -> Contact:
        actor = Actor(self.bearer.user, row.role, self.bearer.device)
        clean = parse_instant(row.clean_at) if row.clean_at else None
        today = self.settings.today(self.now).isoformat()
        skew = row.skew_ms if request.sent_at else 0
        return Contact(
            actor, row.branch, row.code, self.now, today, skew, clean, bool(row.wants_head),
            row.state == "locked",
        )  # fmt: skip

    # ------------------------------------------------------------------------------------- pull

    def _pull(
        self, request: wire.SyncRequest, answered: push.Answered, results: list[dict[str, Json]]
    ) -> pull.Page:
        at: cursor.Cursor | None = None
        user, branch = self.bearer.user, self.bearer.branch
        schema = min(request.schema, self.registry.schema)
        if schema not in versions.spoken(self.registry):
            known = answered.known_through
            raise problems.UpgradeNeededError(results=results, known_through=known)
        try:
            if request.cursor is not None:
                at = cursor.unseal(
                    request.cursor, self.keys.derive("cursor"), self.bearer.device, user,
                    request.epoch or "", 2**62,
                )  # fmt: skip
            shown = at.shown_in(schema, at.run) if at else None
            lens = Lens.of(self.registry, schema, shown)
            with reading(self.engine) as connection:
                rows = pull.read_rows(
                    connection, branch, user, shown, request.page, request.digest, lens
                )
            if at is not None and max(at.start, at.at, at.run) > rows[0].head:
                raise problems.BadCursorError
            if at and keeping.is_too_old(at, rows[0].kept_from, rows[0].head, self.settings):
                raise problems.StartOverError
        except (problems.BadCursorError, problems.StartOverError) as error:
            known = answered.known_through
            raise type(error)(results=results, known_through=known) from error
        return pull.make_page(lens, rows, at, request.page, request.digest, answered)

    def _sealed(self, page: pull.Page) -> str:
        return cursor.seal(
            page.cursor,
            self.keys.derive("cursor"),
            self.bearer.device,
            self.bearer.user,
            page.epoch,
        )

    def _outside(self, answered: push.Answered) -> list[str]:
        """Return the customers named in results that are not in the device's scope now."""
        unsure = sorted(answered.unsure)
        if unsure:
            feed = store.feed
            with reading(self.engine) as connection:
                query = select(feed.c.record).where(
                    feed.c.owner == self.bearer.user,
                    feed.c.kind == "record",
                    bulk.among(connection, feed.c.record, unsure),
                )
                there = {it.record for it in connection.execute(query)}
            answered.outside |= set(unsure) - there
        return sorted(answered.outside)

    def _worded(self, result: dict[str, Json]) -> dict[str, Json]:
        if "errors" not in result:
            return result
        errors = [worded(self.registry, it, self.language) for it in result["errors"]]
        return {**result, "errors": errors}

    def _notices(self, contact: Contact) -> list[dict[str, Json]]:
        if abs(contact.skew_ms) <= NOTICE_SKEW_MS:
            return []
        seconds = contact.skew_ms // 1000
        message = say("notice.clock-skew", self.language, seconds=seconds)
        return [{"code": "clock-skew", "seconds": seconds, "message": message}]


def _left(customer: str, answered: push.Answered) -> dict[str, Json]:
    """Return why a customer named in a set of this request is not the device's to hold."""
    if customer in answered.absorbed:
        return pull.merged(customer, answered.absorbed[customer])
    return {"customer": customer, "reason": "not-in-scope"}


def worded(registry: Registry, fault: dict[str, Json], language: Lang) -> dict[str, Json]:
    """Return a stored fault with its message in the reader's language."""
    message = fault_message(fault["code"], fault.get("reason"), fault.get("rule"), None, language)
    kept = {key: fault.get(key) for key in ("change", "field", "code")}
    rule = {"rule": fault["rule"]} if fault.get("rule") else {}
    return {**kept, "message": message, **rule}


def _skew_ms(sent_at: str | None, now: datetime) -> int | None:
    try:
        return estimate_skew_ms(parse_instant(sent_at), now)
    except ValueError:
        return None
