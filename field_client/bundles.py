"""Unsent work written into a file, for when the tablet itself may not make it to the network.

A plain bundle can be read by anyone who has it. A sealed one is taken from the journal, works
without the PIN, and can be opened by the branch alone.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from field_client.faults import NotPossibleError
from field_client.journal import Journal
from field_client.store import Store
from schemas.values import format_instant

Json = Any
FORMAT = "xiangxin-rescue"


def write_plain(store: Store, now: datetime, file: Path) -> int:
    """Write every set without a final result, and the drafts; return how many sets."""
    identity = store.identity()
    unsent = store.own_sets("state != 'answered'")
    bundle = {
        "format": FORMAT, "version": 1, "sealed": False, "exported_at": format_instant(now),
        "device": identity.id, "user": identity.user, "epoch": identity.epoch,
        "sets": [{"state": it.state, "set": it.as_sent()} for it in unsent],
        "drafts": [asdict(it) for it in store.drafts()],
    }  # fmt: skip
    write_new(file, bundle)
    return len(unsent)


def write_sealed(store: Path, file: Path) -> int:
    """Write the sealed sets of the journal beside *store*; return how many."""
    sealed = Journal(store).lines()
    write_new(file, {"format": FORMAT, "version": 1, "sealed": True, "sets": sealed})
    return len(sealed)


def write_new(file: Path, bundle: Json) -> None:
    """Write a new file through to the disk, readable by its owner alone.

    Raises:
        NotPossibleError: there is one of that name, or it cannot be written.
    """
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise NotPossibleError(reason="exists-already", path=str(file)) from error
    except OSError as error:
        raise NotPossibleError(reason="unreadable-file", path=str(file), said=str(error)) from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        json.dump(bundle, opened, ensure_ascii=False, indent=1)
        opened.flush()
        os.fsync(opened.fileno())
