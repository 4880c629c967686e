"""The second journal: each set, sealed to the branch as it is saved (protocol.md, section 10).

It is a file beside the store, one line a set, that only the branch can open (libsodium sealed box):
it survives a destroyed key or a damaged store, and is what a courier carries. A line is on disk
before its set is committed, so that no set is ever without one; where two lines have one number,
the last counts. A line that broke off is passed over, and the next begins on a line of its own.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nacl.public import PublicKey, SealedBox

from field_client.faults import StoreNotWritableError

Json = Any


@dataclass(frozen=True)
class Journal:
    """The sealed sets of the store at `store`."""

    store: Path

    @property
    def file(self) -> Path:
        """Where the sealed sets are."""
        return self.store.with_name(self.store.name + ".sealed")

    def append(self, device: str, content: Mapping[str, Json], seal_key: str) -> None:
        """Seal a set and write it through to the disk.

        Raises:
            StoreNotWritableError: there is no room, or the file may not be written.
        """
        box = SealedBox(PublicKey(base64.b64decode(seal_key)))
        plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        sealed = base64.b64encode(box.encrypt(plain)).decode()
        line = json.dumps({"device": device, "number": content["number"], "sealed": sealed})
        try:
            self._write_through(line.encode() + b"\n")
        except OSError as error:
            raise StoreNotWritableError(path=str(self.file), said=str(error)) from error

    def _write_through(self, line: bytes) -> None:
        is_new = not self.file.exists()
        with self.file.open("a+b") as opened:
            if opened.seek(0, os.SEEK_END):
                opened.seek(-1, os.SEEK_END)
                line = line if opened.read(1) == b"\n" else b"\n" + line
            opened.write(line)
            opened.flush()
            os.fsync(opened.fileno())
        if is_new:
            sync_folder(self.file.parent)

    def lines(self) -> list[dict[str, Json]]:
        """Return the sealed sets in order, the last of each number; a torn last line is passed over."""
        found: dict[tuple[str, int], dict[str, Json]] = {}
        if not self.file.exists():
            return []
        for text in self.file.read_text("utf-8", "replace").splitlines():
            try:
                line = json.loads(text)
                found[line["device"], line["number"]] = line
            except (ValueError, KeyError, TypeError):
                continue
        return list(found.values())

    def drop(self, answered: set[tuple[str, int]]) -> None:
        """Write the journal anew without the sets that have their results; without room it stays long."""
        kept = [it for it in self.lines() if (it["device"], it["number"]) not in answered]
        fresh = self.file.with_name(self.file.name + ".new")
        try:
            with fresh.open("w", encoding="utf-8") as opened:
                opened.writelines(json.dumps(it) + "\n" for it in kept)
                opened.flush()
                os.fsync(opened.fileno())
        except OSError:
            fresh.unlink(missing_ok=True)
            return
        fresh.replace(self.file)
        sync_folder(self.file.parent)


def sync_folder(folder: Path) -> None:
    """Put a new or replaced name on the disk: before that, a power cut may leave the old one."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
