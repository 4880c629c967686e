"""What is said of one attachment of a customer: what it shows, when and where it was taken; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemas.attachment import KINDS
from schemas.media import MEDIA
from schemas.subject import SUBJECT_TYPES
from schemas.words import pick
from server.web.listed import person
from server.web.speech import Speech, scaled

Json = Any
DEGREE = 1_000_000


@dataclass(frozen=True)
class Of:
    """The record that an attachment is of, where that is not the customer."""

    id: str
    title: str


@dataclass(frozen=True)
class Photo:
    """One attachment; `is_picture`: a page may show it, anything else is a file to keep."""

    id: str
    title: str
    captured_at: str
    place: str | None
    who: str
    of: Of | None
    arrived: bool
    is_picture: bool
    kilobytes: int


def photo_of(
    said: Speech,
    me: str,
    row: Any,
    customer: str,
    people: Mapping[str, str],
    days: Mapping[str, str],
) -> Photo:
    """Return what the page says of a row; *days* tells on which day a visit was planned, by its id."""
    fields = row.fields
    medium = MEDIA.get(fields["media_type"])
    by = fields.get("captured_by")
    return Photo(
        row.id,
        pick(KINDS.options[fields["kind"]], said.lang),
        fields["captured_at"],
        place_of(said, fields),
        person(said, me, by, people) if by else "",
        None if fields["record"] == customer else _of(said, fields, days),
        row.arrived is not None,
        medium is not None and medium.is_picture,
        -(-fields["size"] // 1024),
    )


def place_of(said: Speech, fields: Mapping[str, Json]) -> str | None:
    """Return where an attachment was taken, or None where that is not known."""
    latitude, longitude, metres = (fields.get(it) for it in ("lat_e6", "lon_e6", "acc_m"))
    if latitude is None or longitude is None:
        return None
    where = {"lat": scaled(latitude, DEGREE, 5), "lon": scaled(longitude, DEGREE, 5)}
    if metres is None:
        return said.t("photos.place", **where)
    return said.t("photos.place.within", **where, metres=metres)


def _of(said: Speech, fields: Mapping[str, Json], days: Mapping[str, str]) -> Of:
    title = pick(SUBJECT_TYPES.options[fields["record_type"]], said.lang)
    day = days.get(fields["record"])
    return Of(fields["record"], f"{title}{said.t('separator')}{day}" if day else title)
