"""Commands that protect and rescue: the PIN, the export of unsent work."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from field_client import bundles
from field_client.console import Console, SaidGroup, command, console, option, secret_of


@click.group("pin", cls=SaidGroup)
def pin() -> None:
    """The PIN."""


@command("set", "pin set")
@option("--new-pin-file", word="new-pin-file", metavar="FILE", type=click.Path(path_type=Path))
@console
def pin_set(told: Console, new_pin_file: Path | None) -> None:
    """Set the PIN."""
    with told.client():
        pass  # it is there, whole, and nobody else has it open
    vault = told.vault()
    key = vault.unlock(told.pin()) if vault.is_locked() else None
    vault.set_pin(_new_pin(told, new_pin_file), key)
    told.tell("talk.pin-set")
    told.give({"encrypted": True})


def _new_pin(told: Console, file: Path | None) -> str:
    if file is not None:
        return secret_of(file)
    question = told.say("talk.ask-new-pin")
    return str(click.prompt(question, hide_input=True, confirmation_prompt=True, err=True))


@command("export")
@click.argument("file", type=click.Path(path_type=Path))
@option("--sealed", word="sealed", is_flag=True)
@option("--courier", word="courier", is_flag=True)
@console
def export(told: Console, file: Path, sealed: bool, courier: bool) -> None:
    """Export."""
    if sealed and courier:
        raise click.UsageError("--sealed | --courier")
    if sealed:
        count = bundles.write_sealed(told.store, file)
    else:
        with told.client() as client:
            if courier:
                count = client.write_courier(file)
            else:
                count = bundles.write_plain(client.store, client.desk.now(), file)
    kind = "-sealed" if sealed else "-courier" if courier else ""
    told.tell(f"talk.exported{kind}", count=count, path=file)
    told.give({"file": str(file), "sets": count, "sealed": sealed or courier})


@command("deliver")
@click.argument("file", type=click.Path(path_type=Path))
@console
def deliver(told: Console, file: Path) -> None:
    """Deliver."""
    with told.client() as client:
        done = client.deliver(file)
    told.tell("talk.delivered", sets=done.sets)
    told.give(asdict(done))


pin.add_command(pin_set)
