"""Apply the sets of one request: one bulk load, decide in memory, one bulk write (protocol.md, section 2)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select

from schemas import problems
from schemas.declare import Registry
from schemas.messages import Change, ChangeSet, Fault
from schemas.values import (
    canonical_json,
    format_instant,
    is_record_id,
    parse_instant,
    to_millis,
)
from schemas.wire import sync as wire
from server import bulk, store
from sync import clock
from sync.engine import Engine, Moment
from sync.ledger import Decided, Ledger
from sync.scope import Actor, standing

Json = Any
change_set = store.change_set


@dataclass(frozen=True)
class Contact:
    """One request of a device: who, when, and what is known of its clock.

    `skew_ms` is by how much the device's clock runs ahead; `clean_at` its last contact that ended with
    nothing waiting.
    """

    actor: Actor
    branch: str
    prefix: str
    now: datetime
    today: str
    skew_ms: int = 0
    clean_at: datetime | None = None
    wants_head: bool = False


@dataclass
class Answered:
    """The results of a request's sets, and what of the device's own work the pull may leave out."""

    results: list[dict[str, Json]] = field(default_factory=list)
    known_through: int = 0
    own: dict[str, dict[str, int]] = field(default_factory=dict)
    created: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Offer:
    """One set as it came: its JSON, the parsed set or its faults, and the hash of its content."""

    raw: Mapping[str, Json]
    parsed: ChangeSet | None
    faults: Sequence[Fault]
    content: str
    content_hash: str

    @property
    def number(self) -> int:
        """Return the set's number, which the envelope vouches for."""
        return int(self.raw["number"])

    @property
    def set_id(self) -> str:
        """Return the set's id; of a set without a good one, a stand-in that no other set has."""
        found = self.raw.get("id")
        return str(found) if is_record_id(found) else f"unreadable {self.number}"


def read_offers(raw_sets: Sequence[Mapping[str, Json]], registry: Registry) -> list[Offer]:
    """Parse every set of a request; what is wrong inside one becomes its faults."""
    return [offer(it, registry) for it in raw_sets]


def offer(raw: Mapping[str, Json], registry: Registry, carried_over: bool = False) -> Offer:
    """Parse one set as it came; *carried_over*: a lender's own data, of which less must be known."""
    parsed = wire.parse_set(raw, registry, carried_over)
    content = canonical_json({"id": raw.get("id"), "changes": raw.get("changes")})
    digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
    stored = json.dumps(raw, ensure_ascii=True, separators=(",", ":"))
    if isinstance(parsed, ChangeSet):
        return Offer(raw, parsed, (), stored, digest)
    return Offer(raw, None, parsed, stored, digest)


def unreadable(offer: Offer) -> Offer:
    """Return a set as one that cannot be read: it is kept in quarantine, and nothing of it is stored."""
    return replace(offer, parsed=None, faults=(Fault(None, None, "unreadable"),))


def apply(
    connection: Connection,
    registry: Registry,
    contact: Contact,
    offers: Sequence[Offer],
    known: int,
) -> Answered:
    """Apply the sets of one device in order, exactly once each, inside the caller's transaction.

    *known* is the greatest number that the server had from this device.

    Raises:
        problems.SetsOutOfOrderError, problems.SetChangedError: nothing of the request is applied.
    """
    if not offers:
        return Answered(known_through=known)
    branch_row = store.lock_branch(connection, contact.branch)
    earlier = _load_sets(connection, contact, offers)
    known = max([known, *earlier.by_number])
    _check_numbers(offers, known, earlier.by_number)
    new = [it for it in offers if it.number > known and it.set_id not in earlier.by_id]
    ledger = Ledger(branch_row.head, decided=earlier.decided())
    resent = _load(connection, ledger, contact, branch_row, new)
    resent |= {it.set_id for it in offers if it.set_id in earlier.by_id}
    ledger.adopt(resent, contact.actor.device)
    engine = Engine(registry, ledger, contact.branch, contact.today, contact.prefix)
    facts: dict[str, dict[str, Json]] = {}
    answered = Answered(known_through=max(known, offers[-1].number))
    stored: list[dict[str, Json]] = []
    for one in offers:
        before = earlier.of(one, known)
        if before is None:
            row = _decide(engine, contact, branch_row, one, facts)
            earlier.by_id.setdefault(one.set_id, row)
        else:
            row = _row(contact, one, before.status, before.result, before.trails)
            _recall(ledger, one, row)
        if one.number > known:
            stored.append(asdict(row))
        result = {"number": one.number, "repeated": before is not None, **json.loads(row.result)}
        answered.results.append(result)
    store.save(connection, registry, branch_row, ledger, facts)
    bulk.insert(connection, change_set, stored)
    _note_own(answered, ledger, contact, offers, engine)
    return answered


# ----------------------------------------------------------------------------- what was sent before


@dataclass(frozen=True)
class Kept:
    """A row of `change_set`."""

    device: str
    number: int
    branch: str
    user: str | None
    set_id: str
    content_hash: str
    content: str
    status: str
    result: str
    trails: str
    received_at: str


@dataclass
class Earlier:
    """The sets of this device, or of this user with the same ids, that were decided before."""

    by_number: dict[int, Row[Any]] = field(default_factory=dict)
    by_id: dict[str, Row[Any] | Kept] = field(default_factory=dict)

    def of(self, one: Offer, known: int) -> Row[Any] | Kept | None:
        """Return what was kept of a set that was decided before, under this number or another."""
        return self.by_number[one.number] if one.number <= known else self.by_id.get(one.set_id)

    def decided(self) -> dict[int, Decided]:
        """Return what `over` needs, by number."""
        return {number: store.decided_of(row) for number, row in self.by_number.items()}


def _load_sets(connection: Connection, contact: Contact, offers: Sequence[Offer]) -> Earlier:
    named = [n for it in offers if it.parsed for c in it.parsed.changes for n in c.over.values()]
    lowest = min([offers[0].number - 1, *named])
    ids = [it.set_id for it in offers if is_record_id(it.set_id)]
    mine = and_(change_set.c.device == contact.actor.device, change_set.c.number >= lowest)
    same = and_(
        change_set.c.user == contact.actor.user, bulk.among(connection, change_set.c.set_id, ids)
    )
    query = select(change_set).where(or_(mine, same)).order_by(change_set.c.number)
    earlier = Earlier()
    for row in connection.execute(query):
        if row.device == contact.actor.device:
            earlier.by_number[row.number] = row
        if row.user == contact.actor.user:
            earlier.by_id.setdefault(row.set_id, row)
    return earlier


def _recall(ledger: Ledger, offer: Offer, row: Kept) -> None:
    """Let the sets behind one that comes again know of it, under the number it has now."""
    ledger.decided.setdefault(offer.number, store.decided_of(row))
    if row.status == "rejected":
        changes = wire.readable_set(offer.raw).changes
        ledger.rejected_creates |= {it.id for it in changes if it.op == "create"}


def _check_numbers(offers: Sequence[Offer], known: int, by_number: Mapping[int, Row[Any]]) -> None:
    numbers = [it.number for it in offers]
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))) or numbers[0] > known + 1:
        raise problems.SetsOutOfOrderError(next=known + 1, known_through=known)
    for offer in offers:
        row = by_number.get(offer.number)
        if offer.number <= known and row is not None and row.content_hash != offer.content_hash:
            raise problems.SetChangedError(number=offer.number, next=known + 1, known_through=known)


# ------------------------------------------------------------------------------------------ loading


def _load(
    connection: Connection,
    ledger: Ledger,
    contact: Contact,
    branch_row: Row[Any],
    offers: Sequence[Offer],
) -> set[str]:
    """Load what new sets touch; return the ids of sets in it that this device sent again (section 8)."""
    ids: set[str] = set()
    created: set[str] = set()
    quiet: set[str] = set()
    lowest = branch_row.head
    deletes = False
    for offer in offers:
        if offer.parsed is None:
            ids |= named_customers(offer)
            continue
        base = rebased(offer.parsed, branch_row).base
        for change in offer.parsed.changes:
            ids |= _named_ids(change)
            deletes = deletes or change.op == "delete"
            lowest = min([lowest, base, *_inherited(ledger, change)])
            if change.op == "create":
                created.add(change.id)
            elif _takes_away(change):
                quiet.add(change.id)
    if not ids:
        return set()
    actor = contact.actor if contact.actor.user else None
    resent = store.load_touched(
        connection, ledger, contact.branch, ids, lowest, created, deletes, quiet, actor
    )
    missing = {it for it in ids if not _in_sight(ledger, contact.actor, it)}
    if missing - created:
        ledger.rejected_creates |= _rejected_creates(connection, contact) & missing
    return resent


def _in_sight(ledger: Ledger, actor: Actor, record_id: str) -> bool:
    """Tell whether a record is there for the actor: a foreign one is as good as none."""
    state = ledger.records.get(record_id)
    if state is None or state.customer is None or actor.whole_branch:
        return state is not None
    return standing(ledger.records.get(state.customer), actor, ledger.head) == "in"


def _inherited(ledger: Ledger, change: Change) -> Iterable[int]:
    for number in change.over.values():
        earlier = ledger.decided.get(number)
        if earlier is not None:
            yield min([earlier.base, *(it.base for it in earlier.trails.values())])


def _takes_away(change: Change) -> bool:
    """Tell whether a change removes elements or keys: for it even what changed nothing counts."""
    values = change.set.values()
    return any(it is None or (isinstance(it, dict) and "remove" in it) for it in values)


def _named_ids(change: Change) -> set[str]:
    named = {change.id, *((change.customer,) if change.customer else ())}
    for value in change.set.values():
        several = value if isinstance(value, list) else [value]
        if isinstance(value, dict):
            several = [*value.get("add", ()), *value.values()]
        named |= {it for it in several if isinstance(it, str) and is_record_id(it)}
    return named


def _rejected_creates(connection: Connection, contact: Contact) -> set[str]:
    """Return the ids that rejected sets of this device would have created."""
    query = select(change_set.c.content).where(
        change_set.c.device == contact.actor.device, change_set.c.status == "rejected"
    )
    found: set[str] = set()
    for (content,) in connection.execute(query):
        changes = wire.readable_set(json.loads(content)).changes
        found |= {it.id for it in changes if it.op == "create"}
    return found


# ----------------------------------------------------------------------------------------- deciding


def _decide(
    engine: Engine,
    contact: Contact,
    branch_row: Row[Any],
    offer: Offer,
    facts: dict[str, dict[str, Json]],
) -> Kept:
    made_at, stamp = corrected(contact, offer.raw)
    parsed = offer.parsed
    if parsed is None:
        result = engine.reject(wire.readable_set(offer.raw), offer.faults)
    else:
        facts[parsed.id] = {
            "set_device": contact.actor.device,
            "device_made_at": parsed.made_at if _is_instant(parsed.made_at) else None,
            "received_at": format_instant(contact.now),
            "action": parsed.action,
        }
        result = engine.decide(rebased(parsed, branch_row), contact.actor, Moment(made_at, stamp))
    text = json.dumps(result.as_json(), ensure_ascii=False, separators=(",", ":"))
    trails = store.trails_as_text(engine.ledger.decided[offer.number])
    return _row(contact, offer, result.status, text, trails)


def _is_instant(text: str | None) -> bool:
    try:
        parse_instant(text)
    except ValueError:
        return False
    return True


def rebased(parsed: ChangeSet, branch_row: Row[Any]) -> ChangeSet:
    """Return a set of an earlier epoch with the base that counts: the lowest head it may have missed."""
    if parsed.epoch is None or parsed.epoch == branch_row.epoch:
        return parsed
    heads: list[int] = []
    for restore in reversed(branch_row.restores or []):
        heads.append(restore["head"])
        if restore["before"] == parsed.epoch:
            break
    base = min([parsed.base, *heads]) if heads else 0
    return ChangeSet(
        parsed.number, parsed.id, parsed.epoch, parsed.schema, base, parsed.action,
        parsed.made_at, parsed.clock, parsed.changes,
    )  # fmt: skip


def corrected(contact: Contact, raw: Mapping[str, Json]) -> tuple[str, str]:
    """Return the corrected time of making and the clamped stamp of a set.

    A malformed clock is replaced from `made_at`, a malformed `made_at` from the time of receipt.
    """
    now_ms = to_millis(contact.now)
    low_ms = min(to_millis(contact.clean_at), now_ms) if contact.clean_at else 0
    device_now_ms = now_ms + contact.skew_ms
    device = contact.actor.device
    stamp = clock.read_stamp(raw.get("clock"), raw.get("made_at"), device_now_ms, device)
    made = clock.read_stamp(None, raw.get("made_at"), device_now_ms, device)
    made = clock.clamp(clock.correct(made, contact.skew_ms), low_ms, now_ms)
    stamp = clock.clamp(clock.correct(stamp, contact.skew_ms), low_ms, now_ms)
    made_at = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=made.millis)
    return format_instant(made_at), str(stamp)


# ---------------------------------------------------------------------------------------- answering


def _row(contact: Contact, offer: Offer, status: str, result: str, trails: str) -> Kept:
    return Kept(
        contact.actor.device, offer.number, contact.branch, contact.actor.user, offer.set_id,
        offer.content_hash, offer.content, status, result, trails, format_instant(contact.now),
    )  # fmt: skip


def _note_own(
    answered: Answered,
    ledger: Ledger,
    contact: Contact,
    offers: Sequence[Offer],
    engine: Engine,
) -> None:
    """Note which units of which records this request itself stored as sent, and where."""
    applied = {it["number"] for it in answered.results if it["status"] == "applied" and not it["repeated"]}  # fmt: skip
    sent = {it.id for one in offers if one.parsed for it in one.parsed.changes}
    named = {
        (it.id, engine.registry[it.type].unit(path))
        for one in offers
        if one.parsed and one.number in applied
        for it in one.parsed.changes
        for path in it.set
    }
    for entry in ledger.written:
        if entry.number not in applied or entry.device != contact.actor.device:
            continue
        if entry.op == "create" and entry.record in sent:
            answered.created.add(entry.record)
        declared = engine.registry[entry.type]
        for unit, it in entry.units.items():
            field_ = declared.field((declared.group(unit) or (unit,))[0])
            mine = (entry.record, unit) in named and it.sent == it.kept
            if mine and field_ is not None and field_.policy != "set":
                answered.own.setdefault(entry.record, {})[unit] = entry.position
    if contact.actor.whole_branch:
        return
    new = {it["number"] for it in answered.results if not it["repeated"]}
    for offer in offers:
        for customer in named_customers(offer):
            held = ledger.records.get(customer)
            if held is None and offer.number not in new:
                answered.unsure.add(customer)
            elif standing(held, contact.actor, ledger.head) != "in":
                answered.outside.add(customer)


def named_customers(offer: Offer) -> set[str]:
    """Return the customers that a set names, whether or not they exist."""
    return {it.customer for it in wire.readable_set(offer.raw).changes if it.customer}
