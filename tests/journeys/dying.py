"""A tablet's sync in a process of its own, which is killed (SIGKILL) at a moment that is told (domain.md, A4).

`main`, with the arguments FOLDER URL MOMENT TURN, syncs the store of T1 a record a page. It dies when the
TURN-th answer has come and nothing of it is kept (`answer`), or when it is kept (`page`), and whenever the line
breaks. It ends with status 0 where the sync ends before.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from field_client.faults import OfflineError
from field_client.transport import Carried, HttpTransport
from tests.forked import fork
from tests.journeys.village import Village

Json = Any
MOMENTS = ("answer", "page")
SECONDS = 120


def killed(village: Village, url: str, moment: str, turn: int) -> bool:
    """Sync T1, whose store nobody has open, and tell whether it was killed before the end."""
    said = village.folder / "dying.log"
    words = [str(village.folder), url, moment, str(turn)]
    status = fork("tests.journeys.dying", words, said).wait(SECONDS)
    assert status in (0, -signal.SIGKILL), said.read_text()
    return status != 0


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class _Line:
    """A way to the server on which the app dies as soon as the answer has come whose turn it is."""

    real: HttpTransport
    server: str
    turn: int | None
    heard: int = 0

    def post(self, path: str, body: Json, bearer: str | None = None) -> Json:
        answer = self.real.post(path, body, bearer)
        if path == "/api/v1/sync":
            if self.heard == self.turn:
                _die()
            self.heard += 1
        return answer

    def carry(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, bearer: str | None
    ) -> Carried:
        return self.real.carry(method, path, headers, body, bearer)


def main() -> None:
    """Sync, and die."""
    folder, url, moment, turn = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    link = HttpTransport(url, sleep=lambda _: None, jitter=lambda: 0.0)
    line = _Line(link, url, turn if moment == "answer" else None)
    tablet = Village(url, Path(folder), "").tablet("T1", line)
    pages = 0

    def listen(_: Json) -> None:
        nonlocal pages
        if moment == "page" and pages == turn:
            _die()
        pages += 1

    try:
        tablet.sync(listen, page=1)
    except OfflineError:
        _die()
    tablet.store.close()
