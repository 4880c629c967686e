"""The addresses under `/api/v1/` and the probes: parse, call, answer (operations.md, "Addresses")."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any

from flask import Blueprint, Flask, Response, request
from sqlalchemy import select, text

from schemas import export, limits, problems, versions
from schemas.values import format_instant, is_record_id
from schemas.wire import requests
from schemas.wire.repair import parse_repair
from schemas.words import say
from server import (
    accounts,
    decisions,
    devices,
    history,
    incidents,
    metrics,
    quarantine,
    recovery,
    repair,
)
from server import courier as couriers
from server.body import read_json
from server.context import Context, bearer, context, language
from server.db import reading, snapshot, writing
from server.exchange import FIELD_ROLES, Exchange
from server.limits import SIGN_IN, limiter
from server.logs import note
from server.migrate import is_current
from server.store import branch
from server.tokens import Bearer

Json = Any
v1 = Blueprint("api", __name__, url_prefix="/api/v1")
probes = Blueprint("probes", __name__)
DECIDERS = ("supervisor",)
READERS = ("supervisor", "auditor")


def register(app: Flask) -> None:
    """Add the addresses to *app*."""
    app.register_blueprint(v1)
    app.register_blueprint(probes)


@v1.before_request
def _only_json() -> None:
    """Refuse a body of another kind, also where none is asked for; uploads follow tus."""
    if request.path.startswith("/api/v1/uploads/"):
        return
    if request.content_length and request.mimetype != "application/json":
        raise problems.UnsupportedMediaTypeError


def answer(body: Json, status: int = 200) -> Response:
    """Return *body* as JSON, compact and without NaN."""
    plain = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(plain, status, mimetype="application/json")


def _signed_in() -> tuple[Context, Bearer]:
    """Return who asks; a token outlives an account that was closed, so the account is looked at too."""
    parts, who = context(), bearer()
    with reading(parts.engine) as connection:
        accounts.confirm(connection, who)
    return parts, who


def _as(roles: tuple[str, ...]) -> tuple[Context, Bearer]:
    parts, who = _signed_in()
    if who.role not in roles:
        raise problems.NotPermittedError
    return parts, who


def _id(text: str) -> str:
    """Return an id from an address; what is none names nothing."""
    if not is_record_id(text):
        raise problems.NotFoundError
    return text


# --------------------------------------------------------------------------------------- anyone


@v1.get("/hello")
def hello() -> Response:
    """Say what this server speaks; no sign-in."""
    parts = context()
    with reading(parts.engine) as connection:
        epoch = connection.execute(select(branch.c.epoch).limit(1)).scalar()
    return answer(
        {
            "name": "xiangxin",
            "version": version("xiangxin"),
            "protocol": 1,
            "schema": parts.registry.schema,
            "schemas": versions.spoken(parts.registry),
            "limits": {
                "changes_per_set": limits.CHANGES_PER_SET,
                "changes_per_request": limits.CHANGES_PER_REQUEST,
                "body_bytes": limits.BODY_BYTES,
                "page": limits.PAGE,
            },
            "server_time": format_instant(parts.now()),
            "epoch": epoch,
        }
    )


@v1.post("/auth/login")
def login() -> Response:
    """Sign in on a device."""
    parts = context()
    wish = requests.parse_login(read_json(request))
    key = f"{request.remote_addr} {wish.username}"
    with limiter.limit(SIGN_IN, key_func=lambda: key):
        pass
    with writing(parts.engine) as connection:
        given = accounts.sign_in(
            connection, parts.registry, parts.keys, parts.settings, wish, parts.now(),
        )  # fmt: skip
    note(user=given["user"]["id"], device=wish.device)
    return answer(given)


@v1.post("/auth/refresh")
def refresh() -> Response:
    """Rotate the refresh token and give a new access token."""
    parts = context()
    token = requests.parse_refresh(read_json(request))
    with writing(parts.engine) as connection:
        given = accounts.renew(connection, parts.keys, parts.settings, token, parts.now())
    return answer(given)


@v1.post("/auth/logout")
def logout() -> Response:
    """End a sign-in."""
    token = requests.parse_refresh(read_json(request))
    with writing(context().engine) as connection:
        accounts.sign_out(connection, token)
    return Response(status=204)


# --------------------------------------------------------------------------------------- devices


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
    parts, who = _as(FIELD_ROLES)
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
    parts, who = _as(FIELD_ROLES)
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
    parts, who = _signed_in()
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
    parts, _ = _signed_in()
    return answer(export.schema_document(parts.registry))


# ----------------------------------------------------------------------------------- supervisors


@v1.post("/assignments")
def assignments() -> Response:
    """Assign a customer."""
    parts, who = _as(DECIDERS)
    wish = requests.parse_assignment(read_json(request))
    with writing(parts.engine) as connection:
        contact = decisions.web_contact(connection, who, parts.settings, parts.now())
        result = decisions.assign(connection, parts.registry, contact, wish)
    return answer(result, 201)


@v1.get("/conflicts")
def conflicts() -> Response:
    """List the branch's conflicts."""
    parts, who = _as((*READERS, "reviewer"))
    with reading(parts.engine) as connection:
        rows = decisions.open_conflicts(connection, who.branch, request.args.get("status"))
    named = [
        {"id": it.id, "customer": it.customer, "version": it.version, **it.fields} for it in rows
    ]
    return answer({"conflicts": named})


@v1.post("/conflicts/<conflict_id>/resolve")
def resolve(conflict_id: str) -> Response:
    """Settle a conflict."""
    parts, who = _as(DECIDERS)
    choice = requests.parse_resolve(read_json(request))
    with writing(parts.engine) as connection:
        contact = decisions.web_contact(connection, who, parts.settings, parts.now())
        result = decisions.resolve_conflict(
            connection, parts.registry, contact, _id(conflict_id), choice
        )
    return answer(result)


@v1.post("/conflicts/<conflict_id>/reopen")
def reopen(conflict_id: str) -> Response:
    """Open a conflict again."""
    parts, who = _as(DECIDERS)
    with writing(parts.engine) as connection:
        contact = decisions.web_contact(connection, who, parts.settings, parts.now())
        result = decisions.reopen_conflict(connection, parts.registry, contact, _id(conflict_id))
    return answer(result)


@v1.get("/records/<record_id>/history")
def record_history(record_id: str) -> Response:
    """Show every submitted and stored value of a record."""
    parts, who = _as(READERS)
    with reading(parts.engine) as connection:
        entries = history.of_record(connection, who.branch, _id(record_id))
    if not entries:
        raise problems.NotFoundError
    return answer({"record": record_id, "entries": entries})


@v1.get("/quarantine")
def list_quarantine() -> Response:
    """List the sets that could not be accepted."""
    parts, who = _as(READERS)
    said = language()
    with reading(parts.engine) as connection:
        rows = quarantine.listed(connection, who.branch)
    return answer({"sets": [quarantine.as_json(parts.registry, it, said) for it in rows]})


@v1.get("/devices")
def list_devices() -> Response:
    """List the branch's tablets with their last contact and what waits on them."""
    parts, who = _as(DECIDERS)
    with reading(parts.engine) as connection:
        rows = devices.tablets(connection, who.branch)
    return answer({"devices": [devices.as_json(it) for it in rows]})


@v1.post("/devices/<device_id>/lock")
def lock_device(device_id: str) -> Response:
    """Lock a tablet: it delivers into quarantine and is given nothing."""
    return _decided(device_id, "lock")


@v1.post("/devices/<device_id>/unlock")
def unlock_device(device_id: str) -> Response:
    """Let a locked tablet go on."""
    return _decided(device_id, "unlock")


@v1.post("/devices/<device_id>/wipe")
def wipe_device(device_id: str) -> Response:
    """Have a tablet destroy what it holds, when it is next heard."""
    return _decided(device_id, "wipe")


def _decided(device_id: str, wish: devices.Wish) -> Response:
    parts, who = _as(DECIDERS)
    with writing(parts.engine) as connection:
        row = devices.decide(
            connection, parts.registry, parts.settings, _id(device_id), wish, who, parts.now(),
            language(),
        )  # fmt: skip
    return answer(devices.as_json(row))


@v1.post("/devices/<device_id>/recovery-code")
def recovery_code(device_id: str) -> Response:
    """Give the code with which a tablet's user sets a new PIN."""
    parts, who = _as(DECIDERS)
    with writing(parts.engine) as connection:
        given = recovery.give_code(connection, _id(device_id), who.branch, who.user, parts.now())
    user = {"id": given.user, "name": given.name}
    return answer({"code": given.code, "expires_at": given.expires_at, "user": user})


# ----------------------------------------------------------------------------------------- probes


@probes.get("/api/openapi.json")
def openapi() -> Response:
    """Describe the API."""
    return answer(export.openapi_document(context().registry, version("xiangxin")))


@probes.get("/healthz")
def alive() -> Response:
    """Say that the process answers."""
    return answer({"status": "ok"})


@probes.get("/readyz")
def ready() -> Response:
    """Say whether the database answers and its schema is current."""
    with reading(context().engine) as connection:
        connection.execute(text("SELECT 1"))
        if not is_current(connection):
            raise problems.UnavailableError
    return answer({"status": "ready"})


@probes.get("/metrics")
def prometheus() -> Response:
    """Tell Prometheus what matters, counted in the database: the same from every process."""
    parts = context()
    with snapshot(parts.engine) as connection:
        told = metrics.exposition(connection, parts.now())
    return Response(told, content_type=metrics.CONTENT_TYPE)
