"""A byte changed behind the server's back, in a copy, is found and named (domain.md, 10.4)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.journeys.village import xiangxin
from tests.places import sqlite_url


def verdict_on_a_damaged_copy(folder: Path, database: str) -> None:
    """Copy the branch, change one byte of its audit table in the copy, and let the check name the entry."""
    file, copy = folder / "copy.zip", folder / "copy"
    assert xiangxin(folder, database, "backup", str(file)).returncode == 0
    url = sqlite_url(copy)
    assert xiangxin(copy, url, "restore", str(file)).returncode == 0
    assert xiangxin(copy, url, "verify").returncode == 0

    with closing(sqlite3.connect(copy / "xiangxin.sqlite3")) as connection:
        position, payload = connection.execute(
            "SELECT position, payload FROM log WHERE payload LIKE '%10000000021%' ORDER BY position"
        ).fetchone()
        changed = payload.replace("10000000021", "10000000029", 1)
        assert len(changed) == len(payload)
        connection.execute("UPDATE log SET payload = ? WHERE position = ?", (changed, position))
        connection.commit()

    said = xiangxin(copy, url, "verify")
    assert said.returncode == 1
    assert f"position {position}:" in said.stdout
    assert xiangxin(folder, database, "verify").returncode == 0
