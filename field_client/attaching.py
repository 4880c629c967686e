"""Attaching a file to a record: its record and its bytes are stored in one transaction.

A picture is stripped of where and with what it was taken before anything is counted, so that its hash is
that of what everybody will see (protocol.md, section 11).
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from field_client.actions import Desk
from field_client.faults import NotPossibleError
from schemas import limits
from schemas.media import HEAD_BYTES, told_by
from schemas.pictures import covered
from schemas.values import format_instant
from sync.rebase import View

Json = Any
KINDS_BY_TYPE = {"audio": "audio"}


def attach(
    desk: Desk, owner: View, data: bytes, kind: str | None, taken_at: datetime
) -> str:  # fmt: skip
    """Attach a file to *owner* and return the attachment's id; its bytes go up after the next sync.

    Args:
        kind: what it shows; None: a recording where it is one, else `other`.
        taken_at: when it was taken.

    Raises:
        NotPossibleError: it is empty, too large, or of a kind that the branch does not take.
    """
    if not 0 < len(data) <= limits.ATTACHMENT_BYTES:
        raise NotPossibleError(reason="file-size", most=limits.ATTACHMENT_BYTES >> 20)
    media_type = told_by(data[:HEAD_BYTES])
    if media_type is None:
        raise NotPossibleError(reason="file-kind")
    stripped = covered(data, media_type)
    what = kind or KINDS_BY_TYPE.get(media_type.partition("/")[0], "other")
    fields: dict[str, Json] = {
        "record_type": owner.type, "record": owner.id, "kind": what,
        "sha256": hashlib.sha256(stripped).hexdigest(), "size": len(stripped),
        "media_type": media_type, "captured_at": format_instant(taken_at),
        "captured_by": desk.store.user_id(),
    }  # fmt: skip
    with desk.store.transaction():
        action = desk.begin("attach")
        made = action.create("attachment", owner.customer, fields)
        action.save()
        desk.store.keep_file(made, what, stripped)
    return made
