"""What happens between tablets and server: syncs that work, break, repeat; crashes, clocks, images."""

from __future__ import annotations

from dataclasses import replace

from tests.simulation.dice import Dice
from tests.simulation.disk import Disk
from tests.simulation.messages import DAMAGED
from tests.simulation.plan import YEAR_MS, Event
from tests.simulation.world import Backup, Flight, Tablet, World

SMOOTH = (("fine", 1),)
ROUGH = (
    ("fine", 58), ("request lost", 6), ("request late", 6), ("answer lost", 9), ("twice", 5),
    ("server dies", 3), ("dies between", 3), ("dies after", 3), ("one by one", 4), ("tablet dies", 6),
)  # fmt: skip

BAD = (
    ("fine", 34), ("request lost", 6), ("request late", 10), ("answer lost", 26), ("twice", 5),
    ("server dies", 2), ("dies between", 4), ("dies after", 5), ("one by one", 2), ("tablet dies", 6),
)  # fmt: skip
"""A line that seldom holds until the answer has come."""


def sync(world: World, tablet: Tablet, dice: Dice, rough: bool = True) -> str:
    """Let a tablet sync until there is no more, as far as the line and the machines hold."""
    word = "again"
    if rough and dice.chance(30):
        tablet.device.at_once = dice.pick((1, 2, 100))
    for _ in range(400):
        line = BAD if world.hot % 4 == 3 else ROUGH
        fate = dice.weighted(line if rough else SMOOTH)
        flight = world.ask(tablet)
        word = _exchange(world, tablet, flight, fate, dice)
        if word not in ("again", "sign in"):
            return word
        if rough and dice.chance(30):
            world.now_ms += 1_000
    return word


def _exchange(world: World, tablet: Tablet, flight: Flight, fate: str, dice: Dice) -> str:
    request = flight.request
    world.say(f"{tablet.name} syncs ({fate}): sets {request.numbers}, page {request.page}"
              f"{'' if request.cursor else ', from nothing'}")  # fmt: skip
    if fate == "tablet dies" and dice.chance(40):
        return _gives_up(world, tablet)
    if fate == "request lost":
        tablet.flight = None
        return "lost"
    if fate == "request late":
        return _gives_up(world, tablet)
    if fate == "twice":
        world.serve(Flight(request))
    if fate == "one by one":
        world.serve(flight, "one by one")
    elif fate == "server dies":
        world.serve(flight, "dies")
    elif fate == "dies between":
        world.serve(flight, "dies between", dice.below(len(request.sets) + 1))
    elif fate == "dies after":
        world.serve(flight, "dies after")
    else:
        world.serve(flight)
    if flight.reply is None or fate == "answer lost":
        tablet.flight = None
        return "lost"
    return hear(world, tablet, dice.between(1, 2) if fate == "tablet dies" else None)


def _gives_up(world: World, tablet: Tablet) -> str:
    assert tablet.flight is not None
    world.network.append(tablet.flight)
    tablet.flight = None
    return "lost"


def hear(world: World, tablet: Tablet, dies_after: int | None = None) -> str:
    """Let a tablet take in its answer, and tell of it."""
    flight = tablet.flight
    assert flight is not None
    assert flight.reply is not None
    body = flight.reply.body
    word = world.hear(tablet, dies_after)
    if world.tell is not None:
        told = ", ".join(
            f"{it['number']} {it['status']}{' again' if it['repeated'] else ''}"
            f"{''.join(' ' + one['code'] for one in it.get('errors', ()))}"
            for it in body.get("results", ())
        )
        shown = [
            f"{it['id']}{' whole' if it.get('whole') else ''}" for it in body.get("records", ())
        ]
        world.say(f"   {tablet.name} hears {flight.reply.code or 'position'} "
                  f"{body.get('position', '')}: [{told}] left {[it['customer'] for it in body.get('left', ())]} "
                  f"records {shown} {'and more' if body.get('more') else ''} -> {word}")  # fmt: skip
    return word


# ------------------------------------------------------------------------------------ step by step


def ask(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Send a request; what becomes of it, later events tell."""
    flight = world.ask(tablet)
    world.say(f"{tablet.name} asks: sets {flight.request.numbers}, page {flight.request.page}")


def serve(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Let the server handle the request that is under way."""
    if tablet.flight is not None and tablet.flight.reply is None:
        world.say(f"the server answers {tablet.name}")
        world.serve(tablet.flight)


def take_in(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Let an answer arrive."""
    if tablet.flight is not None and tablet.flight.reply is not None:
        hear(world, tablet)


def die(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Let the tablet's program die: what was under way is nobody's any more, but may still arrive."""
    if tablet.flight is not None:
        if tablet.flight.reply is None:
            world.network.append(tablet.flight)
        tablet.flight = None
        world.say(f"{tablet.name} dies")


def late_request(world: World, event: Event, dice: Dice) -> None:
    """Let a request arrive that its tablet has long given up; nobody hears the answer."""
    if world.network:
        flight = world.network.pop(dice.below(len(world.network)))
        world.say(
            f"a late request arrives: sets {flight.request.numbers} of {flight.request.device}"
        )
        world.serve(flight)


# ------------------------------------------------------------------------------ clocks, disks, index


def jump(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Set a tablet's clock to something else."""
    tablet.offset_ms = dice.pick((0, -3 * YEAR_MS, 9 * YEAR_MS, 3_600_000, -3_600_000, 600_000))
    tablet.jumped = True
    for typed in world.oracle.facts.by_store.get(tablet.name, ()):
        if not typed.moment:
            typed.steady = False
    world.say(f"the clock of {tablet.name} jumps to {tablet.offset_ms // 60_000:+} minutes")


def take_image(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Copy a tablet's disk."""
    tablet.image = (tablet.disk.image(), world.oracle.stores[tablet.name].copy())
    world.say(f"the disk of {tablet.name} is copied")


def put_back(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Put an earlier copy of a tablet's disk in place of what it holds now."""
    if tablet.image is not None:
        disk, known = tablet.image
        die(world, tablet, event, dice)
        renewals = tablet.disk.renewals
        tablet.desk.device.disk = restored(disk, renewals)
        world.oracle.lost_after(tablet.name, known)
        world.say(f"the disk of {tablet.name} is put back as it was copied")


def restored(disk: Disk, renewals: int) -> Disk:
    """Return a disk as it was; ids of devices are never given twice."""
    again = disk.image()
    again.renewals = max(renewals, disk.renewals)
    return again


def damage(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Damage a tablet's cursor."""
    if tablet.disk.cursor is not None:
        tablet.disk.cursor = DAMAGED
        world.say(f"the cursor of {tablet.name} is damaged")


def lock(world: World, event: Event, dice: Dice) -> None:
    """Lock a tablet out, or let it in again."""
    tablet = world.tablets[dice.pick(sorted(world.tablets))]
    locked = world.server.store.locked ^ {tablet.disk.id}
    let(world, locked)
    world.say(f"{tablet.name} is {'locked' if tablet.disk.id in locked else 'let in again'}")


def let(world: World, locked: frozenset[str]) -> None:
    """Let in all but some devices."""
    world.server.store.locked = world.oracle.facts.locked = locked


def back_up(world: World, event: Event, dice: Dice) -> None:
    """Copy the server."""
    world.backup = Backup(world.server.store.copy(), world.oracle.facts.copy())
    world.say(f"the server is backed up on {world.server.store.head}")


def restore(world: World, event: Event, dice: Dice) -> None:
    """Put the copy in place of the server: it begins a new epoch, and has forgotten all since."""
    if world.backup is None:
        return
    old, oracle = world.backup.store, world.oracle
    oracle.fell_back(world.backup.facts)
    epoch = f"epoch-{oracle.epochs + 1}"
    restores = (*old.restores, (old.epoch, old.head))
    world.server.store = replace(old.copy(), epoch=epoch, restores=restores)
    world.pages.clear()
    world.say(f"the server is restored as it was on {old.head}: {epoch}")


def upgrade(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Give a tablet the next version of its program; what it holds and has to send stays as it is.

    No program goes on across that: what was under way is given up.
    """
    if tablet.disk.schema < world.setting.registry.schema:
        die(world, tablet, event, dice)
        tablet.disk.schema += 1
        world.say(f"{tablet.name} is upgraded to schema {tablet.disk.schema}")


def purge(world: World, event: Event, dice: Dice) -> None:
    """Let the server forget old tombstones and moves."""
    world.server.store.purge()
    world.say("the server forgets tombstones and moves")
