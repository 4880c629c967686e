"""The `xiangxin` command: the server and its administration (operations.md)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import version
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from schemas import export, problems
from schemas.derived.compute import compute as calculate
from schemas.registry import REGISTRY
from schemas.words import fault_message
from server import attachments, field_book, keeping, readmodels, serving
from server import verify as verifying
from server.backup_command import backup, restore
from server.console import opened, settings_of, stores
from server.daily_command import daily
from server.db import DatabaseError, snapshot, writing
from server.demo import command as demo_command
from server.device_command import device
from server.exporting.command import command as export_command
from server.importing.command import command as import_command
from server.keys import rotate
from server.logs import configure
from server.setup import SetupError
from server.setup_command import setup
from server.store import branch
from server.user_command import user

CALCULATORS = [
    "schedule", "due-dates", "days-past-due", "allocation", "capacity", "time-value",
]  # fmt: skip


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """Xiangxin: the server for rural micro-loan officers, and its administration."""


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Server processes")
@click.option(
    "--demo", "with_demo", is_flag=True, help="Load the demonstration where there is no branch"
)
@stores
def serve(
    host: str, port: int, workers: int, with_demo: bool, data: str | None, database: str | None
) -> None:
    """Serve the web pages, the API and the tablet app.

    Example: xiangxin serve --port 8000 --data ./data
    """
    parts = opened(data, database)
    if with_demo:
        demo_command.load_if_empty(parts)
        if demo_command.is_loaded(parts):
            demo_command.tell_accounts()
    click.echo(f"Supervisors: http://{host}:{port}/    API: http://{host}:{port}/api/v1/hello")
    click.echo(f"Tablet app:  http://{host}:{port}/field/")
    click.echo("Ctrl-C stops the server; what was accepted is on the disk.")
    if parts.settings.keep_days == 0:
        with writing(parts.engine) as connection:
            keeping.end_all_cursors(connection, parts.now())
    parts.engine.dispose()
    serving.serve(parts.settings, host, port, workers)


@cli.command()
@stores
def verify(data: str | None, database: str | None) -> None:
    """Replay the log, compare it with the records, check the hash chain and the attachments' bytes;
    exit 1 if anything differs.

    Example: xiangxin verify --data ./data
    """
    parts = opened(data, database)
    with snapshot(parts.engine) as connection:
        found = verifying.verify(connection, parts.registry)
        damaged = attachments.findings(connection, parts.settings.data)
        finding = found.finding or next(damaged, None)
    if finding is not None:
        where = f"branch {finding.branch}, position {finding.position}"
        raise click.ClickException(f"{where}: {finding.what}")
    click.echo(f"The log is whole: {found.rows} entries replayed, {found.records} records equal.")


@cli.command()
@stores
def rebuild(data: str | None, database: str | None) -> None:
    """Recompute what pages read (loans, receipts, visits) from the log, and say what differed.

    Example: xiangxin rebuild
    """
    parts = opened(data, database)
    today = parts.settings.today(parts.now())
    with writing(parts.engine) as connection:
        for row in connection.execute(select(branch).order_by(branch.c.code)).all():
            found = readmodels.recompute(connection, row.id, today)
            said = f"{row.code}: {found.loans} loans folded anew, "
            click.echo(said + _differing(found.differing))
            folded = field_book.recompute(connection, row.id)
            said = f"{row.code}: {folded.receipts} receipts folded anew, "
            click.echo(said + _differing(folded.differing))


def _differing(ids: tuple[str, ...]) -> str:
    if not ids:
        return "all equal to what was there."
    return f"{len(ids)} differed and were put right: {', '.join(ids[:5])}"


@cli.group()
def keys() -> None:
    """Signing keys."""


@keys.command("rotate")
@stores
def keys_rotate(data: str | None, database: str | None) -> None:
    """Make a new signing key; nobody is signed out.

    Example: xiangxin keys rotate
    """
    click.echo(
        f"New signing key {rotate(settings_of(data, database).data)}; restart the server to use it."
    )


@cli.command()
@stores
def openapi(data: str | None, database: str | None) -> None:
    """Print the OpenAPI document.

    Example: xiangxin openapi > openapi.json
    """
    _print(export.openapi_document(REGISTRY, version("xiangxin")))


@cli.command()
@stores
def schema(data: str | None, database: str | None) -> None:
    """Print the record types as `GET /api/v1/schema` gives them.

    Example: xiangxin schema | jq .types.customer
    """
    _print(export.schema_document(REGISTRY))


def _print(document: Any) -> None:
    click.echo(json.dumps(document, indent=1, ensure_ascii=False))


@cli.command()
@click.argument("kind", type=click.Choice(CALCULATORS))
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
@stores
def compute(kind: str, file: Any, data: str | None, database: str | None) -> None:
    """Run a lending calculator over one case or a list of cases in JSON.

    Example: xiangxin compute schedule case.json
    """
    try:
        answer = calculate(kind, json.load(file))
        _print(answer)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    answers = answer if isinstance(answer, list) else []
    refused = sum("error" in it for it in answers)
    if refused:
        raise click.ClickException(f"{refused} of {len(answers)} cases could not be answered.")


@cli.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def tour(words: tuple[str, ...]) -> None:
    """Play a day of two officers against a running server: they work offline, sync, and meet.

    Example: xiangxin tour --server http://127.0.0.1:8000 --settle
    """
    # Two field clients play it; the server's code may not know them, so they run beside it.
    told = subprocess.run([sys.executable, "-m", "field_client.tour", *words], check=False)
    sys.exit(told.returncode)


cli.add_command(setup)
cli.add_command(user)
cli.add_command(backup)
cli.add_command(daily)
cli.add_command(restore)
cli.add_command(import_command)
cli.add_command(export_command)
cli.add_command(demo_command.demo)
cli.add_command(device)


def main() -> None:
    """Run the command; what goes wrong is one clear line on stderr and exit status 1."""
    configure(os.environ.get("XIANGXIN_LOG_FORMAT", "auto"))
    try:
        cli(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort:
        sys.exit("stopped")
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(1)
    except SetupError as error:
        for fault in error.faults:
            click.echo(fault, err=True)
        count = len(error.faults)
        click.echo(f"Nothing was changed: {count} entries of the file cannot be used.", err=True)
        sys.exit(1)
    except problems.XiangxinError as error:
        for one in error.errors:
            words = fault_message(one.code, one.reason, one.rule, one.field, "en")
            click.echo(words, err=True)
        click.echo(f"Nothing was changed: {error}.", err=True)
        sys.exit(1)
    except DatabaseError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        click.echo(f"The database cannot be used: {reason}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
