"""Who may hold which record (protocol.md, sections 6 and 7). One answer for push, pull, search and web."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.declare import Registry
from sync.ledger import RecordState

Standing = Literal["in", "late", "out", "never"]


@dataclass(frozen=True)
class Actor:
    """Who is asking, on which device.

    `whole_branch`: a supervisor's web session or the server itself, which reach every record of the
    branch. `timer`: the server itself, because something fell due. `tier`: up to which tier a person
    approves (domain.md, section 3.3); 0 for whoever does not.
    """

    user: str | None
    role: str
    device: str
    whole_branch: bool = False
    timer: bool = False
    tier: int = 0


ENGINE = Actor(None, "server", "server", whole_branch=True)
"""Who does what the engine itself adds to a set: conflicts, and moves that follow from it."""


def standing(customer: RecordState | None, actor: Actor, base: int) -> Standing:
    """Tell how *actor* stands to a customer for work made at *base*.

    `in`: holds it now; `late`: held it at the base, or made it himself above it, and has it no more;
    `out`: the view at the base knew that it had gone; `never`: has never held it, or there is no
    such customer.
    """
    if customer is None or customer.type != "customer":
        return "never"
    if actor.whole_branch or (actor.user is not None and customer.holds(actor.user)):
        return "in"
    past = [it for it in customer.holders if it.user == actor.user and it.ended is not None]
    if not past:
        return "never"
    mine = customer.created_device == actor.device
    held = any((mine or it.since <= base) and base < (it.ended or 0) for it in past)
    return "late" if held else "out"


def visible(
    registry: Registry, state: RecordState, customer: RecordState | None, actor: Actor
) -> bool:
    """Tell whether *actor* may see a record now; *customer* is the state of its root customer."""
    if actor.whole_branch:
        return True
    if state.customer is not None:
        return customer is not None and actor.user is not None and customer.holds(actor.user)
    return user_may_see(registry, state, actor.user)


def user_may_see(registry: Registry, state: RecordState, user: str | None) -> bool:
    """Tell whether reference data is in the scope of *user*."""
    declared = registry.get(state.type)
    if declared is None:
        return False
    if declared.reference == "user":
        return user in (state.fields.get(name) for name in declared.users)
    return declared.reference == "branch"


def owners(
    registry: Registry, state: RecordState, customer: RecordState | None, branch: str
) -> list[str]:
    """Return whose index a record belongs in: user ids, or the branch's id for everyone in it."""
    if state.customer is not None:
        return customer.users() if customer else []
    declared = registry[state.type]
    if declared.reference == "user":
        named = (state.fields.get(name) for name in declared.users)
        return list(dict.fromkeys(it for it in named if it))
    return [branch]
