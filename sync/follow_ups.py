"""What the server does by itself when a set is stored (the moves by sys of domain.md, section 6).

It is part of the same set: the engine's own device writes it, in the same transaction, and always the
same for the same records. A move by it never meets a conflict (protocol, section 4, `timer`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from schemas.declare import Registry
from schemas.loan_application import ENDED
from schemas.messages import Change, Fault
from schemas.values import derived_id
from sync import (
    classing,
    early_warnings,
    emergencies,
    findings,
    handing_over,
    paying,
    receipts,
    restructuring,
)
from sync.assignments import after_assignment, end
from sync.guards import handovers
from sync.guards.people import decisions, investigators, made
from sync.guards.sight import Sight
from sync.ledger import Entry, Ledger, RecordState
from sync.own_writes import make, put
from sync.scope import ENGINE
from sync.work import RejectedError, Work

Json = Any
SERVER_SELF = replace(ENGINE, timer=True)

NEEDS: Mapping[str, frozenset[str]] = {
    "application": frozenset(
        {
            "cashflow_survey",
            "inspection_note",
            "decision",
            "product",
            "parameter",
            "org_unit",
            "user",
            "assignment",
        }
    ),
}
"""What a follow-up looks at beside what the set names."""


def needed(registry: Registry, changes: Sequence[Change]) -> set[str]:
    """Return the types that follow-ups of *changes* look at."""
    found: set[str] = set()
    for change in changes:
        declared = registry.get(change.type)
        if declared is not None and {"state", "co_officer_id"} & set(change.set):
            found |= NEEDS.get(declared.follow_up or "", frozenset())
        if change.type == "warning_signal" and change.set.get("rule") == "W07":
            found |= {"group", "customer"}
        if declared is not None and declared.follow_up == "receipt":
            found |= receipts.NEEDS
    found |= findings.needed(changes) | classing.needed(changes)
    found |= early_warnings.needed(registry, changes) | restructuring.needed(changes)
    return found & set(registry.types)


def also_named(ledger: Ledger, changes: Iterable[Change]) -> set[str]:
    """Return what a record among *changes* that moves has listed before, and what is asked then is about.

    Of a handover the customers, of a cash deposit that is confirmed the receipts.
    """
    found: set[str] = set()
    for change in changes:
        state = ledger.records.get(change.id) if "state" in change.set else None
        if state is not None and state.type == "handover":
            found |= set(handovers.customers(state.fields))
        elif (
            state is not None
            and state.type == "cash_deposit"
            and change.set["state"] == "confirmed"  # in the office: no tablet pays for this read
        ):
            found |= set(state.fields.get("receipt_ids") or ())
    return found


def follow(work: Work) -> set[str]:
    """Do what follows from the set at hand, inside its draft; return the ids of what was altered by it."""
    before = len(work.draft.entries)
    mine = replace(work, actor=SERVER_SELF, via=None)
    for record_id in dict.fromkeys(it.record for it in work.draft.entries if it.altered):
        state = work.draft.record(record_id)
        name = work.registry[state.type].follow_up if state is not None else None
        if state is None or name is None or state.deleted:
            continue
        stored = work.draft.ledger.records.get(record_id)
        sight = Sight(work.draft, work.today)
        FOLLOW_UPS[name](mine, sight, state, stored.fields if stored else {})
    _warn(mine, work.actor.role, work.draft.entries[:before])
    return {it.record for it in work.draft.entries[before:]}


def _warn(work: Work, role: str, entries: Sequence[Entry]) -> None:
    """Make the signals that follow from what the set says (domain.md, section 9)."""
    if "warning_signal" not in work.registry.types:
        return
    sight = Sight(work.draft, work.today)
    for customer, it in early_warnings.found(sight, role, entries):
        make(work, "warning_signal", it.id, customer, {**it.fields(), "level": 0})


# -------------------------------------------------------------------------------------- signatures


def _sign_note(work: Work, sight: Sight, note: RecordState, before: Mapping[str, Json]) -> None:
    """A note is signed when each of its inspectors has signed since it was last returned (6.4)."""
    fields = note.fields
    wanted = {*(fields.get("inspector_ids") or ()), fields.get("auditor_id")} - {None}
    if _sign(work, note, wanted, ("draft", "returned")) and note.type == "inspection_note":
        findings.follow(work, sight, note)


def _handover(work: Work, sight: Sight, state: RecordState, before: Mapping[str, Json]) -> None:
    """A handover moves with the answers of the incoming officer, and with the last signature (6.7)."""
    _sign(work, state, {state.fields.get(it) for it in handovers.PEOPLE}, ("agreed",))
    if before.get("state") != state.fields.get("state"):
        handing_over.follow(work, sight, state)
    if state.fields.get("state") == "in_review" and (answered := handovers.answer(state.fields)):
        put(work, state, {"state": answered})


def _sign(work: Work, state: RecordState, wanted: set[Json], sources: tuple[str, ...]) -> bool:
    """Make the move where everybody wanted has signed; tell whether it was made."""
    standing = state.fields.get("state")
    if standing not in sources or not wanted:
        return False
    since = state.marks["state"].position if standing == "returned" else 0
    signed = {
        it
        for path, it in state.fields.items()
        if path.startswith("signed_by.")
        and path.endswith(".user")
        and state.marks[path].position > since
    }
    if wanted <= signed:
        put(work, state, {"state": "signed"})
    return wanted <= signed


# ------------------------------------------------------------------------------------ applications


def _application(work: Work, sight: Sight, state: RecordState, before: Mapping[str, Json]) -> None:
    fields = state.fields
    moved = before.get("state") != fields.get("state")
    if moved and fields.get("state") == "returned":
        for survey in sight.naming("cashflow_survey", "application_id", state.id):
            if survey.fields.get("state") == "locked":
                put(work, survey, {"state": "draft"})
    if moved and (before.get("state"), fields.get("state")) == ("submitted", "approved"):
        emergencies.ask_for_review(work, sight, state)
    # One that an import brings was paid out long ago, and has its loan.
    if moved and before and fields.get("state") == "disbursed":
        if fields.get("loan_id") is None:
            _pay_out(work, sight, state)
        else:
            restructuring.follow(work, sight, state)
    _assign_second(work, sight, state, before)


def _assign_second(
    work: Work, sight: Sight, state: RecordState, before: Mapping[str, Json]
) -> None:
    """The second investigator inspects the customer until the application ends (protocol, section 7)."""
    fields, earlier = state.fields, before.get("co_officer_id")
    second = fields.get("co_officer_id")
    over = fields.get("state") in ENDED
    if earlier and (over or earlier != second):
        end(work, _inspection(state.id, earlier))
    customer = work.draft.record(state.customer)
    if over or second is None or second == earlier or customer is None or customer.holds(second):
        return
    days = sight.number("co_investigation_days", sight.unit_of(fields.get("officer_id")))
    until = date.fromisoformat(work.today) + timedelta(days=min(max(days, 1), 3650))
    assignment = {
        "officer_id": second, "customer_id": state.customer, "role": "inspector",
        "valid_from": work.today, "valid_to": until.isoformat(), "reason": "双人调查",
    }  # fmt: skip
    made_id = _inspection(state.id, second)
    known = work.draft.record(made_id)
    if known is None:
        make(work, "assignment", made_id, None, assignment)
    else:
        put(work, known, {name: assignment[name] for name in ("valid_from", "valid_to")})
    after_assignment(work, made_id)


def _inspection(application: str, user: str) -> str:
    return derived_id("co-investigator", application, user)


def _pay_out(work: Work, sight: Sight, application: RecordState) -> None:
    """A loan, its schedule, who answers for it (RSP-1), and the first follow-up."""
    fields, customer, on = application.fields, application.customer, date.fromisoformat(work.today)
    product = sight.record(fields.get("product_id"))
    votes = decisions(sight, application.id)
    terms = paying.approved(fields, [it.fields for it in votes])
    try:
        rows = paying.schedule(terms, product.fields if product else {}, on)
    except ValueError as error:  # a person hears of it from a guard before
        fault = Fault(None, "state", "invalid-transition", "terms-have-passed")
        raise RejectedError([fault]) from error
    loan = derived_id("loan", application.id)
    make(
        work,
        "loan",
        loan,
        customer,
        {
            "application_id": application.id, "product_id": fields.get("product_id"),
            "principal_fen": terms["amount_fen"], "rate_bps": terms["rate_bps"],
            "method": terms["method"], "disbursed_on": work.today,
            "maturity_on": rows[-1].due_date.isoformat(),
            "first_due_on": rows[0].due_date.isoformat(), "schedule_version": 1,
            "purpose": fields.get("purpose"), "security": fields.get("security"),
            "officer_id": fields.get("officer_id"),
            "responsible": _responsible(work, sight, application), "restructure_count": 0,
            "state": "active",
        },
        number="loan_no",
    )  # fmt: skip
    for row in rows:
        installment = {
            "loan_id": loan, "schedule_version": 1, "seq": row.seq,
            "due_date": row.due_date.isoformat(), "principal_fen": row.principal_fen,
            "interest_fen": row.interest_fen, "fee_fen": row.fee_fen,
        }  # fmt: skip
        make(
            work,
            "installment",
            derived_id("installment", loan, "1", str(row.seq)),
            customer,
            installment,
        )
    _first_follow_up(work, sight, application, loan)
    household = work.draft.record(customer)
    if household is not None and household.fields.get("state") in ("prospect", "dormant"):
        put(work, household, {"state": "active"})


def _responsible(work: Work, sight: Sight, application: RecordState) -> Json:
    """Return who answers for what, by name; the clerk is whoever moved the application."""
    fields = application.fields
    named = [fields.get("officer_id"), fields.get("co_officer_id")]
    others = sorted(investigators(sight, application) - {*named})
    reviewers = made(decisions(sight, application.id, "review"))
    approvers = [made([it]) for it in decisions(sight, application.id, "approve")]
    paid_by = [it.user for it in work.draft.entries if it.record == application.id and it.user]
    found = {
        "investigator": [it for it in [*named, *others] if it][:10],
        "reviewer": next(iter(sorted(reviewers)), None),
        "approver": next(iter(approvers[-1]), None) if approvers else None,
        "clerk": paid_by[-1] if paid_by else None,
    }
    return {name: it for name, it in found.items() if it}


def _first_follow_up(work: Work, sight: Sight, application: RecordState, loan: str) -> None:
    officer = application.fields.get("officer_id")
    days = sight.number("first_followup_days", sight.unit_of(officer))
    due = date.fromisoformat(work.today) + timedelta(days=min(max(days, 0), 3650))
    task = {
        "title": "首次跟踪检查", "record_type": "loan", "record": loan, "assignee_id": officer,
        "due_on": due.isoformat(), "source": "rule", "state": "open",
    }  # fmt: skip
    make(work, "task", derived_id("first_followup", loan, "1"), application.customer, task)


def _deposit(work: Work, sight: Sight, state: RecordState, before: Mapping[str, Json]) -> None:
    """Cash is received by the clerk who confirms it."""
    moved = before.get("state") == "handed_in" and state.fields.get("state") == "confirmed"
    by = [it.user for it in work.draft.entries if it.record == state.id and it.user]
    if moved and by and state.fields.get("received_by") is None:
        put(work, state, {"received_by": by[-1]})


def _wake(work: Work, sight: Sight, state: RecordState, before: Mapping[str, Json]) -> None:
    """A customer who slept is awake when somebody is in touch with him (6.9)."""
    customer = work.draft.record(state.customer)
    if customer is not None and customer.fields.get("state") == "dormant":
        put(work, customer, {"state": "active"})


def _visit(work: Work, sight: Sight, state: RecordState, before: Mapping[str, Json]) -> None:
    """The day for which a visit was first planned is kept when it is put off; who was met is awake (5.6, 6.9)."""
    first, now = before.get("planned_on"), state.fields.get("planned_on")
    if first is not None and first != now and state.fields.get("original_planned_on") is None:
        put(work, state, {"original_planned_on": first})
    if state.fields.get("outcome") == "done" and before.get("outcome") != "done":
        _wake(work, sight, state, before)


def _signal(work: Work, sight: Sight, state: RecordState, before: Mapping[str, Json]) -> None:
    """W07: where a member is long past due, the group is frozen (6.9)."""
    if before or state.fields.get("rule") != "W07":
        return
    customer = work.draft.record(state.customer)
    group = work.draft.record(customer.fields.get("group_id")) if customer else None
    if group is not None and group.fields.get("state") == "active":
        put(work, group, {"state": "frozen"})


FOLLOW_UPS: Mapping[str, Callable[[Work, Sight, RecordState, Mapping[str, Json]], None]] = {
    "inspection": _sign_note,
    "handover": _handover,
    "application": _application,
    "contact": _wake,
    "visit": _visit,
    "receipt": receipts.follow,
    "signal": _signal,
    "classification": classing.follow,
    "deposit": _deposit,
}
"""By the name that a record type declares."""
