"""A person's part in a handover on a device without a network, and what arrives of it at the real server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from field_client import handovers
from field_client.cli import NAME, cli
from field_client.client import FieldClient
from field_client.console import run
from field_client.faults import NotPossibleError
from schemas.signatures import content_hash
from tests.field_client.tablets import CHEN, LIU, Tablet

Json = Any
HANDOVER = "01990000-0000-7000-8000-00000000ab01"
LI, ZHAO, WANG = (f"01990000-0000-7000-8000-0000000f000{it}" for it in range(3))


def given(ada: Tablet, outgoing: str = ZHAO, incoming: str = LI, **more: Json) -> FieldClient:
    """Put a handover of two customers on Li Min's device."""
    people = {"from_officer_id": outgoing, "to_officer_id": incoming, "witness_id": WANG}
    listed = {f"items.{it}.listed": True for it in (CHEN, LIU)}
    fields = {"state": "in_review", "reason": "leave", "effective_on": "2026-06-22", **more}
    ada.branch.put("handover", HANDOVER, None, **people, **listed, **fields)
    ada.client.sync()
    return ada.client


def asks(client: FieldClient) -> str | None:
    return handovers.asks(client.store, client.record(HANDOVER))


def changed(client: FieldClient) -> dict[str, Json]:
    """Return what the newest own set says of the handover."""
    (one, _) = client.sets()[-1]
    (change,) = one.changes
    return dict(change.set)


def test_the_incoming_officer_answers_customer_by_customer(ada: Tablet) -> None:
    client = given(ada)
    assert asks(client) == "answer"

    client.answer_handover(HANDOVER, {CHEN: None})
    assert changed(client) == {f"items.{CHEN}.agreed": True}
    assert asks(client) == "answer", "one is left"
    client.answer_handover(HANDOVER, {LIU: "未告知逾期"})

    assert changed(client) == {f"items.{LIU}.objection": "未告知逾期"}
    assert asks(client) is None
    with pytest.raises(NotPossibleError, match="answered-already"):
        client.answer_handover(HANDOVER, {LIU: None})


def test_the_outgoing_officer_notes_what_there_is_to_say(ada: Tablet) -> None:
    client = given(ada, LI, ZHAO)
    assert asks(client) == "note"

    client.write_in_handover(HANDOVER, {CHEN: "无异常。", LIU: "逾期两天。"})

    assert changed(client)[f"items.{LIU}.from_risk_note"] == "逾期两天。"
    assert asks(client) is None


def test_a_signature_is_of_what_was_seen(ada: Tablet) -> None:
    agreed: dict[str, Json] = {f"items.{CHEN}.agreed": True}
    client = given(ada, state="agreed", **agreed)
    seen = client.record(HANDOVER).fields
    assert asks(client) == "sign"

    client.sign_handover(HANDOVER)

    said = {path.rpartition(".")[2]: it for path, it in changed(client).items()}
    assert (said["user"], said["content_hash"]) == (LI, content_hash(seen))
    assert asks(client) is None
    with pytest.raises(NotPossibleError, match="not-to-sign"):
        client.sign_handover(HANDOVER)


@pytest.mark.parametrize(
    ("state", "objections", "reason"),
    [
        ("in_review", {CHEN: "  "}, "reason-needed"),
        ("agreed", {CHEN: None}, "handover-settled"),
        ("in_review", {"01990000-0000-7000-8000-0000000000ff": None}, "not-on-the-list"),
    ],
)
def test_what_is_no_answer_is_said_before_anything_is_stored(
    ada: Tablet, state: str, objections: dict[str, str | None], reason: str
) -> None:
    client = given(ada, state=state)

    with pytest.raises(NotPossibleError, match=reason):
        client.answer_handover(HANDOVER, objections)
    assert client.sets() == []


@pytest.mark.parametrize(("outgoing", "incoming"), [(LI, ZHAO), (ZHAO, "nobody")])
def test_the_part_of_another_is_not_written_here(ada: Tablet, outgoing: str, incoming: str) -> None:
    client = given(ada, outgoing, incoming)

    with pytest.raises(NotPossibleError, match="not-your-part"):
        client.answer_handover(HANDOVER, {CHEN: None})
    if outgoing != LI:
        assert asks(client) is None
        with pytest.raises(NotPossibleError, match="not-your-part"):
            client.write_in_handover(HANDOVER, {CHEN: "无异常。"})


def test_what_asks_comes_first(ada: Tablet) -> None:
    client = given(ada)
    other = "01990000-0000-7000-8000-00000000ab02"
    people = {"from_officer_id": ZHAO, "to_officer_id": LI, "witness_id": WANG}
    ada.branch.put(
        "handover",
        other,
        None,
        **people,
        state="effective",
        reason="leave",
        effective_on="2026-06-01",
    )
    client.sync()

    assert [it.id for it in client.handovers()] == [HANDOVER, other]


@pytest.mark.parametrize(
    ("lang", "asked", "answered"),
    [
        ("en", "an answer for each customer", "objects: 未告知逾期"),
        ("zh", "逐户答复", "异议：未告知逾期"),
    ],
)
def test_the_command_lists_and_answers(
    ada: Tablet,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    lang: str,
    asked: str,
    answered: str,
) -> None:
    given(ada)
    monkeypatch.setenv("XIANGXIN_FIELD_STORE", str(ada.path))
    ada.store.close()

    def told(*words: str) -> str:
        capfd.readouterr()
        assert run(cli, ["--lang", lang, *words], NAME) == 0, capfd.readouterr().err
        return capfd.readouterr().out

    assert asked in told("handover")
    told("handover", HANDOVER, "--agree", CHEN, "--object", f"{LIU}=未告知逾期")
    assert answered in told("handover", HANDOVER)
    assert asked not in told("handover")
    assert json.loads(told("--json", "handover"))[0]["asks"] is None
