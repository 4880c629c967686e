"""Commands that need a network: sign in, sync."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console as Terminal
from rich.progress import BarColumn, SpinnerColumn, TextColumn
from rich.progress import Progress as Bar

from field_client import screens
from field_client.console import Console, command, console, option, secret_of
from field_client.round_trip import Progress, Report

PASSWORD = "XIANGXIN_FIELD_PASSWORD"


@command("login")
@click.argument("server")
@option("--user", word="user", metavar="U", required=True)
@option("--password-file", word="password-file", metavar="FILE", type=click.Path(path_type=Path))
@option("--device-name", word="device-name", metavar="NAME", default="")
@console
def login(
    told: Console, server: str, user: str, password_file: Path | None, device_name: str
) -> None:
    """Sign in."""
    with told.client(_address(server)) as client:
        given = client.login(user, _password(told, password_file), device_name)
        device = client.store.identity().id
    told.tell("talk.signed-in", name=given["name"])
    told.give({"user": dict(given), "device": device})


def _address(server: str) -> str:
    if "://" in server:
        return server
    near = server.partition(":")[0] in ("127.0.0.1", "localhost", "[")
    return f"{'http' if near else 'https'}://{server}"


def _password(told: Console, file: Path | None) -> str:
    if file is not None:
        return secret_of(file)
    if known := os.environ.get(PASSWORD):
        return known
    return str(click.prompt(told.say("talk.ask-password"), hide_input=True, err=True))


@command("sync")
@console
def sync(told: Console) -> None:
    """Sync."""
    with told.client() as client:
        quiet = told.as_json or not sys.stderr.isatty()
        report = client.sync() if quiet else _with_progress(told, client.sync)
        status = client.status()
    strip = screens.strip(status, told.lang)
    told.tell("talk.synced", sent=report.sent, records=report.records, strip=strip)
    for one in report.merged:
        stays = one["survivor"]
        told.tell("talk.merged" if stays else "talk.merged-away", name=one["customer"], stays=stays)
    if status.skew_seconds is not None:
        told.tell("talk.clock", seconds=status.skew_seconds)
    told.give({**asdict(report), "status": asdict(status)})


def _with_progress(told: Console, sync_now: Callable[[Progress], Report]) -> Report:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn())
    with Bar(*columns, transient=True, console=Terminal(stderr=True)) as bar:
        task = bar.add_task(told.say("talk.syncing", records=0), total=None)

        def show(report: Report) -> None:
            bar.update(task, description=told.say("talk.syncing", records=report.records))

        return sync_now(show)
