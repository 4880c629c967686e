"""What every `xiangxin` command shares: where the data is, and how it is opened."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from server.app import create_app
from server.context import Context, context
from server.migrate import migrate
from server.settings import Settings, SettingsError

Command = TypeVar("Command", bound=Callable[..., Any])


def stores(command: Command) -> Command:
    """Add `--database` and `--data` to a command."""
    for option in (
        click.option("--database", metavar="URL", help="sqlite:///FILE or postgresql://… (XIANGXIN_DATABASE_URL)"),
        click.option("--data", metavar="DIR", help="Folder of database and keys (XIANGXIN_DATA, default ./data)"),
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
