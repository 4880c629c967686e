"""A branch on a day of its own: the real server, killed and started at will, and everybody who calls it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from field_client.client import FieldClient
from tests.field_app.another_day import APP, SHIFT, STOPPED
from tests.journeys.village import PASSWORD, TODAY, Call, Village, set_up_file
from tests.places import REPOSITORY, sqlite_url
from tests.server.serving import Served

Json = Any
MORNING = datetime.fromisoformat(f"{TODAY}T08:50:00+08:00")
"""When the walk-through comes to Chen Guoping's (domain.md, section 10)."""
QUIET = {"XIANGXIN_RATE_LIMIT": "off", "XIANGXIN_LOG_FORMAT": "json"}


@dataclass(frozen=True)
class Clock:
    """What time it is in a story: so far from the real time, or always the same."""

    shift: timedelta = timedelta()
    stopped: datetime | None = None

    @staticmethod
    def beginning(at: datetime) -> Clock:
        """Return a clock that shows *at* now, and goes."""
        return Clock(at - _real())

    def now(self) -> datetime:
        """Return the time in the story."""
        return self.stopped or _real() + self.shift

    def settings(self) -> dict[str, str]:
        """Return what tells a server the time."""
        if self.stopped:
            return {STOPPED: self.stopped.isoformat()}
        return {SHIFT: str(self.shift.total_seconds())}


def _real() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - servers and browsers in processes of their own


@dataclass
class Office:
    """The branch: its server, its clock, and who reaches it by other ways than the app."""

    served: Served
    clock: Clock

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.served.port}"

    @property
    def village(self) -> Village:
        return Village(self.address, self.served.data, self.served.url, self.clock.now)

    def pass_time(self, span: timedelta) -> None:
        """Let time pass at the branch, and not on the tablets, whose clocks are behind then."""
        self.clock = Clock(self.clock.shift + span)
        self.served.stop()
        self.served.settings = {**self.served.settings, **self.clock.settings()}
        self.served.start()

    def ask(self, username: str) -> Call:
        """Sign a person in at the API."""
        return self.village.sign_in(username)

    def tablet(self, name: str, username: str) -> FieldClient:
        """Return another tablet, on which the Python client runs, signed in and up to date."""
        tablet = self.village.tablet(name)
        tablet.login(username, PASSWORD, name)
        tablet.sync()
        return tablet

    def verify(self) -> subprocess.CompletedProcess[str]:
        """Let the server's own check go over the whole log."""
        return self.village.command("verify")

    def code_for(self, device: str, supervisor: str = "wang.jianguo") -> str:
        """Let a supervisor give a code for a tablet."""
        given = self.ask(supervisor)("POST", f"/api/v1/devices/{device}/recovery-code")
        return str(given["code"])

    def device_of(self, name: str) -> str:
        """Return the id of the newest tablet of a name."""
        devices = self.ask("wang.jianguo")("GET", "/api/v1/devices")["devices"]
        return str([it["id"] for it in devices if it["name"] == name][-1])


def made_village(folder: Path) -> Path:
    """Set the village up in *folder*, early in the morning of its day."""
    folder.mkdir()
    file = folder / "set-up.json"
    file.write_text(json.dumps(set_up_file(), ensure_ascii=False))
    _command(folder, Clock(stopped=MORNING - timedelta(hours=2)), "setup", str(file))
    return folder


def made_demonstration(folder: Path, at: datetime) -> Path:
    """Load the demonstration in *folder* as if it were *at*."""
    folder.mkdir()
    _command(folder, Clock(stopped=at), "demo")
    return folder


def _command(folder: Path, clock: Clock, *words: str) -> None:
    command = [sys.executable, "-m", "tests.field_app.another_day", *words]
    where = ["--data", str(folder), "--database", sqlite_url(folder)]
    environment = {**os.environ, **QUIET, **clock.settings()}
    done = subprocess.run(
        [*command, *where], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@contextmanager
def office(template: Path, folder: Path, app: Path, clock: Clock) -> Iterator[Office]:
    """Open a branch on a copy of *template*, with a build of the *app*, until the block ends."""
    shutil.copytree(template, folder)
    settings = {**QUIET, **clock.settings(), APP: str(app)}
    served = Served(
        sqlite_url(folder), folder, settings=settings, module="tests.field_app.another_day"
    )
    served.start()
    try:
        yield Office(served, clock)
    finally:
        served.kill()
