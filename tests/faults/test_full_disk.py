"""A full disk is said to be full, loses nothing and is forgotten when there is room again, without a restart."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from field_client.faults import StoreNotWritableError
from tests.faults.kept import stored
from tests.faults.officers import Officer, check, officer
from tests.places import sqlite_url
from tests.server.branch import LI_HAS, Tablet, call
from tests.server.serving import Served, serving

Json = Any
DISK_MIB = 8
SETS = 40
needs_mounting = pytest.mark.skipif(os.getuid() != 0, reason="only root mounts a small disk")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", str(folder)]
    if subprocess.run(made, capture_output=True, check=False).returncode:
        pytest.skip("nothing may be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path, spare_bytes: int = 0) -> Path:
    """Leave no room on a disk but so many bytes; return the file that takes it."""
    ballast = folder / "ballast"
    with ballast.open("ab", buffering=0) as out:
        for size in (1 << 20, 4096, 1):
            try:
                while out.write(bytes(size)) == size:
                    pass
            except OSError:
                pass
    os.truncate(ballast, max(0, ballast.stat().st_size - spare_bytes))
    return ballast


@pytest.fixture
def served(branch_folder: Path, small_disk: Path) -> Iterator[Served]:
    shutil.copytree(branch_folder, small_disk, dirs_exist_ok=True)
    with serving(sqlite_url(small_disk), small_disk, workers=2) as found:
        yield found


@needs_mounting
@pytest.mark.parametrize("spare_bytes", [0, 40_000, 200_000])
def test_a_server_on_a_full_disk_says_so_serves_readers_and_recovers(
    served: Served, small_disk: Path, spare_bytes: int
) -> None:
    tablet = Tablet(served.line, "li.wei")
    tablet.login()
    tablet.catch_up()
    text = "还" * 1000
    sets = [
        tablet.change_set(call(LI_HAS[it % 3], summary=text), call(LI_HAS[it % 3], summary=text))
        for it in range(SETS)
    ]
    pages = tablet.get("/api/v1/schema"), tablet.get("/api/v1/hello")
    ballast = fill(small_disk, spare_bytes)

    refused = [tablet.offer(*sets[:it]) for it in (SETS, 1, 5, SETS)]
    reading = tablet.get("/api/v1/schema"), tablet.get("/api/v1/hello")
    ballast.unlink()
    results = tablet.sync(*sets)["results"]

    assert {(it.status, it.code) for it in refused} <= {(507, "storage-full"), (200, None)}
    assert refused[0].status == 507
    assert [it.status for it in reading] == [it.status for it in pages] == [200, 200]
    assert {it["status"] for it in results} == {"applied"}
    kept = stored(served.url)
    assert set(kept.values()) == {1}
    assert set(kept) == {(one["id"], it["id"]) for one in sets for it in one["changes"]}


@needs_mounting
def test_a_tablet_on_a_full_disk_says_so_keeps_what_it_has_and_goes_on(
    sqlite_branch: str, tmp_path: Path, small_disk: Path
) -> None:
    with (
        serving(sqlite_branch, tmp_path) as served,
        officer(small_disk, f"http://127.0.0.1:{served.port}") as li,
    ):
        li.work()
        ballast = fill(small_disk)
        assert until_refused(li)
        before = [it.content for it in li.store.own_sets()]
        with suppress(StoreNotWritableError):  # SQLite may find room in its own files
            li.client.sync()
        li.close()
        li.open()

        assert [it.content for it in li.store.own_sets()] == before
        ballast.unlink()
        li.work()
        li.client.sync()
        check(li, sqlite_branch)


def until_refused(li: Officer) -> bool:
    """Work until the store says that there is no room; what it took until then counts."""
    for _ in range(1_000):
        try:
            li.client.edit(Random(1).choice(LI_HAS), {"preferences": os.urandom(2000).hex()})
        except StoreNotWritableError:
            return True
    return False
