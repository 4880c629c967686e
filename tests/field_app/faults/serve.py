"""The server's own command with one thing more: it serves a folder of a test's choice at /field/.

Run as `python -m tests.field_app.faults.serve PORT WORKERS DATA DATABASE FOLDER`.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

from server.serving import serve
from server.settings import Settings


def main() -> None:
    """Serve until killed."""
    port, workers, data, database, folder = sys.argv[1:]
    settings = Settings.from_env(os.environ, data, database)
    serve(replace(settings, field_app=Path(folder)), "127.0.0.1", int(port), int(workers))


if __name__ == "__main__":
    main()
