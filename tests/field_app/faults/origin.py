"""One place on the network from which a browser gets the app, the pages of the tests and the real server."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nacl.public import PrivateKey
from sqlalchemy import Engine, select, text, update

from field_client.client import FieldClient
from server import store
from server.accounts import device as devices
from server.keys import load_keys
from tests.field_app.another_day import APP as APP_FOLDER
from tests.field_app.pages import built_pages
from tests.field_app.tablets import Branch
from tests.journeys.village import PASSWORD, Village
from tests.places import REPOSITORY
from tests.server.branch import fresh_id, make_engine
from tests.server.serving import Served

Json = Any


def field_folder(folder: Path, app: Path) -> Path:
    """Put a build of the app and the pages of the tests into *folder*; return it."""
    for built in (built_pages(), app):
        shutil.copytree(built, folder, dirs_exist_ok=True)
    return folder


@dataclass
class Origin(Served):
    """The real server, and everything that is known of it from behind."""

    @property
    def branch(self) -> Branch:
        """Whoever can open what a tablet sealed to this server."""
        return Branch(PrivateKey(load_keys(self.data).seal))

    def rows(self, query: str, **values: Json) -> list[Any]:
        """Ask the server's database."""
        engine = self.engine()
        with engine.connect() as connection:
            found = list(connection.execute(text(query), values))
        engine.dispose()
        return found

    def make_device(self, device: str, state: str) -> None:
        """Have a supervisor lock a tablet, or have it wiped."""
        engine = self.engine()
        with engine.begin() as connection:
            connection.execute(update(devices).where(devices.c.id == device).values(state=state))
        engine.dispose()

    def engine(self) -> Engine:
        """Return an engine over the server's database."""
        return make_engine(self.url)

    def scope(self, username: str) -> dict[str, Json]:
        """Return every record in a user's scope by id, with its version and fields, by the index."""
        query = (
            "SELECT record.id, record.version, record.fields FROM feed "
            "JOIN record ON record.id = feed.record AND record.branch = account.branch "
            "JOIN account ON account.username = :username "
            "WHERE feed.kind = 'record' AND feed.live = 1 "
            "AND feed.owner IN (account.id, account.branch)"
        )
        return {
            it.id: (it.version, json.loads(it.fields)) for it in self.rows(query, username=username)
        }

    @property
    def village(self) -> Village:
        """The people of the branch: the supervisor at a desk, officers with a field client in Python."""
        return Village(f"http://127.0.0.1:{self.port}", self.data, self.url)

    def colleague(self, username: str, name: str = "") -> FieldClient:
        """Open another tablet of an officer, signed in and synced."""
        found = self.village.tablet(name or f"colleague-{username}")
        found.login(username, PASSWORD, "colleague")
        found.sync()
        return found

    def backup(self) -> None:
        """Keep a copy of the database, as a backup does."""
        self.kill()
        kept = self.data / "backup"
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir()
        for file in self.data.glob("xiangxin.sqlite3*"):
            shutil.copy(file, kept)
        self.start()

    def restore(self) -> None:
        """Put the backup back and begin a new epoch, as a restore does."""
        self.kill()
        for file in self.data.glob("xiangxin.sqlite3*"):
            file.unlink()
        for file in (self.data / "backup").iterdir():
            shutil.copy(file, self.data)
        engine = self.engine()
        with engine.begin() as connection:
            row = connection.execute(select(store.branch)).one()
            restores = [*(row.restores or []), {"head": row.head, "before": row.epoch}]
            begun = update(store.branch).values(epoch=fresh_id(), restores=restores)
            connection.execute(begun)
        engine.dispose()
        self.start()

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `xiangxin` on this server's data."""
        command = [
            sys.executable, "-m", "server.cli", *words, "--data", str(self.data),
            "--database", self.url,
        ]  # fmt: skip
        return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)


@contextmanager
def origin(url: str, data: Path, folder: Path, **settings: str) -> Iterator[Origin]:
    """Serve the database at *url* and the files in *folder* until the block ends."""
    told = {APP_FOLDER: str(folder), **settings}
    served = Origin(url, data, 2, told, module="tests.field_app.another_day")
    served.start()
    try:
        yield served
    finally:
        served.kill()
