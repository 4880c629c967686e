"""The declarations as documents that a stranger's program can work from."""

import random
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from marshmallow import fields
from openapi_spec_validator import validate

from schemas import export, openapi
from schemas.changes import leaves, record_faults
from schemas.declare import Date, Field, Instant, Kind, NationalId, RecordType, Text
from schemas.registry import REGISTRY
from schemas.wire.fields import Message
from schemas.wire.requests import (
    AssignmentMessage,
    LoginMessage,
    RecoverMessage,
    RefreshMessage,
)
from schemas.wire.setup import SetupMessage

DOCUMENT = export.schema_document(REGISTRY)
OPENAPI = export.openapi_document(REGISTRY, "0.1.0")
EVERY_FIELD = [
    pytest.param(it, id=f"{name}.{path}")
    for name, declared in REGISTRY.types.items()
    for path, it in leaves(declared)
]
UNTIL_NO_MORE = 20


def generated(schema: dict[str, Any], dice: random.Random) -> Any:
    """Return a value as a stranger's program would make it, knowing nothing but JSON Schema."""
    if "examples" in schema:
        return dice.choice(schema["examples"])
    if "enum" in schema:
        return dice.choice(schema["enum"])
    kind = schema.get("type")
    if kind == "integer":
        return dice.randint(schema["minimum"], schema["maximum"])
    if kind == "boolean":
        return dice.random() < 0.5
    if kind == "array":
        count = dice.randint(schema.get("minItems", 0), min(3, schema["maxItems"]))
        made = [generated(schema["items"], dice) for _ in range(count)]
        return list(dict.fromkeys(made)) if schema.get("uniqueItems") else made
    if kind == "object":
        properties = schema.get("properties", {})
        chosen = [it for it in properties if it in schema["required"] or dice.random() < 0.5]
        return {it: generated(properties[it], dice) for it in chosen}
    if schema.get("format") == "uuid":
        return f"0199f2c4-a1b3-7abc-9def-{dice.getrandbits(48):012x}"
    assert not schema, f"nothing says how to make a value of {schema}"
    return "anything"


@pytest.mark.parametrize("field", EVERY_FIELD)
def test_values_made_from_a_field_s_schema_are_accepted(field: Field) -> None:
    schema, dice = field.kind.json_schema(), random.Random(20260616)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for _ in range(UNTIL_NO_MORE):
        value = generated(schema, dice)

        assert field.kind.problem(value) is None, value
        assert validator.is_valid(value), value


def inner_kinds(kind: Kind) -> list[Kind]:
    inside = [getattr(kind, "of", None), *getattr(kind, "members", {}).values()]
    return [kind, *(found for it in inside if it is not None for found in inner_kinds(it))]


@pytest.mark.parametrize("field", EVERY_FIELD)
def test_where_a_pattern_is_not_enough_there_are_two_examples(field: Field) -> None:
    for kind in inner_kinds(field.kind):
        if isinstance(kind, Text | Date | Instant | NationalId):
            examples = kind.json_schema()["examples"]
            assert len(set(examples)) >= 2
            assert [kind.problem(it) for it in examples] == [None] * len(examples)


@pytest.mark.parametrize("declared", REGISTRY.types.values(), ids=lambda it: str(it.name))
def test_a_record_made_of_generated_required_values_is_whole(declared: RecordType) -> None:
    dice = random.Random(20260616)
    needed = [it for it in declared.plain_fields() if it.required]
    one_of_two = {
        "assignment": "customer_id", "guarantor": "guarantor_customer_id",
        "relationship": "to_user_id",
    }  # fmt: skip
    needed += [it for it in declared.plain_fields() if it.name == one_of_two.get(declared.name)]
    for _ in range(UNTIL_NO_MORE):
        fields = {it.name: generated(it.kind.json_schema(), dice) for it in needed}

        assert record_faults(declared, fields) == []


def test_the_document_has_the_shape_of_the_operations_page() -> None:
    customer = DOCUMENT["types"]["customer"]
    phone = customer["fields"]["phone"]

    assert DOCUMENT["schema"] == REGISTRY.schema == 3
    assert DOCUMENT["types"]["task"]["fields"]["cancel_reason"]["since"] == 2
    assert "since" not in phone
    assert customer.items() >= {
        "title": {"en": "Customer", "zh": "客户"}, "parent": None, "reference": None,
        "create_only": False, "deletable": False, "late_fact": False, "users": [],
    }.items()  # fmt: skip
    assert customer["states"]["field"] == "state"
    assert customer["states"]["initial"] == ["prospect", "active"]
    block = next(it for it in customer["states"]["transitions"] if it["name"] == "block")
    assert block.items() >= {
        "from": ["prospect", "active", "dormant"], "to": "blocked", "roles": ["supervisor"],
        "offline": False,
    }.items()  # fmt: skip
    assert phone.items() >= {
        "title": {"en": "Phone", "zh": "电话"}, "policy": "manual", "group": None,
        "sensitive": False, "required": True, "required_by": [], "write": ["officer", "supervisor"],
        "authority": [], "ref": None, "ref_scope": None,
    }.items()  # fmt: skip
    assert phone["json_schema"] == {
        "type": "string", "minLength": 7, "maxLength": 15, "pattern": "^[0-9]{7,15}$",
        "examples": ["13800000000", "13900000001"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("type_name", "member", "value"),
    [
        ("repayment", "parent", {"type": "loan", "field": "loan_id"}),
        ("org_unit", "reference", "branch"),
        ("device", "users", ["user_id"]),
        ("attachment", "deletable", True),
        ("checklist", "states", None),
        ("visit", "groups", {
            "plan": ["planned_on", "slot", "plan_reason"],
            "arrival": ["arrived_at", "arrive_lat_e6", "arrive_lon_e6", "arrive_acc_m"],
            "co_arrival": ["co_arrived_at", "co_lat_e6", "co_lon_e6", "co_acc_m"],
            "promise": ["promise_amount_fen", "promise_on"],
        }),
    ],
)  # fmt: skip
def test_a_type_says_what_it_hangs_on_and_who_holds_it(
    type_name: str, member: str, value: object
) -> None:
    assert DOCUMENT["types"][type_name][member] == value


@pytest.mark.parametrize(
    ("type_name", "field", "ref", "of_any_type"),
    [
        ("visit", "officer_id", "user", False),
        ("inspection_note", "inspector_ids", "user", False),
        ("attachment", "record", "customer", True),
        ("visit", "summary", None, False),
    ],
)
def test_a_reference_says_what_it_may_name(
    type_name: str, field: str, ref: str | None, of_any_type: bool
) -> None:
    entry = DOCUMENT["types"][type_name]["fields"][field]

    assert (entry["ref"], entry["ref_any"]) == (ref, of_any_type)


def test_a_keyed_map_is_one_entry_with_a_declaration_for_each_leaf() -> None:
    answers = DOCUMENT["types"]["inspection_note"]["fields"]["answers"]

    assert answers["title"] == {"en": "Answers", "zh": "检查答案"}
    assert list(answers["map"]) == ["value", "note"]
    assert answers["map"]["value"]["sensitive"] is True
    assert answers["map"]["note"]["policy"] == "manual"


# ------------------------------------------------------------------------------------------ OpenAPI


def test_the_api_description_is_valid_openapi() -> None:
    validate(OPENAPI)


def test_every_address_of_this_part_is_described() -> None:
    listed = {f"{method} {path}" for path, it in OPENAPI["paths"].items() for method in it}

    assert listed == {
        "get /api/v1/hello", "post /api/v1/auth/login", "post /api/v1/auth/refresh",
        "post /api/v1/auth/logout", "post /api/v1/sync", "post /api/v1/sync/repair",
        "get /api/v1/schema",
        "post /api/v1/assignments", "get /api/v1/conflicts", "post /api/v1/conflicts/{id}/resolve",
        "post /api/v1/conflicts/{id}/reopen", "get /api/v1/records/{id}/history",
        "post /api/v1/sets", "post /api/v1/postings", "get /api/v1/exports/receipts", "get /api/v1/exports/decisions",
        "get /api/v1/exports/loans", "get /api/v1/exports/arrears", "get /api/v1/exports/officers",
        "get /api/v1/outlets/{id}/close", "post /api/v1/outlets/{id}/close",
        "get /api/v1/handovers", "post /api/v1/handovers", "get /api/v1/handovers/{id}",
        "get /api/v1/devices", "get /api/v1/quarantine", "get /healthz", "get /readyz",
        "get /api/openapi.json", "post /api/v1/recover", "post /api/v1/devices/{id}/recovery-code",
        "post /api/v1/devices/{id}/lock", "post /api/v1/devices/{id}/unlock",
        "post /api/v1/devices/{id}/wipe", "post /api/v1/courier",
        "options /api/v1/uploads/", "post /api/v1/uploads/", "head /api/v1/uploads/{id}",
        "patch /api/v1/uploads/{id}", "delete /api/v1/uploads/{id}", "get /api/v1/attachments/{id}",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "method", "statuses"),
    [
        ("/api/v1/sync", "post",
         "200 400 401 403 405 408 409 410 411 413 415 426 429 500 503 507"),
        ("/api/v1/hello", "get", "200 400 405 429 500 503"),
        ("/api/v1/auth/logout", "post", "204 400 401 403 405 408 411 413 415 429 500 503"),
        ("/api/v1/records/{id}/history", "get", "200 400 401 403 404 405 429 500 503"),
    ],
)  # fmt: skip
def test_an_address_names_every_status_it_may_answer_with(
    path: str, method: str, statuses: str
) -> None:
    assert sorted(OPENAPI["paths"][path][method]["responses"]) == statuses.split()


def test_a_recovery_is_described_as_it_is_read() -> None:
    described = OPENAPI["components"]["schemas"]["RecoverRequest"]

    assert described == export.message_schema(RecoverMessage())


def test_only_some_addresses_are_open_to_anyone() -> None:
    public = [it.path for it in openapi.OPERATIONS if it.public]

    assert sorted(public) == [
        "/api/openapi.json", "/api/v1/auth/login", "/api/v1/auth/logout", "/api/v1/auth/refresh",
        "/api/v1/hello", "/api/v1/uploads/", "/healthz", "/readyz",
    ]  # fmt: skip


@pytest.mark.parametrize("name", REGISTRY.types)
def test_every_record_type_is_a_component(name: str) -> None:
    schema = OPENAPI["components"]["schemas"][openapi.record_name(name)]

    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(
    ("fields", "valid"),
    [
        ({"name": "王桂英", "assets.a1.value_fen": 100}, True),
        ({"assets.a1.value_fen": "100"}, False),
        ({"assets.a1.colour": "red"}, False),
        ({"assets": {}}, False),
        ({"ghost": 1}, False),
    ],
)
def test_a_component_knows_the_paths_of_maps(fields: dict[str, Any], valid: bool) -> None:
    validator = Draft202012Validator(export.record_schema(REGISTRY["customer"]))

    assert validator.is_valid(fields) == valid


@pytest.mark.parametrize(
    ("message", "body", "valid"),
    [
        (RefreshMessage(), {"refresh_token": "a"}, True),
        (RefreshMessage(), {"refresh_token": "a", "more": 1}, True),
        (RefreshMessage(), {}, False),
        (AssignmentMessage(), {"customer": "x", "officer": "a", "from": None}, True),
        (AssignmentMessage(), {"customer": "x", "officer": "a", "form": None}, False),
        (SetupMessage(), {"branches": [{"code": "QH", "name": "青禾"}]}, True),
        (SetupMessage(), {"branches": [{"code": "QH"}]}, False),
        (LoginMessage(), {"username": "a", "password": "b", "device": {"id": "c"}}, True),
        (LoginMessage(), {"username": "a", "password": "b", "device": None}, False),
    ],
)
def test_a_message_is_described_as_it_is_read(
    message: Message, body: dict[str, Any], valid: bool
) -> None:
    schema = export.message_schema(message)

    assert Draft202012Validator(schema).is_valid(body) == valid


def test_a_member_of_an_unknown_class_is_noticed() -> None:
    class Odd(Message):
        """Not one of ours."""

        class Meta(Message.Meta):
            include = {"x": fields.Integer()}  # noqa: RUF012 - marshmallow's

    with pytest.raises(TypeError, match="unknown class"):
        export.message_schema(Odd())
