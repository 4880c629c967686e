"""Zhao Lei's tablet T2: three days of work that nobody has heard of yet, to run the walk-through (domain.md, 10.2).

What is on it is written as a courier file beside the database: somebody who is on the way brings it
(`xiangxin-field deliver`), and the server takes it as if the tablet had synced.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from nacl.public import PrivateKey, SealedBox

from schemas.values import canonical_json, format_instant
from server.demo.agenda import SILENT, Agenda, last_day
from server.demo.changes import create, update
from server.demo.dice import Dice
from server.demo.households import Household
from server.demo.stage import Stage
from server.demo.visits import Officer
from server.keys import Keys

Json = Any
FORMAT = "xiangxin-courier"
FILE = Path("demo", "T2.courier.json")
"""Where the file lies in the data folder."""
CHEN, CHENS_PHONE = "陈国平", "10000000022"
LIU = {
    "name": "刘秀英", "name_latin": "Liu Xiu-ying", "id_no": "999901197805120013", "gender": "f",
    "phone": "10000000032", "phone_alt": "10000000033", "segment": "grain", "main_activity": "双季稻种植",
}  # fmt: skip
"""She gave him the id number that Li Min will see on Tuesday: one person registered twice."""
NEW_DEBT_YUAN = 8_000


@dataclass
class SecondDevice:
    """What Zhao Lei did since his last sync; it stays on the tablet."""

    stage: Stage
    agenda: Agenda
    officer: Officer
    households: Sequence[Household]
    note: str
    """Deng Yulan's note, which Wang returned."""
    dice: Dice = field(default_factory=lambda: Dice("second device"))

    def play(self) -> None:
        """Put three working days on the tablet."""
        days = self.stage.days
        for day in (it for it in days.worked if it > last_day(SILENT, days)):
            for place, stop in enumerate(self.agenda.of(SILENT, day)):
                stop.outcome = "done"
                self.officer.visit(stop, place)
        self._monday(days.worked[-1])

    def _monday(self, day: date) -> None:
        """The last of them: he covers for Li Min, and meets Liu Xiuying at the market."""
        at, named = self.stage.days.at, {it.name: it.id for it in self.households}
        chen, deng = named[CHEN], named["邓玉兰"]
        phone = update("customer", chen, chen, {"phone": CHENS_PHONE})
        self.officer.save(at(day, "10:15"), "customer.edit", phone)
        told = str(self.stage.field(self.note, "narrative"))
        words = {
            "answers.R04.value": NEW_DEBT_YUAN,
            "narrative": f"{told}\n代管走访：茶园已修剪，夏茶采收过半。",
        }
        note = update("inspection_note", self.note, deng, words)
        self.officer.save(at(day, "11:30"), "note.edit", note)
        moment = at(day, "15:20")
        liu, village = self.dice.new_id(moment), self.stage.units["QH-HK-02"]
        registered = create(
            "customer", liu, liu, {**LIU, "village_id": village, "source": "walk_in"}
        )
        met = create("interaction", self.dice.new_id(moment), liu, {
            "kind": "marketing", "direction": "in", "at": format_instant(moment),
            "summary": "集市上遇到，想了解丰收贷。",
        })  # fmt: skip
        self.officer.save(moment, "customer.register", registered, met)


# ------------------------------------------------------------------------------------ the courier's file


def public_key() -> str:
    """Return the public half of the tablet's key, as it is given at sign-in."""
    raw = _key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(Dice("key of T2").randbytes(32))


def courier_file(stage: Stage, keys: Keys, now: datetime) -> Json:
    """Return the tablet's unsent sets as a courier's file: sealed to the branch, signed by the device."""
    tablet = stage.tablets[SILENT]
    box = SealedBox(PrivateKey(keys.seal).public_key)
    sets = [{"number": it["number"], "sealed": _sealed(box, it)} for it in tablet.unsent()]
    body = {"device": tablet.device, "sets": sets}
    signature = base64.b64encode(_key().sign(canonical_json(body).encode())).decode()
    written = format_instant(now - timedelta(minutes=10))
    return {
        "format": FORMAT, "version": 1, "written_at": written,
        "bundles": [{**body, "signature": signature}],
    }  # fmt: skip


def _sealed(box: SealedBox[Any], content: Json) -> str:
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.b64encode(box.encrypt(plain)).decode()


def write(stage: Stage, keys: Keys, now: datetime) -> None:
    """Write the courier's file into the data folder."""
    path = stage.settings.data / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps(courier_file(stage, keys, now), ensure_ascii=False, indent=1), "utf-8"
    )
