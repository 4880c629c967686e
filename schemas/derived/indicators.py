"""Indicators of officers and branches 考核指标: shares in basis points, None where nothing was due.

Source: domain.md, section 8.9; the collection rate after CGAP Occasional Paper 3, June 1999.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from schemas.derived.portfolio import Portfolio
from schemas.derived.ratios import share_bps

TOLERATED_DAYS = 2

SyncAge = Literal["fresh", "marked", "flagged"]
_MARKED, _FLAGGED = timedelta(hours=24), timedelta(hours=72)


def visit_completion_bps(done: int, planned: int, cancelled: int) -> int | None:
    """Share of visits done 走访完成率 among those planned and not cancelled by the supervisor."""
    return share_bps(done, planned - cancelled)


def on_time_visits_bps(on_time: int, planned: int, cancelled: int) -> int | None:
    """Share of visits completed near their first planned day (``is_on_time``), same base."""
    return share_bps(on_time, planned - cancelled)


def is_on_time(completed_on: date, planned_on: date) -> bool:
    """Tell whether a visit was completed within two days of the day first planned."""
    return abs((completed_on - planned_on).days) <= TOLERATED_DAYS


@dataclass(frozen=True, slots=True)
class Collection:
    """Collection rates, never without the portfolio at risk beside them.

    A rate of 97 % can hide the loss of a third of the portfolio in a year.
    """

    on_time_bps: int | None
    clean_up_bps: int | None
    par30_bps: int


def collection_of(
    portfolio: Portfolio, *, due_fen: int, on_time_fen: int, arrears_fen: int, cleared_fen: int
) -> Collection:
    """Return the collection rates of a period.

    Args:
        portfolio: As it stands at the end of the period.
        due_fen: What first fell due in the period.
        on_time_fen: What of it was paid on or before its due date.
        arrears_fen: Arrears open at the start.
        cleared_fen: What was collected of them 清收.
    """
    return Collection(
        on_time_bps=share_bps(on_time_fen, due_fen),
        clean_up_bps=share_bps(cleared_fen, arrears_fen),
        par30_bps=portfolio.ratio_bps(portfolio.par30_fen),
    )


def inspection_timeliness_bps(on_time: int, fallen_due: int) -> int | None:
    """Share of inspections done on time 检查及时率 among those that fell due."""
    return share_bps(on_time, fallen_due)


def finding_closure_bps(closed_in_time: int, due: int) -> int | None:
    """Share of findings closed within their due date among those due."""
    return share_bps(closed_in_time, due)


def data_freshness_bps(surveyed: int, active: int) -> int | None:
    """Share of active customers who were surveyed within twelve months."""
    return share_bps(surveyed, active)


def deposit_discipline_bps(settled_fen: int, collected_fen: int) -> int | None:
    """Share of collected cash that was settled on the same or the next day."""
    return share_bps(settled_fen, collected_fen)


def sync_age(last_complete_at: datetime | None, now: datetime) -> SyncAge:
    """Tell how old the last sync is that ended with nothing waiting: over 24 hours, over 72."""
    if last_complete_at is None or now - last_complete_at > _FLAGGED:
        return "flagged"
    return "marked" if now - last_complete_at > _MARKED else "fresh"
