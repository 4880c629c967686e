"""What the page of one handover offers to whom, and what its forms say; pure (domain.md, section 6.7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from server.web.entered import tidy

Json = Any
Writing = Literal["notes", "appraisals", "answers", "rulings"]
Move = Literal["open", "cancel"]

TARGETS: Mapping[Move, str] = {"open": "in_review", "cancel": "cancelled"}
SOURCES: Mapping[Move, Sequence[str]] = {
    "open": ("draft",), "cancel": ("draft", "in_review", "objected", "agreed"),
}  # fmt: skip
TONES: Mapping[str, str] = {
    "draft": "", "in_review": "brand", "objected": "clash", "agreed": "warn", "signed": "ok",
    "effective": "ok", "cancelled": "",
}  # fmt: skip
LEAVES: Mapping[Writing, str] = {
    "notes": "from_risk_note",
    "appraisals": "appraisal",
    "rulings": "ruling",
}
"""The leaf of an item that a form of one text for each customer fills."""


@dataclass(frozen=True)
class Offer:
    """What the page lets somebody do.

    Attributes:
        writing: the part that is theirs to write now, or None.
        asked: the customers for whom the form asks.
        moves: what a supervisor may do with the whole.
        signs: whether their signature is what is missing.
    """

    writing: Writing | None
    asked: Sequence[str]
    moves: Sequence[Move]
    signs: bool


def offer_of(seen: Mapping[str, Json], me: str, role: str) -> Offer:
    """Return what a handover, as `server.handovers.preview` tells it, offers to somebody."""
    state = seen["state"]
    people = {part: it["id"] for part, it in seen["people"].items()}
    writing = _writing(state, people, me, role)
    moves = [it for it in get_args(Move) if role == "supervisor" and state in SOURCES[it]]
    signs = state == "agreed" and me in people.values() and me not in seen["signed"]
    asked = [it["id"] for it in seen["customers"] if writing and _asks(writing, it)]
    return Offer(writing if asked else None, asked, moves, signs)


def _writing(state: str, people: Mapping[str, str], me: str, role: str) -> Writing | None:
    if state == "objected" and role == "approver":
        return "rulings"
    if state not in ("in_review", "objected"):
        return None
    if me == people["from_officer"]:
        return "notes"
    if me == people["witness"]:
        return "appraisals"
    return "answers" if me == people["to_officer"] and state == "in_review" else None


def _asks(writing: Writing, item: Mapping[str, Json]) -> bool:
    """Tell whether a customer is asked about: an answer stands once it was given."""
    if writing == "answers":
        return not (item.get("agreed") or item.get("objection"))
    return writing != "rulings" or bool(item.get("objection"))


@dataclass(frozen=True)
class Written:
    """What a form says: fields of an update by path, and the inputs that are wrong, by name."""

    fields: Mapping[str, Json]
    missing: Sequence[str]


def written(offer: Offer, seen: Mapping[str, Json], me: str, typed: Mapping[str, str]) -> Written:
    """Read a form of the part that *offer* lets somebody write; what stands already is left out."""
    if offer.writing == "answers":
        return _answers(offer, typed)
    leaf = LEAVES[offer.writing or "notes"]
    fields: dict[str, Json] = {}
    missing = []
    for item in seen["customers"]:
        if item["id"] not in offer.asked:
            continue
        text = tidy(typed.get(f"text-{item['id']}", ""))
        if leaf == "ruling" and not text:
            missing.append(f"text-{item['id']}")
        elif text and text != item.get(leaf):
            fields[f"items.{item['id']}.{leaf}"] = text
            if leaf == "ruling":
                fields[f"items.{item['id']}.ruled_by"] = me
    if leaf == "ruling" and not missing:
        fields["state"] = "agreed"
    return Written(fields, missing)


def _answers(offer: Offer, typed: Mapping[str, str]) -> Written:
    fields: dict[str, Json] = {}
    missing = []
    for it in offer.asked:
        match typed.get(f"answer-{it}"):
            case "agree":
                fields[f"items.{it}.agreed"] = True
            case "object" if why := tidy(typed.get(f"text-{it}", "")):
                fields[f"items.{it}.objection"] = why
            case "object":
                missing.append(f"text-{it}")
            case _:
                pass  # it may be answered later
    return Written(fields, missing)
