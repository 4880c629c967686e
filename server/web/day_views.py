"""The end of a day: who has reported, what cash is counted, whether to trust it, and closing it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from schemas import problems
from schemas.cash_deposit import STATES
from schemas.declare import Date
from schemas.derived.day_close import Gap, Reason
from schemas.values import is_record_id
from schemas.wire.day_close import REASON, CloseRequest
from schemas.words import REASONS, pick
from server import day_close
from server.context import context
from server.day_figures import Report
from server.db import reading
from server.logs import note
from server.web import queries, visitor
from server.web.entered import tidy
from server.web.site import pages, speech

NUMBERS_SHOWN = 5
_DAY = Date()


@pages.get("/day", endpoint="day")
def end_of_day() -> Response:
    """Show a day of an outlet, today's if none is asked for."""
    unit = request.args.get("unit")
    who = visitor.present()
    report = day_close.read(context(), who.branch, _unit(unit), _day("args"), who.user)
    return _show(report, {}, {}, 200)


@pages.get("/day/close", endpoint="day_closing")
def back_to_day() -> Response:
    """Send whoever opens the address of the button to the day."""
    return redirect(url_for("web.day"), 303)


@pages.post("/day/close", endpoint="day_closed")
def close_the_day() -> Response:
    """Close a day, or show what is missing in the form."""
    who, parts, said = visitor.present(), context(), speech()
    if not who.decides:
        raise problems.NotPermittedError
    unit, on = _unit(request.form.get("unit")), _day("form")
    typed = {"reason": tidy(request.form.get("reason", ""))}
    faults = _faults(typed["reason"])
    if unit is None:
        raise problems.NotFoundError
    if not faults:
        wish = CloseRequest(on, typed["reason"] or None)
        try:
            report, is_new = day_close.close(parts, who.bearer(), unit, wish)
        except problems.BadRequestError:
            faults = {"reason": said.t("comment.write")}
        else:
            note(outlet=unit, day=on.isoformat(), closed_now=is_new)
            flash(*_told(is_new))
            return redirect(url_for("web.day", unit=unit, day=report.on.isoformat()), 303)
    return _show(day_close.read(parts, who.branch, unit, on), typed, faults, 422)


def _told(is_new: bool) -> tuple[str, str]:
    said = speech()
    return (said.t("day.said.closed"), "ok") if is_new else (said.t("day.said.already"), "warn")


def _faults(reason: str) -> dict[str, str]:
    found = REASON.problem(reason) if reason else None
    return {"reason": pick(REASONS[found], speech().lang)} if found else {}


def _unit(wish: str | None) -> str | None:
    if wish is not None and not is_record_id(wish):
        raise problems.NotFoundError
    return wish


def _day(place: str) -> date:
    """Return the day that is asked for; whatever is none, or to come, is today."""
    wish = getattr(request, place).get("day")
    today = speech().today
    if wish is None or _DAY.problem(wish):
        return today
    return min(date.fromisoformat(wish), today)


def _show(
    report: Report, typed: Mapping[str, str], faults: Mapping[str, str], status: int
) -> Response:
    who, parts, said = visitor.present(), context(), speech()
    with reading(parts.engine) as connection:
        counts = queries.count_conflicts(connection, who.branch) if who.reads else {}
    body = render_template(
        "day.html",
        report=report,
        day=report.day,
        reasons=[_why(report, it) for it in report.day.reasons],
        who=lambda user: report.names.get(user or "", said.t("nobody")),
        missing=_missing,
        deposit_state=lambda state: pick(STATES.options[state], said.lang),
        before=report.on - timedelta(days=1),
        after=report.on + timedelta(days=1) if report.on < said.today else None,
        typed=typed,
        faults=faults,
        open_conflicts=counts.get("open", 0),
    )
    return make_response(body, status)


def _why(report: Report, reason: Reason) -> str:
    """Return a reason as a sentence."""
    said = speech()
    return said.t(
        f"day.why.{reason.why}",
        name=report.names.get(reason.officer or "", said.t("nobody")),
        subject=reason.subject or "",
        n=reason.figure,
        money=said.money(reason.figure),
    )


def _missing(gap: Gap) -> str:
    said = speech()
    shown = [f"{gap.desk}-{it:03}" for it in gap.missing[:NUMBERS_SHOWN]]
    more = gap.total - len(shown)
    numbers = said.t("comma").join(shown)
    return said.t("day.missing.more", numbers=numbers, n=more) if more else numbers
