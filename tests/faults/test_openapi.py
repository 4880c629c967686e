"""What the OpenAPI document says of the server is so: Schemathesis asks, well and badly, as its reader would."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup
from sqlalchemy import select

from schemas.openapi import OPERATIONS, Operation
from schemas.registry import REGISTRY
from server.store import branch
from server.verify import verify
from tests.places import sqlite_url
from tests.server.branch import GUIYING, Server, Tablet, edit

Json = Any
NOBODY, OFFICER, SUPERVISOR = "nobody", "li.wei", "wang.jun"
HANDOVER = {
    "outgoing": "li.wei", "incoming": "zhao.min", "witness": "sun.yan", "reason": "leave",
    "effective_on": "2026-06-22",
}  # fmt: skip
EXAMPLES = [pytest.param(8, id="few"), pytest.param(200, id="many", marks=pytest.mark.long)]
BY_THE_DOCUMENT = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_headers_conformance", "response_schema_conformance", "allow_header_conformance",
)  # fmt: skip


@schemathesis.serializer("application/offset+octet-stream")
def as_bytes(_: Any, value: Any) -> bytes:
    """Send a part of an upload as it is."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@dataclass(frozen=True)
class Office:
    """A server in use, its document, and who asks.

    Attributes:
        ids: what an `{id}` in an address names: tablets, a conflict, a customer.
    """

    server: Server
    schema: Any
    people: dict[str, Tablet]
    ids: dict[str, tuple[str, ...]]


def branch_of(server: Server) -> str:
    """Return the id of the branch, which is an outlet of its own."""
    with server.engine.connect() as connection:
        found = select(branch.c.id).where(branch.c.code == "QH")
        return str(connection.execute(found).scalar_one())


@pytest.fixture(scope="module")
def office(branch_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A branch with a conflict and a rejected set; whatever was asked, its log is whole in the end."""
    folder = tmp_path_factory.mktemp("office")
    shutil.copytree(branch_folder, folder, dirs_exist_ok=True)
    server = Server(sqlite_url(folder), folder)
    first, second = (server.tablet(OFFICER).catch_up() for _ in range(2))
    first.push(edit(phone="13900000001"), edit(shoe_size=43))
    first.push(edit(phone="13900000001"))
    (conflict,) = second.push(edit(phone="13900000002"))["changes"][0]["conflicts"]
    people = {it: server.tablet(it).catch_up() for it in (OFFICER, SUPERVISOR)}
    handover = people[SUPERVISOR].post("/api/v1/handovers", HANDOVER).json["id"]
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", server.app)
    ids = {
        "conflicts": (conflict,), "devices": (first.device, second.device), "records": (GUIYING,),
        "attachments": (), "uploads": (), "handovers": (handover,),
        "outlets": (branch_of(server),),
    }  # fmt: skip
    yield Office(server, schema, people, ids)
    with server.engine.connect() as connection:
        assert verify(connection, REGISTRY).finding is None
    server.close()


def headers(office: Office, who: str) -> dict[str, str]:
    signed = office.people[who].authorization if who in office.people else {}
    return {**signed, "Accept-Encoding": "identity"}  # which the checks cannot unpack


@pytest.mark.parametrize("examples", EXAMPLES)
@pytest.mark.parametrize("who", [NOBODY, OFFICER, SUPERVISOR])
@pytest.mark.parametrize("asked", OPERATIONS, ids=lambda it: f"{it.method}-{it.path}")
def test_every_answer_is_one_that_the_document_announces(
    office: Office, asked: Operation, who: str, examples: int
) -> None:
    operation = office.schema[asked.path][asked.method]
    load_all_checks()
    looked_at = CHECKS.get_by_names(BY_THE_DOCUMENT)
    cases = st.sampled_from(GenerationMode).flatmap(operation.as_strategy)
    known_ids = office.ids[asked.path.split("/")[3]] if "{id}" in asked.path else ()

    @settings(max_examples=examples, derandomize=True, database=None)
    @given(cases, st.sampled_from((None, *known_ids)))
    def ask(case: Any, known: str | None) -> None:
        if known is not None:
            case.path_parameters = {"id": known}
        answer = case.call(headers=headers(office, who))
        case.validate_response(answer, checks=looked_at, headers=headers(office, who))
        if who == NOBODY and not asked.public:
            assert answer.status_code in (401, 415)

    ask()


def test_an_answer_that_the_document_leaves_out_is_noticed(office: Office) -> None:
    document = copy.deepcopy(office.schema.raw_schema)
    del document["paths"]["/api/v1/hello"]["get"]["responses"]["200"]
    schema = schemathesis.openapi.from_dict(document)
    schema.app = office.server.app
    case = schema["/api/v1/hello"]["get"].Case()
    load_all_checks()
    checks: Any = CHECKS.get_by_names(BY_THE_DOCUMENT)

    with pytest.raises(FailureGroup, match="1 distinct failure"):
        case.validate_response(case.call(headers=headers(office, NOBODY)), checks=checks)
