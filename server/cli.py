"""The `xiangxin` command: the server and its administration (operations.md)."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy.exc import SQLAlchemyError

from schemas import problems
from schemas.registry import REGISTRY
from server import serving
from server.app import create_app
from server.context import Context, context
from server.db import DatabaseError
from server.logs import configure
from server.migrate import migrate
from server.settings import Settings, SettingsError
from server.setup import Report, SetUp, SetupError

Command = TypeVar("Command", bound=Callable[..., Any])


def stores(command: Command) -> Command:
    """Add `--database` and `--data` to a command."""
    for option in (
        click.option("--database", metavar="URL", help="sqlite:///FILE or postgresql://… (XIANGXIN_DATABASE_URL)"),
        click.option("--data", metavar="DIR", help="Folder of database, keys, attachments (XIANGXIN_DATA, default ./data)"),
    ):  # fmt: skip
        command = option(command)
    return command


def settings_of(data: str | None, database: str | None) -> Settings:
    """Return the settings for a command, or end it with one clear line."""
    try:
        return Settings.from_env(os.environ, data, database)
    except SettingsError as error:
        raise click.UsageError(str(error)) from error


def opened(data: str | None, database: str | None) -> Context:
    """Return the parts of the server over an up-to-date database."""
    settings = settings_of(data, database)
    app = create_app(settings)
    parts = context(app)
    migrate(parts.engine)
    return parts


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """Xiangxin: the server for rural micro-loan officers, and its administration."""


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Server processes")
@stores
def serve(host: str, port: int, workers: int, data: str | None, database: str | None) -> None:
    """Serve the web pages, the API and the tablet app.

    Example: xiangxin serve --port 8000 --data ./data
    """
    settings = settings_of(data, database)
    opened(data, database).engine.dispose()
    serving.serve(settings, host, port, workers)


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Print what would change, and change nothing")
@stores
def setup(file: Path, dry_run: bool, data: str | None, database: str | None) -> None:
    """Load a declarative JSON set-up; what differs is updated.

    Example: xiangxin setup branch.json --dry-run
    """
    from schemas import wire

    parts = opened(data, database)
    wish = wire.parse_setup(_json(file), parts.registry)
    with parts.engine.connect() as connection:
        transaction = connection.begin()
        report = SetUp(connection, parts.registry, parts.settings, parts.now()).run(wish)
        if dry_run:
            transaction.rollback()
        else:
            transaction.commit()
    _tell(report, dry_run)


def _json(file: Path) -> Any:
    try:
        return json.loads(file.read_text("utf-8-sig"))
    except (ValueError, OSError) as error:
        raise click.ClickException(f"{file} is not JSON: {error}") from error


def _tell(report: Report, dry_run: bool) -> None:
    if report.is_empty:
        click.echo("Nothing to change.")
    for word, counts in (("create", report.created), ("update", report.updated)):
        for what, count in sorted(counts.items()):
            click.echo(
                f"{'would ' if dry_run else ''}{word}{'' if dry_run else 'd'} {what}: {count}"
            )


@cli.command()
@stores
def openapi(data: str | None, database: str | None) -> None:
    """Print the OpenAPI document.

    Example: xiangxin openapi > openapi.json
    """
    from importlib.metadata import version

    from schemas import export

    click.echo(json.dumps(export.openapi_document(REGISTRY, version("xiangxin")), indent=1, ensure_ascii=False))  # fmt: skip


@cli.command()
@stores
def schema(data: str | None, database: str | None) -> None:
    """Print the record types as `GET /api/v1/schema` gives them.

    Example: xiangxin schema | jq .types.customer
    """
    from schemas import export

    click.echo(json.dumps(export.schema_document(REGISTRY), indent=1, ensure_ascii=False))


@cli.command()
@click.argument("kind", type=click.Choice(["schedule", "due-dates", "days-past-due", "allocation", "capacity"]))  # fmt: skip
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
@stores
def compute(kind: str, file: Any, data: str | None, database: str | None) -> None:
    """Run a lending calculator over one case or a list of cases in JSON.

    Example: xiangxin compute schedule case.json
    """
    from schemas.derived.compute import compute as calculate

    try:
        case = json.load(file)
        click.echo(json.dumps(calculate(kind, case), indent=1, ensure_ascii=False))
    except ValueError as error:
        raise click.ClickException(str(error)) from error


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
        click.echo(f"Nothing was changed: {len(error.faults)} entries of the file cannot be used.", err=True)  # fmt: skip
        sys.exit(1)
    except (DatabaseError, problems.XiangxinError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        click.echo(f"The database cannot be used: {reason}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
