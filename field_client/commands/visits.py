"""Commands of a visit day: start, finish, note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from field_client import typed
from field_client.console import (
    Console,
    SaidGroup,
    choices,
    command,
    console,
    day_of,
    fen_of,
    option,
)
from field_client.faults import NotPossibleError
from field_client.visits import Place, Promise
from field_client.words import yuan

Json = Any


@click.group("visit", cls=SaidGroup)
def visit() -> None:
    """Visits."""


@command("start", "visit start")
@click.argument("customer")
@option("--purpose", "purposes", word="purpose", multiple=True, type=choices("visit", "purposes"))
@option("--place", word="place", metavar="LAT,LON,M")
@option("--visit", "planned", word="of-visit", metavar="ID")
@console
def visit_start(
    told: Console, customer: str, purposes: Sequence[str], place: str | None, planned: str | None
) -> None:
    """Start."""
    with told.client() as client:
        made = client.visit_start(customer, purposes, visit=planned, place=_place(place))
    told.tell("talk.started", id=made)
    told.give({"id": made})


def _place(text: str | None) -> Place | None:
    if text is None:
        return None
    try:
        latitude, longitude, metres = text.split(",")
        return Place(_micro(latitude), _micro(longitude), round(float(metres)))
    except ValueError as error:
        raise NotPossibleError(reason="unreadable-value", word="--place", text=text) from error


def _micro(degrees: str) -> int:
    return round(float(degrees) * 1_000_000)


@command("finish", "visit finish")
@click.argument("visit_id", metavar="VISIT")
@option("--outcome", word="outcome", type=choices("visit", "outcome"), default="done")
@option("--summary", word="summary", metavar="TEXT")
@option("--met", "met_with", word="met", metavar="NAME", multiple=True)
@option("--reason", word="why", metavar="TEXT")
@option("--promise", word="promise", metavar="AMOUNT:DAY")
@console
def visit_finish(
    told: Console,
    visit_id: str,
    outcome: str,
    summary: str | None,
    met_with: Sequence[str],
    reason: str | None,
    promise: str | None,
) -> None:
    """Finish."""
    promised = _promise(promise)
    title = told.say("talk.due-title", amount=yuan(promised.amount_fen)) if promised else ""
    with told.client() as client:
        number = client.visit_finish(
            visit_id, outcome=outcome, summary=summary, met_with=met_with, reason=reason,
            promise=promised, promise_title=title,
        )  # fmt: skip
    told.tell("talk.finished")
    told.give({"number": number})


def _promise(text: str | None) -> Promise | None:
    if text is None:
        return None
    amount, _, on = text.partition(":")
    return Promise(fen_of(amount), day_of(on))


@command("note")
@click.argument("customer")
@click.argument("answers", metavar="QUESTION=ANSWER…", nargs=-1)
@option("--kind", word="kind", type=choices("inspection_note", "kind"), default="routine")
@option("--narrative", word="narrative", metavar="TEXT")
@option("--conclusion", word="conclusion", type=choices("inspection_note", "conclusion"))
@option("--visit", "of_visit", word="of-visit", metavar="ID")
@option("--loan", "of_loan", word="of-loan", metavar="ID")
@console
def note(
    told: Console,
    customer: str,
    answers: Sequence[str],
    kind: str,
    narrative: str | None,
    conclusion: str | None,
    of_visit: str | None,
    of_loan: str | None,
) -> None:
    """Note."""
    with told.client() as client:
        about = {"visit_id": of_visit, "loan_id": of_loan}
        fields = {name: client.record(it).id for name, it in about.items() if it}
        made = client.note(
            customer, kind, narrative=narrative, conclusion=conclusion,
            answers=_answers(answers), **fields,
        )  # fmt: skip
    told.tell("talk.made", id=made)
    told.give({"id": made})


def _answers(pairs: Sequence[str]) -> dict[str, Json]:
    found = {}
    for pair in pairs:
        question, sign, text = pair.partition("=")
        if not sign:
            raise NotPossibleError(reason="no-such-field", word=pair, type="inspection_note")
        found[question] = typed.answer(text)
    return found


visit.add_command(visit_start)
visit.add_command(visit_finish)
