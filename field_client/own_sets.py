"""The device's own sets on disk: numbered, kept for ever, their results beside them (protocol, section 2)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from field_client.journal import Journal
from field_client.sets import OwnSet
from field_client.store_file import Identity, StoreFile, as_text
from schemas import versions
from schemas.declare import RecordType
from schemas.messages import Change
from schemas.values import Hlc
from sync import clock
from sync.rebase import Pending, newest_own, not_outlived

Json = Any
UNCOVERED = "covered = 0 AND settled IS NULL AND status IS NOT 'rejected'"
AHEAD = "covered = 1 AND status IS NOT 'rejected' AND seq > ?"
UNANSWERED = "state != 'answered' AND status IS NULL"
NOT_SIMPLY_ACCEPTED = "state != 'answered' OR status NOT IN ('applied', 'merged')"


@dataclass(frozen=True)
class NewSet:
    """A set about to be stored: all but its number and stamp, which the store gives.

    `epoch`: that of the view at `base`.
    """

    id: str
    base: int
    action: str
    made_at: str
    now_ms: int
    schema: int
    changes: Sequence[Mapping[str, Json]]
    seen: Mapping[str, Mapping[str, Json]]
    epoch: str | None = None


class OwnSets(StoreFile):
    """Every set that this store ever made."""

    @property
    def journal(self) -> Journal:
        """The second journal of the same sets, sealed to the branch."""
        return Journal(self.path)

    def last_number(self) -> int:
        """Return the last number that this device gave."""
        query = "SELECT MAX(number) AS n FROM change_set WHERE device = (SELECT id FROM device)"
        return self.rows(query)[0]["n"] or 0

    def append(self, new: NewSet) -> OwnSet:
        """Store a set under the next number, ready to go; joins the caller's transaction."""
        with self.transaction():
            identity = self.identity()
            number = self.last_number() + 1
            stamp = self._tick(identity.id, new.now_ms)
            content = {
                "number": number, "id": new.id, "epoch": new.epoch, "schema": new.schema,
                "base": new.base, "action": new.action, "made_at": new.made_at, "clock": stamp,
                "changes": list(new.changes),
            }  # fmt: skip
            row = {
                "device": identity.id, "number": number, "id": new.id, "epoch": new.epoch,
                "base": new.base, "action": new.action, "made_at": new.made_at,
                "content": as_text(content), "seen": as_text(new.seen), "state": "ready",
            }  # fmt: skip
            self.database.table("change_set").insert(row)
            stored = self.own_set(number)
            assert stored is not None
            self._note_touched(stored)
            self._seal(identity, content)
            return stored

    def _seal(self, identity: Identity, content: Mapping[str, Json]) -> None:
        if identity.seal_key:
            self.journal.append(identity.id, content, identity.seal_key)

    def _note_touched(self, stored: OwnSet) -> None:
        self.database.table("touched").insert_all(
            {
                "seq": stored.seq, "place": place, "record": it.id, "type": it.type,
                "customer": it.customer,
            }
            for place, it in enumerate(stored.changes)
        )  # fmt: skip

    def _tick(self, device: str, now_ms: int) -> str:
        held = self.rows("SELECT stamp FROM device")[0]["stamp"]
        last = Hlc.parse(held) if held else clock.stamp_at(0, device)
        stamp = str(clock.tick(Hlc(last.millis, last.counter, device), now_ms))
        self.note(stamp=stamp)
        return stamp

    def own_set(self, number: int) -> OwnSet | None:
        """Return the set with this number, of the device as it is now."""
        found = self.own_sets("device = (SELECT id FROM device) AND number = ?", number)
        return found[0] if found else None

    def own_sets(self, where: str = "1", *values: Json) -> list[OwnSet]:
        """Return own sets in the order in which they were made."""
        query = f"SELECT * FROM change_set WHERE {where} ORDER BY seq"
        return [_own_set(it) for it in self.rows(query, *values)]

    def count_sets(self, where: str) -> int:
        """Return how many own sets there are of a kind."""
        return int(self.rows(f"SELECT COUNT(*) AS n FROM change_set WHERE {where}")[0]["n"])

    def waiting(self) -> list[OwnSet]:
        """Return the sets that have no result, in the order of their numbers; not those held."""
        return self.own_sets(UNANSWERED)

    def base_of(self, record: str) -> int:
        """Return the position of the view that the user has of a record.

        In a first bootstrap that had to begin again, an own record that has not come yet is shown as
        its sets were made, and not as it is at the head of this run.
        """
        identity = self.identity()
        here = identity.whole or self.rows("SELECT 1 FROM record WHERE id = ?", record)
        sets = [] if here else [it for it, _ in self.changes_to(record, UNCOVERED)]
        now = (None, identity.view_epoch)
        made = [it.base for it in sets if it.epoch in now]
        before = [it.result or {} for it in sets if it.epoch not in now]
        told = [it for result in before for it in result.get("changes", ())]
        stored = [int(it["version"]) for it in told if it["id"] == record]
        return min([identity.position, *stored, *made])

    def pending_of(self, record: str) -> list[Pending]:
        """Return the changes to a record that the server copy does not yet include, the oldest first."""
        return [it for _, it in self._on_top_of(record)]

    def _on_top_of(self, record: str) -> list[tuple[OwnSet, Pending]]:
        """Return the same changes, each with its set, as far as no later own set has said better.

        A later one is ahead where the earlier is held by a restored server: then the copy has it.
        """
        made = self.changes_to(record, UNCOVERED)
        oldest = made[0][0].seq if made else 0
        ahead = self.changes_to(record, AHEAD, oldest) if made else []
        found = []
        for one, change in made:
            later = [self.in_todays_form(*it)[0] for it in ahead if it[0].seq > one.seq]
            pending = Pending(one.number, *self.in_todays_form(one, change))
            found.append((one, not_outlived(pending, later, self.registry)))
        return [(one, it) for one, it in found if it is not None]

    def changes_to(self, record: str, which: str, *values: Json) -> list[tuple[OwnSet, Change]]:
        """Return the changes of own sets to a record, as they were made, the oldest first."""
        query = f"{which} AND seq IN (SELECT seq FROM touched WHERE record = ?)"
        return [
            (it, change)
            for it in self.own_sets(query, *values, record)
            for change in it.changes
            if change.id == record
        ]

    def newest_of(self, record: str, declared: RecordType) -> dict[str, int]:
        """Return, by unit, the `seq` of the newest own set whose value of it the view shows.

        Of this device as it is now: no other set can be named in an `over`.
        """
        device = self.identity().id
        mine = [it for it in self._on_top_of(record) if it[0].device == device]
        seqs = {it.number: it.seq for it, _ in mine}
        newest = newest_own(declared, [it for _, it in mine])
        return {unit: seqs[number] for unit, number in newest.items()}

    def last_seq(self) -> int:
        """Return the `seq` of the set that was made last, 0 before the first."""
        return self.rows("SELECT MAX(seq) AS n FROM change_set")[0]["n"] or 0

    def numbers_of(self, newest: Mapping[str, int]) -> dict[str, int]:
        """Return the numbers that sets given by `seq` have now; none of those that an earlier device sent."""
        query = "SELECT number FROM change_set WHERE seq = ? AND device = (SELECT id FROM device)"
        return {unit: it["number"] for unit, seq in newest.items() for it in self.rows(query, seq)}

    def in_todays_form(self, one: OwnSet, change: Change) -> tuple[Change, Mapping[str, Json]]:
        """Return a change, and the texts that its form showed, with the names that fields have now.

        The set itself goes out as it was first stored, in the version in which it was made.
        """
        schema = versions.made_in(one.content or {}, self.registry)
        seen = replace(change, set=one.seen.get(change.id, {}))
        lifted, shown = (versions.lift_change(it, self.registry, schema) for it in (change, seen))
        return lifted, shown.set

    def touched(self, type_name: str | None = None, customer: str | None = None) -> set[str]:
        """Return the records that uncovered sets touch, of a type and under a customer where given."""
        query = (
            "SELECT DISTINCT record FROM touched JOIN change_set USING (seq) "
            f"WHERE {UNCOVERED} AND (? IS NULL OR type = ?) AND (? IS NULL OR customer = ?)"
        )
        rows = self.rows(query, type_name, type_name, customer, customer)
        return {it["record"] for it in rows}

    def mark_sent(self, sets: Iterable[OwnSet]) -> None:
        """Note, before a request goes out, which sets it carries, and which of them as stand-ins."""
        with self.transaction():
            for one in sets:
                stand_in = one.needs_stand_in()
                if one.state == "ready" or stand_in != one.stand_in:
                    self.database.table("change_set").update(
                        one.seq, {"state": "sent", "stand_in": stand_in}
                    )

    def replace_by_stand_in(self, seq: int, action: str) -> None:
        """Send a stand-in from now on: the server will not take the set as it is."""
        with self.transaction():
            self.database.table("change_set").update(seq, {"stand_in": action})

    def take_result(self, result: Mapping[str, Json], server_time: str) -> None:
        """Store the result of a set; with a final one it is pending no more."""
        final = result["status"] != "held"
        with self.transaction():
            self.database.execute(
                "UPDATE change_set SET state = ?, status = ?, result = ?, answered_at = ? "
                "WHERE number = ? AND device = (SELECT id FROM device) AND state != 'answered'",
                [
                    "answered" if final else "sent", result["status"], as_text(result),
                    server_time if final else None, result["number"],
                ],
            )  # fmt: skip
            if any(it["code"] == "withdrawn" for it in result.get("errors", ())):
                self.database.execute(
                    "UPDATE change_set SET settled = 'discarded' WHERE settled IS NULL "
                    "AND number = ? AND device = (SELECT id FROM device)",
                    [result["number"]],
                )  # it is gone: nobody has to look at it

    def cover(self) -> None:
        """Note that the server copy includes every set that has its result; drop tombstones kept for them."""
        with self.transaction():
            self.database.execute(
                "UPDATE change_set SET covered = 1 WHERE state = 'answered' AND covered = 0"
            )
            self.database.execute(
                "DELETE FROM record WHERE gone = 1 AND id NOT IN (SELECT record FROM touched "
                f"JOIN change_set USING (seq) WHERE {UNCOVERED})"
            )

    def settle(self, seq: int, how: str, mended_by: int | None = None) -> None:
        """Note that the user has mended or discarded a set that needed attention."""
        with self.transaction():
            self.database.table("change_set").update(seq, {"settled": how, "mended_by": mended_by})

    def forget_contents(self, before: str) -> int:
        """Drop the contents of sets answered before an instant (server time), but for open ones."""
        with self.transaction():
            done = self.database.execute(
                "UPDATE change_set SET content = NULL, seen = '{}' WHERE answered_at < ? AND covered = 1 "
                "AND content IS NOT NULL AND (settled IS NOT NULL OR status IN ('applied', 'merged'))",
                [before],
            )
            return int(done.rowcount)

    def trim_journal(self) -> None:
        """Take the sets whose contents are gone out of the sealed journal too."""
        rows = self.rows("SELECT device, number FROM change_set WHERE content IS NULL")
        self.journal.drop({(it["device"], it["number"]) for it in rows})

    def offer_again(self, above: int) -> None:
        """Make every set above a number go out again: the server has lost its results."""
        self._open_again("number > ? AND device = (SELECT id FROM device)", above)

    def wait_again(self, held: Collection[str]) -> None:
        """Take sets for held, as a restored server does: what became of them later is lost."""
        with self.transaction():
            for set_id in held:
                self.database.execute(
                    "UPDATE change_set SET state = 'sent', status = 'held', covered = 0, result = "
                    "json_object('number', number, 'status', 'held', 'repeated', json('true')) "
                    "WHERE id = ? AND device = (SELECT id FROM device)",
                    [set_id],
                )

    def offer_earlier_devices(self) -> bool:
        """Make the sets of the devices that this store was before go out again; tell whether there are any."""
        return self._open_again("device != (SELECT id FROM device)") > 0

    def _open_again(self, which: str, *values: Json) -> int:
        with self.transaction():
            done = self.database.execute(
                "UPDATE change_set SET state = 'sent', status = NULL, result = NULL, covered = 0 "
                f"WHERE {which}",
                list(values),
            )
            return int(done.rowcount)

    def replace_set(
        self, seq: int, device: str, content: Mapping[str, Json], mended_by: int | None = None
    ) -> None:
        """Give a pending set to another device of the same store, under its new number."""
        row = {
            "device": device, "number": content["number"], "content": as_text(content),
            "state": "ready", "status": None, "result": None, "mended_by": mended_by,
        }  # fmt: skip
        with self.transaction():
            self.database.table("change_set").update(seq, row)
            self._seal(replace(self.identity(), id=device), content)


def _own_set(row: Mapping[str, Json]) -> OwnSet:
    content, unreadable = _content(row["content"])
    return OwnSet(
        row["seq"], row["device"], row["number"], row["id"], row["epoch"], row["base"],
        row["action"], row["made_at"], content, json.loads(row["seen"]), row["state"],
        row["status"], json.loads(row["result"]) if row["result"] else None,
        bool(row["covered"]), row["settled"], row["mended_by"], row["stand_in"], unreadable,
    )  # fmt: skip


def _content(text: str | None) -> tuple[dict[str, Json] | None, bool]:
    """Return a set's content, and whether there is one that cannot be read."""
    if text is None:
        return None, False
    try:
        found = json.loads(text)
    except ValueError:
        return None, True
    sound = isinstance(found, dict) and isinstance(found.get("changes"), list)
    return (found, False) if sound else (None, True)
