"""An id card 身份证 that runs out (domain.md, section 5.2, `id_valid_to`)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any


def id_card_ends_on(valid_to: Any, today: date, warn_days: int) -> date | None:
    """Return the last day of a card that runs out within *warn_days* or has run out; None: nothing to tell.

    Source: domain.md, section 5.2: warn 60 days ahead.
    """
    if not isinstance(valid_to, str):
        return None
    last = date.fromisoformat(valid_to)
    return last if last - today <= timedelta(days=warn_days) else None
