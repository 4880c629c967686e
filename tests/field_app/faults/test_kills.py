"""A tablet whose battery dies at any moment, on a network that breaks at any byte, loses and doubles nothing."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from tests.field_app.faults.agreement import assert_converged
from tests.field_app.faults.desk import Desk, Folder
from tests.field_app.faults.line import BadLine
from tests.field_app.faults.origin import Origin
from tests.field_app.faults.rescue import is_swept, opened_lines, taken_back

pytestmark = pytest.mark.browser
Json = Any
TOKEN = re.compile(r"1\d{10,}")
LONGEST_LIFE_MS = 1_500
SAMPLED = 100
"""So many of the newest sealed copies are opened after each kill."""
OFFICER = "li.min"


@dataclass
class Promised:
    """What a tablet said was saved, over all its lives."""

    sets: dict[int, str] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)
    """The number of the set that holds a value which was typed once."""
    receipts: list[str] = field(default_factory=list)
    drafts: dict[str, str] = field(default_factory=dict)
    """The last value of a form that was said to be kept."""
    counts: Counter[str] = field(default_factory=Counter)

    def hear(self, told: list[dict[str, Json]]) -> None:
        """Take in what one life said, in its order."""
        syncing = False
        for it in told:
            self.counts[it["what"]] += 1
            match it["what"]:
                case "kept":
                    self.drafts[it["draft"]] = it["token"]
                case "saved":
                    self._saved(it)
                case "syncing":
                    syncing = True
                case "synced":
                    syncing = False
                    self.counts["cut"] += it["fault"] is not None
        self.counts["killed in a save"] += bool(told) and told[-1]["what"] == "begun"
        self.counts["killed in a sync"] += syncing

    def _saved(self, it: dict[str, Json]) -> None:
        assert self.sets.get(it["number"], it["id"]) == it["id"], "two sets with one number"
        self.sets[it["number"]] = it["id"]
        self.tokens[it["token"]] = it["number"]
        if it["receipt"]:
            self.receipts.append(it["receipt"])
        self.drafts.pop(it["draft"], None)


def check(desk: Desk, place: Origin, promised: Promised) -> None:
    """Check that everything promised is on the tablet, and nothing twice."""
    sets = desk.sets()
    numbers = [it["number"] for it in sets]
    assert numbers == list(range(1, len(sets) + 1)), "numbers have a gap or come twice"
    ids = {it["number"]: it["id"] for it in sets}
    lost = {n: it for n, it in promised.sets.items() if ids.get(n) != it}
    assert lost == {}, "saved, and not there"
    assert len(set(ids.values())) == len(ids)
    check_journal(desk, place, ids)
    check_receipts(promised, sets)
    check_drafts(desk, promised, sets)


def check_journal(desk: Desk, place: Origin, ids: dict[int, str]) -> None:
    """Check that the sealed copy has a line for each set: where two have one number, the last."""
    branch = place.branch
    sealed = {it["number"]: it["sealed"] for it in desk.journal()}
    assert set(ids) <= set(sealed), "a set without its sealed copy"
    for number in sorted(ids)[-SAMPLED:]:
        assert branch.open(sealed[number])["id"] == ids[number]


def receipts_of(sets: list[Json]) -> list[str]:
    """Return the receipt numbers in the order in which they were given."""
    changes = [it for one in sets for it in one["changes"]]
    return [it["set"]["receipt_no"] for it in changes if it["type"] == "repayment"]


def check_receipts(promised: Promised, sets: list[Json]) -> None:
    """Check that receipt numbers have no gap and no double, from the first of each day."""
    given = receipts_of(sets)
    assert set(promised.receipts) <= set(given)
    assert_gapless(given)


def assert_gapless(receipts: list[str]) -> None:
    series: dict[str, list[int]] = {}
    for it in receipts:
        name, _, number = it.rpartition("-")
        series.setdefault(name, []).append(int(number))
    for numbers in series.values():
        assert sorted(numbers) == list(range(1, len(numbers) + 1))


def check_drafts(desk: Desk, promised: Promised, sets: list[Json]) -> None:
    """Check that a form that was kept is there as it was or later; or that its set is, never both."""
    drafts = desk.value("return [...desk.store.drafts.values()]")
    kept = {it["id"]: it["fields"].get("phone_alt") for it in drafts}
    stored = finished(sets)
    unheard = finished([it for it in sets if it["number"] not in promised.sets])
    for draft, token in list(promised.drafts.items()):
        if draft in kept:
            assert kept[draft] >= token, "an older state of a form"
            assert kept[draft] not in stored, "a form that is finished is there still"
        else:  # it was being finished, and the tablet did not come to say so
            assert any(it >= token for it in unheard), "a form that was kept is gone"
            del promised.drafts[draft]


def finished(sets: list[Json]) -> set[str]:
    """Return what forms that were finished had in them; each grows from value to value."""
    changes = [it["set"] for one in sets for it in one["changes"]]
    return {it["phone_alt"] for it in changes if set(it) == {"phone_alt"}}


def check_server(desk: Desk, place: Origin, promised: Promised) -> Counter[str]:
    """Check that the server has every set once and that both copies are equal, field by field."""
    sets = desk.sets()
    device = desk.meta()["device"]
    others = [it for it in sets if it["shown"] != "accepted"]
    assert not others, others
    query = "SELECT number, set_id, status FROM change_set WHERE device = :device ORDER BY number"
    rows = place.rows(query, device=device)
    assert [(it.number, it.set_id) for it in rows] == [(it["number"], it["id"]) for it in sets]
    entries = Counter(
        (it.set_number, it.record)
        for it in place.rows(
            "SELECT set_number, record FROM log WHERE set_device = :device", device=device
        )
    )
    sent = Counter((it["number"], change["id"]) for it in sets for change in it["changes"])
    doubled = {it: count for it, count in entries.items() if count > sent[it]}
    missing = {it: count for it, count in sent.items() if entries[it] < count}
    assert (doubled, missing) == ({}, {})
    check_values(place, promised)
    kept = place.rows("SELECT fields FROM record WHERE type = 'repayment'")
    receipts = [json.loads(it.fields)["receipt_no"] for it in kept]
    assert sorted(it for it in receipts if it.startswith("T")) == sorted(receipts_of(sets))
    assert_gapless(receipts_of(sets))
    assert desk.copy() == place.scope(OFFICER)
    assert desk.incidents() == []
    assert desk.status()["all_synced"]
    verified = place.command("verify")
    assert verified.returncode == 0, verified.stderr
    return Counter(sets=len(sets), lost=len(missing), doubled=len(doubled))


def check_values(place: Origin, promised: Promised) -> None:
    """Check that of each value that was typed once the log tells once: as submitted in its own set."""
    tells: dict[str, list[int]] = {}
    for it in place.rows("SELECT set_number, payload FROM log WHERE payload IS NOT NULL"):
        units = json.loads(it.payload).get("units", {}).values()
        for token in set(
            TOKEN.findall(json.dumps([entered(submitted) for _, submitted, _ in units]))
        ):
            tells.setdefault(token, []).append(it.set_number)
    wrong = {
        it: tells.get(it) for it, n in promised.tokens.items() if set(tells.get(it, ())) != {n}
    }
    assert wrong == {}, "typed, and not told of in its own set alone"


def entered(submitted: Json) -> Json:
    """Return what was entered of what was submitted: what leaves a set was entered before."""
    return submitted.get("add") if isinstance(submitted, dict) else submitted


def unlocked(desk: Desk) -> bool:
    """Unlock; False where the browser has thrown its databases away, and with them the key."""
    came = desk.unlock()
    if "value" not in came:
        assert is_swept(desk), came
        return False
    return True


def check_rescued(desk: Desk, place: Origin, promised: Promised) -> Counter[str]:
    """Check that nothing that was said to be saved is lost with its store: it comes back, once, by a code."""
    [store] = desk.value("return app.journalNames()")
    lines = opened_lines(desk, place, store)
    lost = {number: it for number, it in promised.sets.items() if it not in lines}
    assert lost == {}, "saved, and in no journal"
    clock = next(iter(lines.values()))["clock"]
    taken_back(desk, place, store, clock.split("-", 2)[2])
    query = (
        "SELECT set_id, COUNT(DISTINCT set_device || set_number) AS times FROM log GROUP BY set_id"
    )
    told = {it.set_id: it.times for it in place.rows(query)}
    assert {it: told.get(it) for it in lines if told.get(it) != 1} == {}
    assert_converged(desk, place)
    assert place.command("verify").returncode == 0
    return Counter(sets=len(lines), swept=1)


def killed(
    folder: Folder, place: Origin, line: BadLine, kills: int, seed: int, swept_at: int | None = None
) -> Counter[str]:
    """Kill a tablet at work so many times; return what there is to count.

    Before the turn *swept_at* its browser throws its databases away, as it may do by itself at any.
    """
    random, promised = Random(seed), Promised()
    with folder.desk() as desk:
        desk.sign_in(OFFICER)
        desk.synced()
    for turn in range(kills):
        if turn == swept_at:
            shutil.rmtree(folder.folder / "Default" / "IndexedDB")
        with folder.desk() as desk:
            if not unlocked(desk):
                return check_rescued(desk, place, promised) + promised.counts
            check(desk, place, promised)
            line.go_bad(seed * 1000 + turn)
            desk.toil(seed * 1000 + turn + 1)
            desk.page.wait_for_timeout(random.uniform(0, LONGEST_LIFE_MS))
            folder.kill()
        promised.counts["kills"] += 1
        line.get_well()
        promised.hear(desk.told)
    with folder.desk() as desk:
        if not unlocked(desk):
            return check_rescued(desk, place, promised) + promised.counts
        check(desk, place, promised)
        desk.synced()
        desk.synced()
        counts = check_server(desk, place, promised)
    return counts + promised.counts


KILLS = [
    pytest.param(8, 8, id="8 kills"),
    *(pytest.param(50, it, id=f"50 kills, {it}", marks=pytest.mark.long) for it in range(1, 7)),
]


@pytest.mark.parametrize(("kills", "seed"), KILLS)
def test_a_killed_tablet_loses_nothing_and_doubles_nothing(
    folder: Folder,
    place: Origin,
    line: BadLine,
    kills: int,
    seed: int,
    tell: Callable[[str], None],
) -> None:
    sys.stdout.write(f"seed {seed}\n")  # shown where the test fails

    counts = killed(folder, place, line, kills, seed)

    tell(
        f"{counts['kills']} kills: {counts['sets']} sets, {counts['saved']} said to be saved, "
        f"lost {counts['lost']}, doubled {counts['doubled']}; killed in a save "
        f"{counts['killed in a save']}, in a sync {counts['killed in a sync']}; "
        f"connections cut {line.cuts}; databases thrown away by the browser {counts['swept']}"
    )
    assert counts["killed in a sync"], "no kill met a sync"


def test_a_browser_that_throws_its_databases_away_after_a_kill_loses_nothing_that_was_saved(
    folder: Folder, place: Origin, line: BadLine
) -> None:
    counts = killed(folder, place, line, kills=3, seed=3, swept_at=2)

    assert (counts["swept"], counts["saved"] > 0) == (1, True)
