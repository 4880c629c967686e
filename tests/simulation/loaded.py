"""What the engine gets to look at for a request: the whole branch, or just what a server would load."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from schemas.messages import ChangeSet, Fault
from sync.ledger import Ledger
from sync.scope import Actor
from tests.simulation.offers import Raw, customers_of
from tests.simulation.slices import sliced
from tests.simulation.store import Store

if TYPE_CHECKING:
    from tests.simulation.server import Server


def ledger_for(
    server: Server,
    actor: Actor,
    raws: tuple[Raw, ...],
    parsed: Mapping[int, ChangeSet | list[Fault]],
) -> Ledger:
    """Return the ledger over which the new sets of a request are decided."""
    store = server.store
    if not server.slices or crosses(store, parsed.values()):
        ledger, again = store.ledger(actor.device), server.sent_again(actor, raws)
    else:
        known = {it["number"]: server.before(actor.user, it["id"]) for it in raws}
        decided = {number: replace(it.decided, number=number) for number, it in known.items() if it}
        new = [it for it in parsed.values() if isinstance(it, ChangeSet)]
        named = customers_of(it for it in raws if isinstance(parsed.get(it["number"]), list))
        ledger, found = sliced(store, actor, [it["number"] for it in raws], new, named, decided)
        again = found | {it["id"] for it in raws if known[it["number"]]}
    ledger.adopt(again, actor.device)
    return ledger


def crosses(store: Store, sets: Iterable[ChangeSet | list[Fault]]) -> bool:
    """Tell whether a set merges customers, or names one that was: tests/server has what is loaded then."""
    changes = [it for one in sets if isinstance(one, ChangeSet) for it in one.changes]
    aliases = {it.id for it in store.records.values() if it.alias is not None}
    return any(
        it.set.get("resolution") == "merge"
        or aliases & {it.id, it.customer, *(v for v in it.set.values() if isinstance(v, str))}
        for it in changes
    )
