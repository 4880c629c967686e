"""One round trip of a device: apply its sets, then answer with the first page of what is new."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, Row, case, or_, select, update
from sqlalchemy.exc import OperationalError

from schemas import limits, problems
from schemas.declare import Registry
from schemas.values import format_instant, parse_instant
from schemas.wire import sync as wire
from schemas.words import Lang, fault_message, say
from server import bulk, chain, cursor, pull, push, store
from server.accounts import account, device, known_through
from server.db import reading, writing
from server.keys import Keys
from server.offers import Contact, Offer, read_offers, unreadable
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
        page = self._pull(request, answered, results)
        left = {it["customer"]: it for it in page.left}
        for customer in self._outside(answered):
            left.setdefault(customer, {"customer": customer, "reason": "not-in-scope"})
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
        for offer in offers:
            one, contact = self._push_alone(request, offer)
            done.results += one.results
            done.known_through = one.known_through
            done.outside |= one.outside
            done.unsure |= one.unsure
        return done, contact

    def _push_alone(self, request: wire.SyncRequest, offer: Offer) -> tuple[push.Answered, Contact]:
        """Apply one set by itself; what nobody can apply lies in quarantine and stops nobody's work."""
        try:
            return self._push_together(request, [offer])
        except (problems.XiangxinError, OperationalError):
            raise  # the database's trouble is not the set's
        except Exception as error:  # the top of a sync round
            log.error("set_failed", device=self.bearer.device, number=offer.number, exc_info=error)
            return self._push_together(request, [unreadable(offer)])

    def _push_together(
        self, request: wire.SyncRequest, offers: Sequence[Offer]
    ) -> tuple[push.Answered, Contact]:
        with writing(self.engine) as connection:
            row = self._touch(connection, request)
            contact = self._contact(row, request)
            known = int(row.known_through)
            if request.epoch is not None and request.epoch != row.epoch:
                raise problems.EpochChangedError(epoch=row.epoch, known_through=known)
            return push.apply(connection, self.registry, contact, offers, known), contact

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
        user = select(account.c.role).where(account.c.id == device.c.user, account.c.active == 1)
        branch = store.branch
        named = select(branch.c.epoch).where(branch.c.id == device.c.branch)
        code = select(branch.c.code).where(branch.c.id == device.c.branch)
        query = (
            update(device)
            .where(device.c.id == self.bearer.device, device.c.user == self.bearer.user)
            .values(values)
            .returning(
                device.c.state,
                device.c.skew_ms,
                case((device.c.clean_at == now, device.c.earlier_clean_at), else_=device.c.clean_at).label("clean_at"),
                device.c.branch,
                (device.c.head_at == now).label("wants_head"),
                user.scalar_subquery().label("role"),
                named.scalar_subquery().label("epoch"),
                code.scalar_subquery().label("code"),
                known_through(device.c.id).label("known_through"),
            )
        )  # fmt: skip
        row = connection.execute(query).first()
        if row is None or row.role is None or row.branch != self.bearer.branch:
            raise problems.UnauthenticatedError
        if row.state == "wiped":
            raise problems.DeviceWipedError
        if row.state == "locked":
            raise problems.DeviceLockedError
        return row

    def _contact(self, row: Row[Any], request: wire.SyncRequest) -> Contact:
        actor = Actor(self.bearer.user, row.role, self.bearer.device)
        clean = parse_instant(row.clean_at) if row.clean_at else None
        today = self.settings.today(self.now).isoformat()
        skew = row.skew_ms if request.sent_at else 0
        return Contact(
            actor, row.branch, row.code, self.now, today, skew, clean, bool(row.wants_head)
        )

    # ------------------------------------------------------------------------------------- pull

    def _pull(
        self, request: wire.SyncRequest, answered: push.Answered, results: list[dict[str, Json]]
    ) -> pull.Page:
        at: cursor.Cursor | None = None
        user, branch = self.bearer.user, self.bearer.branch
        try:
            if request.cursor is not None:
                at = cursor.unseal(
                    request.cursor, self.keys.derive("cursor"), self.bearer.device, user,
                    request.epoch or "", 2**62,
                )  # fmt: skip
            with reading(self.engine) as connection:
                start = at.at if at else 0
                rows = pull.read_rows(connection, branch, user, start, request.page, request.digest)
            if at is not None and max(at.at, at.run) > rows[0].head:
                raise problems.BadCursorError
        except problems.BadCursorError as error:
            known = answered.known_through
            raise problems.BadCursorError(results=results, known_through=known) from error
        return pull.make_page(self.registry, rows, at, request.page, request.digest, answered)

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
                held = {it.record for it in connection.execute(query)}
            answered.outside |= set(unsure) - held
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
