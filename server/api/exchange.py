"""What devices ask: a round trip, a repair, what a code opens, what a courier brings, the record types."""

from __future__ import annotations

from flask import Response, request

from schemas import export, problems
from schemas.wire import requests
from schemas.wire.repair import parse_repair
from schemas.words import say
from server import courier as couriers
from server import incidents, recovery, repair
from server.api.asking import allowed, answer, signed_in, v1
from server.body import read_json
from server.context import bearer, context, language
from server.db import snapshot, writing
from server.exchange import FIELD_ROLES, Exchange
from server.limits import SIGN_IN, limiter
from server.logs import note


@v1.post("/sync")
def sync() -> Response:
    """Serve one round trip of a device (protocol.md, section 2)."""
    parts, who = context(), bearer()
    exchange = Exchange(
        parts.engine, parts.registry, parts.settings, parts.keys, who,
        parts.now(), language(),
    )  # fmt: skip
    body = exchange.run(read_json(request))
    note(
        device=who.device,
        sets=len(body["results"]),
        conflicts=sum(it["status"] == "conflict" for it in body["results"]),
        rejected=sum(it["status"] == "rejected" for it in body["results"]),
        records=len(body["records"]),
    )
    return answer(body)


@v1.post("/sync/repair")
def sync_repair() -> Response:
    """Bring a device's copy to equal the server's; that it was not is an incident."""
    parts, who = allowed(FIELD_ROLES)
    wish = parse_repair(read_json(request))
    with snapshot(parts.engine) as connection:
        found = repair.compare(connection, parts.registry, parts.keys, who, wish)
    if found.differing and not wish.continued:
        detail = {"buckets": found.differing, "position": found.position}
        kind = incidents.DIGEST_MISMATCH
        with writing(parts.engine) as connection:
            incidents.keep(connection, who.branch, kind, who.device, parts.now(), detail)
    note(device=who.device, differing=found.differing, records=len(found.records))
    return answer(found.as_json())


@v1.post("/recover")
def recover() -> Response:
    """Open what the user's tablets sealed, for who brings the code that a supervisor gave."""
    parts, who = allowed(FIELD_ROLES)
    wish = requests.parse_recover(read_json(request))
    key = f"{request.remote_addr} {who.user}"
    with limiter.limit(SIGN_IN, key_func=lambda: key):
        pass
    with writing(parts.engine) as connection:
        states = recovery.states_of_devices(connection, who)
        accepted = recovery.accept_code(connection, who, wish.code, parts.now())
    if not accepted:
        raise problems.NotPermittedError(say("refusal.recovery-code", language()))
    opened = recovery.open_sealed(parts.keys, wish.sealed, states)
    note(device=who.device, sealed=len(opened), opened=sum(it is not None for it in opened))
    return answer({"opened": opened})


@v1.post("/courier")
def courier() -> Response:
    """Take in what a tablet sealed and signed, and somebody else brings."""
    parts, who = signed_in()
    bundle = requests.parse_courier(read_json(request))
    key = f"{request.remote_addr} {who.user}"
    with limiter.limit(SIGN_IN, key_func=lambda: key):
        pass
    known = couriers.deliver(parts, bundle, who, language())
    note(device=bundle.device, sets=len(bundle.sets))
    return answer({"known_through": known})


@v1.get("/schema")
def schema() -> Response:
    """Describe the record types."""
    parts, _ = signed_in()
    return answer(export.schema_document(parts.registry))
