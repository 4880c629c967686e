"""What a server process holds is bounded by a page and a request, not by what an officer has."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.branch import LI_HAS, Tablet, call
from tests.server.serving import Served, serving

NOTE = "还" * 4000
"""12 KB in UTF-8."""
REQUESTS, NOTES_A_REQUEST, PAGE = 18, 80, 25
MOST_BYTES = 8 << 20


def peak_bytes(served: Served) -> int:
    """Return the most memory that a serving process has held since `forget_peak`."""
    peaks = []
    for pid in served.processes():
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        (peak,) = (int(it.split()[1]) for it in lines if it.startswith("VmHWM"))
        peaks.append(peak * 1024)
    return max(peaks)


def forget_peak(served: Served) -> None:
    for pid in served.processes():
        Path(f"/proc/{pid}/clear_refs").write_text("5")


def test_a_bootstrap_of_much_takes_no_more_memory_than_its_pages(
    sqlite_branch: str, tmp_path: Path
) -> None:
    with serving(sqlite_branch, tmp_path) as served:
        li = Tablet(served.line, "li.wei")
        li.login()
        li.catch_up()
        for _ in range(REQUESTS):
            li.push(*(call(LI_HAS[it % 3], summary=NOTE) for it in range(NOTES_A_REQUEST)))
        other = Tablet(served.line, "li.wei", page=PAGE)
        other.login()
        other.sync()
        forget_peak(served)
        before = peak_bytes(served)

        other.catch_up()

        assert len(other.seen) > REQUESTS * NOTES_A_REQUEST
        assert (
            peak_bytes(served) - before
            < MOST_BYTES
            < REQUESTS * NOTES_A_REQUEST * len(NOTE.encode())
        )


@pytest.mark.long
def test_pushes_without_end_leave_nothing_behind(sqlite_branch: str, tmp_path: Path) -> None:
    with serving(sqlite_branch, tmp_path) as served:
        li = Tablet(served.line, "li.wei")
        li.login()
        li.catch_up()

        def work(requests: int) -> None:
            for _ in range(requests):
                notes = (call(LI_HAS[it % 3], summary=NOTE) for it in range(NOTES_A_REQUEST))
                assert li.push(*notes)["status"] == "applied"

        work(200)  # by then each of its threads has had a large one, and keeps room for the next
        before = served.memory_bytes()
        work(200)

        assert served.memory_bytes() - before < 4 * MOST_BYTES
