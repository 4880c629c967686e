"""Rules about what surrounds a loan: W06, W08, W10, W15 (domain.md, sections 8.10 and 9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from schemas.derived.collateral import Kind, Valued, collateral_warnings
from schemas.derived.due_dates import due_after
from schemas.derived.early_warning.dossier import Dossier, Kept, Owing, leaves, local_day, plus
from schemas.derived.early_warning.signals import Severity, Signal

Json = Any

KINDS: Final[Mapping[str, Kind]] = {
    "house": "house",
    "land_management_right": "land_right",
    "forest_right": "land_right",
    "machine": "machine",
    "livestock": "livestock",
    "deposit_receipt": "deposit",
}
"""The kind by which each piece of collateral is capped; any other as the most cautious, livestock."""

LAST_YEAR: Final = "9990"
"""Dates after it are taken for a slip: nothing falls due then."""


def disaster_declared(dossier: Dossier) -> Iterator[Signal]:
    """W06: disaster, disease or price fall declared for the village and segment: each active loan."""
    village = dossier.household.get("village_id")
    segment = dossier.household.get("segment")
    for it in sorted(dossier.disasters, key=lambda it: (it.declared_on, it.id)):
        in_force = it.declared_on <= dossier.today <= (it.until or dossier.today)
        if not in_force or village not in it.villages:
            continue
        if it.segments and segment not in it.segments:
            continue
        for loan in dossier.loans:
            if loan.fields["disbursed_on"] <= it.declared_on:
                yield Signal(
                    rule="W06", severity="orange", subject_type="loan", subject=loan.id,
                    since=it.declared_on, loan_id=loan.id, records=(it.id,),
                )  # fmt: skip


def collateral_in_doubt(dossier: Dossier) -> Iterator[Signal]:
    """W08: over the cap red; fallen by more than a fifth, revaluation or insurance overdue orange."""
    for loan in dossier.loans:
        application = loan.fields.get("application_id")
        pieces = [
            it
            for it in dossier.of("collateral")
            if it.fields.get("application_id") == application
            and application is not None
            and it.fields.get("state") not in ("released", "realised")
        ]
        yield from _values(loan, pieces)
        yield from _overdue(dossier, loan, pieces)


def _values(loan: Owing, pieces: list[Kept]) -> Iterator[Signal]:
    """Warn of what the pieces are worth together, since the newest valuation."""
    present, former, days = [], 0, []
    for piece in pieces:
        valued = _valuations(piece)
        if valued:
            kind = KINDS.get(str(piece.fields.get("kind")), "livestock")
            present.append(Valued(kind, valued[-1][1]))
            former += valued[max(0, len(valued) - 2)][1]
            days.append(valued[-1][0])
    outstanding = loan.state.outstanding_principal_fen
    for warned in collateral_warnings(outstanding, former, present) if present else ():
        yield Signal(
            rule="W08", severity=warned.severity, subject_type="loan", subject=loan.id,
            since=max(max(days), loan.fields["disbursed_on"]), loan_id=loan.id,
            records=tuple(it.id for it in pieces),
            figures={
                "outstanding_fen": outstanding, "former_fen": former,
                "value_fen": sum(it.value_fen for it in present),
            },
        )  # fmt: skip


def _overdue(dossier: Dossier, loan: Owing, pieces: list[Kept]) -> Iterator[Signal]:
    """Warn of each piece whose revaluation or insurance has run out; one signal, since the first day."""
    for piece in pieces:
        ends = []
        valued = _valuations(piece)
        usual = 6 if piece.fields.get("kind") == "livestock" else 12
        if valued and valued[-1][0] < LAST_YEAR:
            months = piece.fields.get("revalue_every_months") or usual
            ends.append(due_after(date.fromisoformat(valued[-1][0]), months).isoformat())
        if piece.fields.get("insured_to"):
            ends.append(piece.fields["insured_to"])
        over = sorted(it for it in ends if it < dossier.today)
        if over:
            yield Signal(
                rule="W08", severity="orange", subject_type="collateral", subject=piece.id,
                since=plus(over[0], 1), loan_id=loan.id, records=(piece.id,),
                figures={"overdue": len(over)},
            )  # fmt: skip


def _valuations(piece: Kept) -> list[tuple[str, int]]:
    """Return what a piece was worth, by day: the newest last."""
    found = leaves(piece.fields, "valuations").items()
    rows = [
        (it["valued_on"], key, it["value_fen"])
        for key, it in found
        if "valued_on" in it and "value_fen" in it
    ]
    return [(day, value) for day, _, value in sorted(rows)]


def cannot_be_reached(dossier: Dossier) -> Iterator[Signal]:
    """W10: two failed visits in thirty days yellow, moved away red; a visit that was made ends it.

    Calls tell no result and do not count.
    """
    failed: list[tuple[str, Kept]] = []
    moved: tuple[str, Kept] | None = None
    for day, visit in _made(dossier):
        outcome = visit.fields.get("outcome")
        if outcome == "done":
            failed, moved = [], None
        elif outcome == "moved":
            moved = moved or (day, visit)
        elif outcome in ("absent", "unreachable"):
            failed.append((day, visit))
    if not dossier.loans:
        return
    if moved:
        yield _unreached(dossier, "red", moved[0], [moved[1]])
    count, days = dossier.number("warn_failed_visits"), dossier.number("warn_failed_days")
    recent = [(day, it) for day, it in failed if day > plus(dossier.today, -days)]
    if len(recent) >= count > 0:
        yield _unreached(dossier, "yellow", recent[count - 1][0], [it for _, it in recent])


def _unreached(dossier: Dossier, severity: Severity, since: str, visits: list[Kept]) -> Signal:
    return Signal(
        rule="W10", severity=severity, subject_type="customer", subject=dossier.customer,
        since=since, records=tuple(sorted(it.id for it in visits)), figures={"visits": len(visits)},
    )  # fmt: skip


def _made(dossier: Dossier) -> list[tuple[str, Kept]]:
    """Return the visits that were made, by the day of arrival (without one, the planned day)."""
    found = []
    for it in dossier.of("visit"):
        arrived = it.fields.get("arrived_at")
        day = local_day(arrived) if arrived else it.fields.get("planned_on")
        if day and it.fields.get("outcome") and day <= dossier.today:
            found.append((day, it))
    return sorted(found, key=lambda it: (it[0], it[1].id))


def on_the_watchlist(dossier: Dossier) -> Iterator[Signal]:
    """W15: an entry of the watchlist that came into force after a loan that still runs."""
    first = min((it.fields["disbursed_on"] for it in dossier.loans), default=None)
    for it in sorted(dossier.watchlist):
        start = it.valid_from or first
        if first is None or start is None or start < first:
            continue
        if start <= dossier.today <= (it.valid_to or dossier.today):
            yield Signal(
                rule="W15", severity="red", subject_type="customer", subject=dossier.customer,
                since=start, records=(it.id,),
            )  # fmt: skip
