"""What a judged decision adds to the facts: who said what, what came to stand, who holds whom."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sync.ledger import RecordState
from tests.simulation.facts import Facts
from tests.simulation.judge import Hearing
from tests.simulation.persons import customers_of, merging, note_merge
from tests.simulation.typed import Hold, RecordFacts, Said, Stand, unit_of, units_of

Json = Any


def adopt(case: Hearing) -> None:
    """Take over what a decision did, now that it has been judged."""
    facts, typed, device = case.facts, case.typed, case.device
    facts.moment += 1
    typed.moment, typed.result = facts.moment, case.result
    if case.result["status"] == "rejected":
        facts.refused_creates[typed.store] |= {it.id for it in typed.deeds if it.op == "create"}
        return
    pair = merging(case)
    _say(case)
    for deed in case.deeds:
        hidden = deed.op == "delete" and case.after[deed.id].deleted
        if hidden and not case.before[deed.id].deleted:
            facts.deletions[deed.id] = (typed.user, deed.reason)
    for record, after in case.after.items():
        before = case.before.get(record)
        if after is before:
            continue
        _stand(case, record, before, after)
        if before is None and after.type == "conflict" and after.fields["kind"] == "duplicate":
            facts.pairs.add(customers_of(after.fields))
        facts.records[record] = after
        if before is None:
            maker = "server" if after.type == "conflict" else device
            facts.about[record] = RecordFacts(facts.moment, maker, typed.id)
        moved = pair is not None and before is not None and before.customer == pair[0]
        if before is None or (before.version != after.version and not moved):
            by = device
            if after.type == "conflict":
                others = before.fields["others"] if before else None
                by = "server" if after.fields["others"] != others else device
                if by == "server":
                    facts.joined[record] = facts.moment
            facts.about[record].changes.append((facts.moment, by, typed.id))
    _hold(case)
    if pair is not None:
        note_merge(case, *pair)


def _say(case: Hearing) -> None:
    facts, typed = case.facts, case.typed
    for deed in case.deeds:
        if deed.type == "conflict":
            continue
        for unit, value in units_of(case.types[deed.type], deed.fields).items():
            key = (deed.id, unit)
            if case.before.get(deed.id) is None:
                typed.stood[deed.named, unit] = True
            kept = unit_of(case.types[deed.type], case.after[deed.id].fields, unit)
            said = Said(
                facts.moment, case.device, typed.id, value, kept,
                typed.stood.get((deed.named, unit), False),
                typed.made_ms, typed.steady,
            )  # fmt: skip
            facts.said[key].append(said)


def _stand(case: Hearing, record: str, before: RecordState | None, after: RecordState) -> None:
    facts, typed, declared = case.facts, case.typed, case.types[after.type]
    held = before.fields if before else {}
    if held == after.fields:
        return
    for unit in dict.fromkeys(declared.unit(it) for it in (*held, *after.fields)):
        old, new = unit_of(declared, held, unit), unit_of(declared, after.fields, unit)
        if old != new:
            sent = typed.value(declared, record, unit)
            facts.stands[record, unit].append(
                Stand(
                    facts.moment, case.device, typed.id, typed.user, typed.role, old, new,
                    sent, typed.timer, typed.made_ms, typed.steady,
                )
            )  # fmt: skip


def _hold(case: Hearing) -> None:
    """Note who holds whom now, from what was typed about assignments."""
    facts = case.facts
    for deed in case.deeds:
        if deed.op == "create" and deed.type == "customer" and not case.typed.whole_branch:
            if deed.id not in case.before:
                made = next(
                    it.id for it in case.after.values()
                    if it.type == "assignment" and it.id not in case.before
                )  # fmt: skip
                _begin(facts, deed.id, str(case.typed.user), "primary", made)
        elif deed.type == "assignment" and deed.op == "create":
            fields = deed.fields
            if fields.get("valid_to", facts.today) >= facts.today:
                _begin(facts, fields["customer_id"], fields["officer_id"], fields["role"], deed.id)
        elif (
            deed.type == "assignment" and (deed.fields.get("valid_to") or facts.today) < facts.today
        ):
            for customer, holds in facts.holds.items():
                facts.holds[customer] = [
                    replace(it, until=facts.moment)
                    if it.assignment == deed.id and it.until is None else it
                    for it in holds
                ]  # fmt: skip


def _begin(facts: Facts, customer: str, user: str, role: str, assignment: str) -> None:
    if role == "primary":
        facts.holds[customer] = [
            replace(it, until=facts.moment)
            if it.role == "primary" and it.until is None else it
            for it in facts.holds[customer]
        ]  # fmt: skip
    facts.holds[customer].append(Hold(user, role, assignment, facts.moment))
