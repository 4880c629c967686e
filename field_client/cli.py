"""The `xiangxin-field` command (operations.md): the field client for laptops, branch PCs and scripts."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from field_client.commands import (
    decisions,
    files,
    handovers,
    look,
    money,
    network,
    records,
    rescue,
    visits,
)
from field_client.console import DEFAULT_STORE, Console, SaidGroup, language, option, run

NAME = "xiangxin-field"
COMMANDS: tuple[click.Command, ...] = (
    network.login, network.sync, look.status, look.today, look.customers, look.show, look.targets, records.edit,
    records.new, visits.visit, visits.note, money.repay, decisions.conflicts, decisions.resolve,
    decisions.attention, handovers.handover, files.attach, rescue.pin, rescue.export, rescue.deliver,
)  # fmt: skip


@click.group(
    NAME,
    cls=SaidGroup,
    path=NAME,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@option(
    "--store", word="store", metavar="FILE", envvar="XIANGXIN_FIELD_STORE", default=DEFAULT_STORE
)
@option("--pin-file", word="pin-file", metavar="FILE", type=click.Path(path_type=Path))
@option("--lang", word="lang", type=click.Choice(["zh", "en"]), is_eager=True)
@option("--json", "as_json", word="json", is_flag=True)
@click.pass_context
def cli(
    context: click.Context, store: str, pin_file: Path | None, lang: str | None, as_json: bool
) -> None:
    context.obj = Console(Path(store), pin_file, language(lang), as_json)


for _each in COMMANDS:
    cli.add_command(_each)


def main() -> None:
    """Run the command and end with its exit status."""
    sys.exit(run(cli, sys.argv[1:], NAME))
