"""The real `xiangxin` command on a day of the test's choice, with a build of the tablet app of its own.

Run as `python -m tests.field_app.another_day COMMAND …`; the environment says which day and which build.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from flask import Flask

from server import cli, console, serving
from server.app import create_app
from server.settings import Settings

SHIFT, STOPPED, APP = "XIANGXIN_TEST_SHIFT", "XIANGXIN_TEST_INSTANT", "XIANGXIN_TEST_APP"


def clock() -> Callable[[], datetime]:
    """Return the clock that the environment asks for: stopped at an instant, or so many seconds off."""
    instant, shift = os.environ.get(STOPPED), timedelta(seconds=float(os.environ.get(SHIFT, "0")))
    if instant:
        stopped = datetime.fromisoformat(instant)
        return lambda: stopped
    return lambda: datetime.now(UTC) + shift  # noqa: TID251 - the real clock, put forward or back


def main() -> None:
    """Run the command."""
    now, app = clock(), os.environ.get(APP)

    def made(settings: Settings) -> Flask:
        chosen = replace(settings, field_app=Path(app)) if app else settings
        return create_app(chosen, now=now)

    with patch.object(console, "create_app", made), patch.object(serving, "create_app", made):
        cli.main()


if __name__ == "__main__":
    main()
