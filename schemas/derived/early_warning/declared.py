"""What parameters say to early warning: a lender's own thresholds, and declared disasters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from schemas.derived.early_warning.dossier import Disaster, Kept
from schemas.derived.early_warning.numbers import NUMBERS

Json = Any
DISASTER = "disaster_declared"


def numbers_for(
    parameters: Iterable[Kept], units: Sequence[str | None], today: str
) -> dict[str, int]:
    """Return the thresholds that differ from the usual ones for a unit.

    Args:
        parameters: The oldest first.
        units: The unit, and all that lie above it: the nearest that says something counts.
    """
    said = _in_force(parameters, today)
    numbers = {key: _number(said, key, units) for key in NUMBERS}
    return {key: value for key, value in numbers.items() if value is not None}


def number_for(
    key: str, usual: int, parameters: Iterable[Kept], units: Sequence[str | None], today: str
) -> int:
    """Return one parameter that is a whole number, *usual* where nobody set another; see `numbers_for`."""
    found = _number(_in_force(parameters, today), key, units)
    return usual if found is None else found


def _number(
    said: Mapping[tuple[Json, Json], Kept], key: str, units: Sequence[str | None]
) -> int | None:
    """Return what the nearest unit that says something says, if it is a whole number."""
    for unit in [*units, None]:
        if (key, unit) in said:
            value = said[key, unit].fields.get("value")
            return value if isinstance(value, int) and not isinstance(value, bool) else None
    return None


def disasters_for(
    parameters: Iterable[Kept], units: Sequence[str | None], village: str, today: str
) -> list[Disaster]:
    """Return what is declared for a village: of it and of each unit above what came into force last.

    The parameter `disaster_declared` is true (every segment), the segments concerned, or false.
    """
    said = _in_force(parameters, today)
    found = []
    for unit in [*units, None]:
        it = said.get((DISASTER, unit))
        value = it.fields.get("value") if it else None
        if it is None or not (value is True or (isinstance(value, list) and value)):
            continue
        segments = tuple(map(str, value)) if isinstance(value, list) else ()
        since = str(it.fields.get("valid_from") or today)
        found.append(Disaster(it.id, (village,), segments, since, until=None))
    return found


def _in_force(parameters: Iterable[Kept], today: str) -> Mapping[tuple[Json, Json], Kept]:
    """Return by key and unit the parameter that came into force last; of one day the newer."""
    found: dict[tuple[Json, Json], Kept] = {}
    for it in parameters:
        since = it.fields.get("valid_from") or ""
        place = it.fields.get("key"), it.fields.get("unit_id")
        if since <= today and (
            place not in found or since >= (found[place].fields.get("valid_from") or "")
        ):
            found[place] = it
    return found
