"""The API as OpenAPI 3.1: what each address takes, answers and refuses (operations.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemas import limits
from schemas.derived.day_close import WHYS
from schemas.media import MEDIA
from schemas.problems import CATALOGUE, TYPE_PREFIX
from schemas.roles import ROLES

Json = Any
Schema = dict[str, Json]

JSON = "application/json"
PROBLEM = "application/problem+json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def ref(name: str) -> Schema:
    """Return a pointer to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def many(name: str) -> Schema:
    """Return a list of a component."""
    return {"type": "array", "items": ref(name)}


def record_name(type_name: str) -> str:
    """Return the component of a record type: `InspectionNote` of `inspection_note`."""
    return "".join(word.title() for word in type_name.split("_"))


def thing(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """Return an object that an answer holds; later versions may add members."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
    }


def listed(items: Schema) -> Schema:
    """Return a list."""
    return {"type": "array", "items": items}


def maybe(schema: Schema) -> Schema:
    """Return what may be null instead."""
    return {"anyOf": [schema, {"type": "null"}]}


TEXT: Schema = {"type": "string"}
ID: Schema = {"type": "string", "format": "uuid"}
INSTANT: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}
COUNT: Schema = {"type": "integer", "minimum": 0}
WHOLE: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
ANY: Schema = {}
OBJECT: Schema = {"type": "object"}

SYNC_OPTIONS: Mapping[str, Schema] = {
    "sent_at": INSTANT,
    "page": {**WHOLE, "description": f"clamped to 1 … {limits.PAGE}"},
    "received_through": COUNT,
    "held": listed({"type": "integer", "minimum": 1}),
    "digest": FLAG,
    "waiting": thing(
        {},
        {
            "sets": COUNT,
            "oldest": maybe(INSTANT),
            "attachments": COUNT,
            "attention": COUNT,
            "drafts": COUNT,
            "customers": {**listed(ID), "maxItems": limits.WAITING_CUSTOMERS},
        },
    ),
}

_HANDOVER_SAID: Mapping[str, Schema] = {"state": TEXT, "reason": TEXT, "effective_on": DAY}
_HANDOVER: Mapping[str, Schema] = {
    **_HANDOVER_SAID, "from_officer_id": ID, "to_officer_id": ID, "witness_id": ID,
}  # fmt: skip
_HANDOVER_ITEM: Mapping[str, Schema] = {
    "exposure_fen": COUNT, "class": TEXT, "from_risk_note": maybe(TEXT), "appraisal": maybe(TEXT),
    "agreed": maybe(FLAG), "objection": maybe(TEXT), "ruling": maybe(TEXT), "ruled_by": maybe(ID),
}  # fmt: skip
_DAY_FIGURES: Mapping[str, Schema] = dict.fromkeys(
    (
        "receipts", "reversals", "cash_fen", "other_fen", "undone_fen", "kept_fen",
        "handed_in_fen", "confirmed_fen", "disputed_fen", "provisional",
    ),
    COUNT,
)  # fmt: skip
_TABLET_DAY = thing(
    {
        "device": ID,
        "code": TEXT,
        "reported": {"enum": ["reported", "waiting", "silent", "never"]},
        "last_contact_at": maybe(INSTANT),
        "waiting": maybe(COUNT),
    }
)
_PLACE = thing({"id": ID, "name": TEXT, "kind": TEXT})
_OUTLET_DAY: Schema = thing(
    {
        "unit": _PLACE,
        "places": listed(_PLACE),
        "day": DAY,
        "trusted": FLAG,
        "reasons": listed(
            thing(
                {
                    "why": {"enum": list(WHYS)},
                    "officer": maybe(ID),
                    "name": maybe(TEXT),
                    "subject": maybe(TEXT),
                    "figure": COUNT,
                }
            )
        ),
        "totals": thing(_DAY_FIGURES),
        "officers": listed(
            thing(
                {
                    "officer": maybe(ID),
                    "name": maybe(TEXT),
                    **_DAY_FIGURES,
                    "gaps": listed(thing({"desk": TEXT, "missing": listed(COUNT), "total": COUNT})),
                    "tablets": listed(_TABLET_DAY),
                }
            )
        ),
        "deposits": listed(
            thing(
                {
                    "id": ID,
                    "officer": maybe(ID),
                    "state": TEXT,
                    "expected_fen": COUNT,
                    "counted_fen": maybe(COUNT),
                    "reason": maybe(TEXT),
                    "difference_fen": maybe(WHOLE),
                }
            )
        ),
        "closed": maybe(
            thing(
                {
                    "by": ID,
                    "name": maybe(TEXT),
                    "at": INSTANT,
                    "position": COUNT,
                    "reason": maybe(TEXT),
                }
            )
        ),
        "after_close": listed(
            thing({"id": ID, "receipt_no": TEXT, "amount_fen": COUNT, "received_at": INSTANT})
        ),
    }
)
STATUS: Schema = {"enum": ["applied", "merged", "conflict", "rejected", "held"]}
ANSWERS: Mapping[str, Schema] = {
    "Problem": thing(
        {
            "type": {**TEXT, "enum": [TYPE_PREFIX + code for code in CATALOGUE]},
            "title": TEXT,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": TEXT,
        },
        {"instance": TEXT, "errors": many("Fault")},
    ),
    "Fault": thing(
        {"change": maybe(COUNT), "field": maybe(TEXT), "code": TEXT, "message": TEXT},
        {"reason": TEXT, "rule": TEXT},
    ),
    "Hello": thing(
        {
            "name": {"const": "xiangxin"},
            "version": TEXT,
            "protocol": {"const": limits.PROTOCOL},
            "schema": COUNT,
            "schemas": listed(COUNT),
            "limits": thing(
                dict.fromkeys(
                    ("changes_per_set", "changes_per_request", "body_bytes", "page"), COUNT
                )
            ),
            "server_time": INSTANT,
            "epoch": maybe(TEXT),
        }
    ),
    "Tokens": thing(
        {
            "access_token": TEXT,
            "token_type": {"const": "Bearer"},
            "expires_in": COUNT,
            "refresh_token": TEXT,
            "user": thing(
                {
                    "id": ID,
                    "username": TEXT,
                    "name": TEXT,
                    "role": {"enum": list(ROLES.options)},
                    "branch": TEXT,
                }
            ),
            "device": thing({"id": ID, "known_through": COUNT}, {"held": listed(ID)}),
            "epoch": TEXT,
            "seal_key": TEXT,
        }
    ),
    "ChangeResult": thing({"id": ID, "version": COUNT, "status": STATUS, "conflicts": listed(ID)}),
    "SetResult": thing(
        {"number": COUNT, "status": STATUS, "repeated": FLAG},
        {"changes": many("ChangeResult"), "errors": many("Fault")},
    ),
    "PulledRecord": thing(
        {"type": TEXT, "id": ID, "customer": maybe(ID), "version": COUNT},
        {"whole": FLAG, "set": OBJECT, "removed": FLAG},
    ),
    "SyncAnswer": thing(
        {
            "server_time": INSTANT,
            "epoch": TEXT,
            "known_through": COUNT,
            "results": many("SetResult"),
            "left": listed(thing({"customer": ID, "reason": TEXT}, {"survivor": ID})),
            "records": many("PulledRecord"),
            "cursor": TEXT,
            "position": COUNT,
            "more": FLAG,
            "notices": listed(thing({"code": TEXT, "message": TEXT})),
        },
        {
            "digest": thing({"records": COUNT, "sum": {**TEXT, "pattern": "^[0-9a-f]{16}$"}}),
            "head": thing({"position": COUNT, "hash": TEXT, "signature": TEXT}),
        },
    ),
    "SchemaDocument": thing({"schema": COUNT, "types": OBJECT}),
    "Decided": thing({"status": STATUS}, {"changes": many("ChangeResult"), "id": ID}),
    "Prepared": thing({"status": STATUS, "id": ID, "customers": COUNT}),
    "Handovers": thing(
        {
            "handovers": listed(
                thing({"id": ID, **_HANDOVER, "customers": COUNT, "signed": listed(ID)})
            )
        }
    ),
    "HandoverPreview": thing(
        {
            "id": ID,
            **_HANDOVER_SAID,
            "people": thing(
                dict.fromkeys(
                    ("from_officer", "to_officer", "witness"),
                    thing({"id": ID, "name": maybe(TEXT)}),
                )
            ),
            "signed": listed(ID),
            "customers": listed(
                thing({"id": ID, "name": maybe(TEXT), "unsent_on": listed(TEXT)}, _HANDOVER_ITEM)
            ),
            "tablets": listed(
                thing(
                    {
                        "id": ID,
                        "name": TEXT,
                        "state": TEXT,
                        "user_name": TEXT,
                        "last_contact_at": maybe(INSTANT),
                        "sets": COUNT,
                        "drafts": COUNT,
                        "customers": listed(ID),
                    }
                )
            ),
        }
    ),
    "OutletDay": _OUTLET_DAY,
    "Conflicts": thing({"conflicts": listed(thing({"id": ID}))}),
    "Posted": thing(
        {"key": TEXT, "id": ID, "loan_no": TEXT, "receipt_no": TEXT, "position": COUNT}
    ),
    "CourierRequest": thing(
        {
            "device": ID,
            "sets": {
                **listed(thing({"number": {"type": "integer", "minimum": 1}, "sealed": TEXT})),
                "maxItems": limits.CHANGES_PER_REQUEST,
            },
            "signature": {**TEXT, "maxLength": 200, "minLength": 1},
        }
    ),
    "Delivered": thing({"known_through": COUNT}),
    "RecoverRequest": thing(
        {
            "code": {**TEXT, "maxLength": 40, "minLength": 1},
            "sealed": {
                **listed({**TEXT, "maxLength": limits.BODY_BYTES}),
                "maxItems": limits.SEALED_PER_REQUEST,
            },
        }
    ),
    "Recovered": thing({"opened": listed(maybe(OBJECT))}),
    "RecoveryCode": thing(
        {
            "code": {**TEXT, "pattern": "^[0-9]{4}-[0-9]{4}-[0-9]{2}$"},
            "expires_at": INSTANT,
            "user": thing({"id": ID, "name": TEXT}),
        }
    ),
    "Repaired": thing(
        {
            "buckets": listed(
                thing(
                    {
                        "bucket": {"type": "integer", "minimum": 0, "maximum": 255},
                        "held": listed({}),
                    }
                )
            ),
            "records": many("PulledRecord"),
            "more": FLAG,
        }
    ),
    "History": thing({"record": ID, "entries": listed(OBJECT)}),
    "Device": thing({"id": ID, "state": {"enum": ["active", "locked", "wiped"]}}),
    "Devices": thing({"devices": many("Device")}),
    "Quarantine": thing(
        {
            "sets": listed(
                thing(
                    {
                        "device": TEXT,
                        "user": maybe(ID),
                        "number": COUNT,
                        "received_at": INSTANT,
                        "errors": many("Fault"),
                        "set": ANY,
                    }
                )
            )
        }
    ),
    "Alive": thing({"status": TEXT}),
    "OpenApi": thing({"openapi": TEXT, "info": OBJECT, "paths": OBJECT}),
}


@dataclass(frozen=True)
class Operation:
    """One method of one address. *also*: statuses beyond those that any address may answer with.

    *takes*, *gives*: media types of a body and an answer that are no JSON; *headers*: what a request says.
    """

    method: str
    path: str
    tag: str
    summary: str
    answer: str | None
    status: int = 200
    body: str | None = None
    also: tuple[int, ...] = ()
    public: bool = False
    query: Mapping[str, Schema] | None = None
    takes: str | None = None
    gives: tuple[str, ...] = ()
    headers: Mapping[str, Schema] | None = None


ANY_ADDRESS = (400, 405, 429, 500, 503)
SIGNED_IN = (401, 403)
WITH_BODY = (408, 411, 413, 415)
_CONFLICT = "/api/v1/conflicts/{id}"
_UPLOAD = "/api/v1/uploads/{id}"
_TUS: Mapping[str, Schema] = {"Tus-Resumable": {"const": "1.0.0"}}
_OFFSET: Schema = {**TEXT, "pattern": "^[0-9]{1,15}$"}

OPERATIONS = (
    Operation(
        "get", "/api/v1/hello", "anyone", "What this server speaks", "Hello", public=True
    ),
    Operation(
        "post", "/api/v1/auth/login", "accounts", "Sign in on a device", "Tokens",
        body="LoginRequest", also=(401, 403), public=True,
    ),
    Operation(
        "post", "/api/v1/auth/refresh", "accounts", "Get a new access token", "Tokens",
        body="RefreshRequest", also=(401, 403), public=True,
    ),
    Operation(
        "post", "/api/v1/auth/logout", "accounts", "Sign out", None, 204,
        body="RefreshRequest", also=(401, 403), public=True,
    ),
    Operation(
        "post", "/api/v1/sync", "devices", "One round trip: push, merge, pull", "SyncAnswer",
        body="SyncRequest", also=(409, 410, 426, 507),
    ),
    Operation(
        "post", "/api/v1/sync/repair", "devices", "Repair a copy whose digest differs", "Repaired",
        body="RepairRequest", also=(426, 507),
    ),
    Operation(
        "post", "/api/v1/recover", "devices", "Open what this device sealed", "Recovered",
        body="RecoverRequest", also=(507,),
    ),
    Operation(
        "post", "/api/v1/courier", "devices", "Deliver what another device sealed and signed",
        "Delivered", body="CourierRequest", also=(409, 507),
    ),
    Operation(
        "options", "/api/v1/uploads/", "attachments", "What of tus is spoken", None, 204, public=True,
    ),
    Operation(
        "post", "/api/v1/uploads/", "attachments", "Begin an upload (tus 1.0.0)", None, 201,
        also=(404, 408, 409, 412, 413, 415, 422, 460, 507),
        headers={**_TUS, "Upload-Length": _OFFSET, "Upload-Metadata": TEXT},
    ),
    Operation(
        "head", _UPLOAD, "attachments", "How far an upload has come", None,
        also=(404, 412, 413, 415, 422, 507), headers=_TUS,
    ),
    Operation(
        "patch", _UPLOAD, "attachments", "The next part of an upload", None, 204,
        also=(404, 408, 409, 412, 413, 415, 422, 460, 507), takes="application/offset+octet-stream",
        headers={**_TUS, "Upload-Offset": _OFFSET},
    ),
    Operation(
        "delete", _UPLOAD, "attachments", "End an upload", None, 204, also=(404, 412), headers=_TUS
    ),
    Operation(
        "get", "/api/v1/attachments/{id}", "attachments", "An attachment's bytes, or a range of them",
        None, also=(404, 415, 416), gives=tuple(MEDIA),
    ),
    Operation("get", "/api/v1/schema", "devices", "The record types", "SchemaDocument"),
    Operation(
        "post", "/api/v1/assignments", "supervisors", "Assign a customer", "Decided", 201,
        body="AssignmentRequest", also=(404, 507),
    ),
    Operation(
        "get", "/api/v1/conflicts", "supervisors", "The conflicts of the branch", "Conflicts",
        query={"status": {"enum": ["open", "resolved"]}},
    ),
    Operation(
        "post", f"{_CONFLICT}/resolve", "supervisors", "Settle a conflict", "Decided",
        body="ResolveRequest", also=(404, 409, 507),
    ),
    Operation(
        "post", f"{_CONFLICT}/reopen", "supervisors", "Open a settled conflict again", "Decided",
        also=(404, 409, 411, 415, 507),
    ),
    Operation(
        "get", "/api/v1/records/{id}/history", "supervisors", "All that happened to a record",
        "History", also=(404,),
    ),
    Operation("get", "/api/v1/devices", "supervisors", "The tablets of the branch", "Devices"),
    *(
        Operation(
            "post", f"/api/v1/devices/{{id}}/{wish}", "supervisors", f"{wish.title()} a tablet",
            "Device", also=(404, 411, 415, 507),
        )
        for wish in ("lock", "unlock", "wipe")
    ),
    Operation(
        "post", "/api/v1/devices/{id}/recovery-code", "supervisors", "A code for a forgotten PIN",
        "RecoveryCode", also=(404, 411, 415, 507),
    ),
    Operation(
        "post", "/api/v1/sets", "desks", "Store one set of a desk", "Decided", 201,
        body="DeskSetRequest", also=(507,),
    ),
    Operation("get", "/api/v1/handovers", "handovers", "The handovers that one may see", "Handovers"),
    Operation(
        "post", "/api/v1/handovers", "handovers", "Prepare a handover", "Prepared", 201,
        body="HandoverRequest", also=(507,),
    ),
    Operation(
        "get", "/api/v1/handovers/{id}", "handovers",
        "A handover, with what tablets hold unsent for its customers", "HandoverPreview", also=(404,),
    ),
    Operation(
        "get", "/api/v1/outlets/{id}/close", "outlets",
        "Who has not reported, what cash is counted, whether the day may be trusted", "OutletDay",
        query={"day": DAY}, also=(404,),
    ),
    Operation(
        "post", "/api/v1/outlets/{id}/close", "outlets", "Close a day as it is counted", "OutletDay",
        201, body="CloseRequest", also=(404, 507),
    ),
    Operation(
        "post", "/api/v1/postings", "core banking", "Store a receipt once, by its key", "Posted", 201,
        body="PostingRequest", also=(409, 507),
    ),
    *(
        Operation(
            "get", f"/api/v1/exports/{what}", "core banking", f"The {what} of the branch", None,
            query={"format": {"enum": ["json", "csv", "xlsx"]}, "since": DAY, "until": DAY},
            gives=(JSON, "text/csv", XLSX), also=(507,),
        )
        for what in ("receipts", "decisions", "loans", "arrears", "officers")
    ),
    Operation("get", "/api/v1/quarantine", "supervisors", "Sets not accepted", "Quarantine"),
    Operation("get", "/healthz", "probes", "Whether the process answers", "Alive", public=True),
    Operation("get", "/readyz", "probes", "Whether it can serve", "Alive", public=True),
    Operation("get", "/api/openapi.json", "anyone", "This document", "OpenApi", public=True),
)  # fmt: skip


def document(version: str, components: Mapping[str, Schema]) -> Schema:
    """Return the whole document; *components*: the record types and the messages that come in."""
    paths: dict[str, Schema] = {}
    for it in OPERATIONS:
        paths.setdefault(it.path, {})[it.method] = _operation(it)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Xiangxin 乡信",
            "version": version,
            "description": "Offline-first field work for rural micro-loans. See docs/protocol.md.",
        },
        "paths": paths,
        "components": {
            "schemas": {**components, **ANSWERS},
            "responses": {str(status): _problem(status) for status in _statuses()},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
        "security": [{"bearer": []}],
    }


def _statuses() -> list[int]:
    return sorted({it.status for it in CATALOGUE.values()})


def _problem(status: int) -> Schema:
    titles = [it.title for it in CATALOGUE.values() if it.status == status]
    return {
        "description": "; ".join(titles),
        "content": {PROBLEM: {"schema": ref("Problem")}},
    }


def _operation(it: Operation) -> Schema:
    refused = {
        *ANY_ADDRESS,
        *(() if it.public else SIGNED_IN),
        *(WITH_BODY if it.body else ()),
        *it.also,
    }
    answers: dict[str, Schema] = {str(it.status): _answer(it)}
    for status in sorted(refused):
        answers[str(status)] = {"$ref": f"#/components/responses/{status}"}
    operation: Schema = {
        "operationId": _name(it),
        "summary": it.summary,
        "tags": [it.tag],
        "responses": answers,
    }
    if parameters := _parameters(it):
        operation["parameters"] = parameters
    if it.body or it.takes:
        content = {it.takes: {"schema": {}}} if it.takes else {JSON: {"schema": ref(it.body or "")}}
        operation["requestBody"] = {"required": True, "content": content}
    if it.public:
        operation["security"] = []
    return operation


def _answer(it: Operation) -> Schema:
    if it.gives:
        return {"description": "Done", "content": {kind: {"schema": {}} for kind in it.gives}}
    if it.answer is None:
        return {"description": "Done"}
    return {"description": "Done", "content": {JSON: {"schema": ref(it.answer)}}}


def _parameters(it: Operation) -> list[Schema]:
    in_path: list[Schema] = []
    if "{id}" in it.path:
        in_path = [{"name": "id", "in": "path", "required": True, "schema": ID}]
    in_query = [
        {"name": name, "in": "query", "schema": schema} for name, schema in (it.query or {}).items()
    ]
    in_header = [
        {"name": name, "in": "header", "required": True, "schema": schema}
        for name, schema in (it.headers or {}).items()
    ]
    return [*in_path, *in_query, *in_header]


def _name(it: Operation) -> str:
    words = it.path.removeprefix("/api/v1/").removeprefix("/api/").replace(".json", "")
    plain = words.replace("{id}/", "").strip("/").replace("/", "_")
    return f"{it.method}_{plain}"
