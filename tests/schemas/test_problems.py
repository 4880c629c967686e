"""One shape for every problem, and the way back into the same class."""

import pytest

from schemas import problems
from schemas.messages import Fault
from schemas.problems import CATALOGUE, XiangxinError, by_code, from_answer
from schemas.words import REASONS

# protocol.md, section 12
STATUSES = """
bad-request 400, bad-cursor 400, unauthenticated 401, token-expired 401, not-permitted 403,
device-locked 403, device-wiped 403, not-found 404, method-not-allowed 405,
sets-out-of-order 409, set-changed 409, epoch-changed 409, already-resolved 409,
offset-conflict 409, start-over 410, timeout 408, length-required 411, precondition-failed 412,
too-large 413, unsupported-media-type 415, range-not-satisfiable 416, hash-mismatch 422,
upgrade-needed 426, rate-limited 429, checksum-mismatch 460, internal 500, unavailable 503,
storage-full 507
"""


def test_codes_and_statuses_are_the_protocols() -> None:
    listed = dict(it.split() for it in STATUSES.replace("\n", " ").strip().split(", "))

    assert {code: str(it.status) for code, it in CATALOGUE.items()} == listed


@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=lambda it: str(it.code))
def test_a_problem_survives_the_way_to_the_client(kind: type[XiangxinError]) -> None:
    raised = kind(errors=[Fault(0, "phone", "invalid-value", "too-long")], next=17)

    caught = from_answer(raised.as_json("zh", "/api/v1/sync"))

    assert type(caught) is kind
    assert caught.errors == raised.errors
    assert caught.extra == {"next": 17}
    assert caught.detail == raised.as_json("zh")["detail"]


def test_a_problem_is_told_in_the_readers_language_with_its_faults() -> None:
    raised = problems.BadRequestError(errors=[Fault(None, "until", "required")])

    assert raised.as_json("zh", "/api/v1/assignments") == {
        "type": "/problems/bad-request",
        "title": "无法读取这次请求",
        "status": 400,
        "detail": "未作任何更改，您的内容已保留。如再次出现，请告知主管。",
        "instance": "/api/v1/assignments",
        "errors": [
            {"change": None, "field": "until", "code": "required", "message": "请填写此项。"}
        ],
    }


def test_a_better_sentence_stands_for_the_catalogues() -> None:
    assert problems.NotFoundError("No such file.").as_json()["detail"] == "No such file."
    assert str(problems.NotFoundError("No such file.")) == "No such file."
    assert str(problems.NotFoundError()) == "Not found"


@pytest.mark.parametrize(
    "body", [None, [], "x", {}, {"type": 5}, {"type": "/problems/of-a-later-server"}]
)
def test_whatever_cannot_be_read_as_a_problem_is_an_internal_one(body: object) -> None:
    assert type(from_answer(body)) is problems.InternalError


def test_a_fault_of_another_server_is_taken_as_it_comes() -> None:
    body = {"type": "/problems/bad-request", "detail": 5, "errors": [{"code": "new"}, "x"]}

    caught = from_answer(body)

    assert caught.errors == (Fault(None, None, "new"),)
    assert caught.detail is None


def test_a_code_is_looked_up() -> None:
    assert by_code("start-over") is problems.StartOverError
    assert by_code("nothing") is problems.InternalError
    assert "not-date" in REASONS
