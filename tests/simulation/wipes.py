"""A tablet that a supervisor wipes: it learns of it, destroys all it holds, and begins anew (protocol, section 10).

What it had not sent comes back from its sealed journal, if the journal is still there, as work of a new
device: under new numbers, with the ids and contents that it had.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.simulation.dice import Dice
from tests.simulation.disk import Disk, OwnSet
from tests.simulation.plan import Event
from tests.simulation.typed import Journal

if TYPE_CHECKING:
    from tests.simulation.world import Tablet, World


def wipe(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Wipe a tablet: it works on until it is heard next, and may not be heard for long."""
    store = world.server.store
    if tablet.disk.id in store.wiped:
        return
    tablet.journal = dice.pick(("trimmed", "trimmed", "untrimmed", "gone"))
    store.wiped = world.oracle.facts.wiped = store.wiped | {tablet.disk.id}
    world.say(f"{tablet.name} is wiped; its journal is {tablet.journal}")


def begin_anew(world: World, tablet: Tablet) -> None:
    """Destroy what a tablet holds, images too, and let its user sign in and recover what can be."""
    old = tablet.disk
    recovered = [_as_saved(it) for it in old.sets if is_there(tablet.journal, it)]
    tablet.image = None  # nothing opens it any more
    device = tablet.device
    device.disk = Disk(
        old.id, old.user, old.role, recovered, epoch=world.server.store.epoch, schema=old.schema,
        renewals=old.renewals,
    )  # fmt: skip
    device.become_new()
    world.oracle.began_anew(tablet.name, old.schema, tablet.journal)
    world.say(f"   {tablet.name} destroys all it has, and recovers {[it.id for it in recovered]}")


def is_there(journal: Journal, one: OwnSet) -> bool:
    """Tell whether a set can be recovered; what its user had given up is not."""
    unsent = one.is_waiting or one.is_held
    return journal != "gone" and one.settled is None and (unsent or journal == "untrimmed")


def _as_saved(one: OwnSet) -> OwnSet:
    """Return a set as a journal has it: without what came of it, and without what its form showed."""
    return OwnSet(one.raw, one.changes, {}, one.device)
