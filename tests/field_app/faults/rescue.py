"""A store that is lost: what its sealed journal still holds, and the way back of it."""

from __future__ import annotations

from typing import Any

from tests.field_app.faults.agreement import LI
from tests.field_app.faults.desk import Desk
from tests.field_app.faults.origin import Origin

Json = Any


def is_swept(desk: Desk) -> bool:
    """Tell whether the browser has thrown all databases of the app away, and not the app one of them.

    Chromium does so, rarely, with databases that it holds for damaged after a kill; its files stay.
    """
    rows = desk.value("return (await app.openVault('cheap')).list()")
    names = desk.value("return (await indexedDB.databases()).map((it) => it.name)")
    return (rows, names) == ([], ["xiangxin-device"])  # which was just made anew


def opened_lines(desk: Desk, place: Origin, store: str) -> dict[str, Json]:
    """Open the journal of a store with the branch's key; return its sets by id."""
    lines = desk.value(
        """
        const old = await app.openJournal(it.store);
        const lines = await old.lines();
        await old.close();
        return lines;
        """,
        store=store,
    )
    found = [place.branch.open(it["sealed"]) for it in lines]
    return {it["id"]: it for it in found}


def taken_back(desk: Desk, place: Origin, store: str, device: str) -> None:
    """Sign in anew and take the work of a lost store back with a supervisor's code."""
    desk.sign_in(LI)
    desk.synced()
    boss = place.village.sign_in("wang.jianguo")
    code = boss("POST", f"/api/v1/devices/{device}/recovery-code")["code"]
    back = desk.value(
        """
        const old = await app.openJournal(it.store);
        const parts = { transport: officer.transport, journal, store: desk.store };
        return app.takeBack(parts, old, it.code);
        """,
        store=store,
        code=code,
    )
    assert back["left"] == 0
    desk.synced()
    desk.synced()
