"""How records, sets and states look in a terminal and as JSON. Nothing is decided here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table

from field_client import views
from field_client.attention import Attention
from field_client.client import TIME_ZONE
from field_client.day import Duty, Status
from field_client.receipts import Preview, Receipt
from field_client.sets import OwnSet, State
from field_client.store import Store
from field_client.words import say, yuan
from schemas.declare import Choice, Field, Integer
from schemas.derived.appraisal import Appraisal
from schemas.derived.customer_tier import Tier
from schemas.derived.early_warning.signals import Signal
from schemas.values import parse_instant
from schemas.words import Lang, label_of, pick
from sync.rebase import View

Json = Any
MONEY = "fen"


def grid(lang: Lang, *headings: str) -> Table:
    """Return an empty table with headings from the catalogue."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    right = ("amount", "late", "penalty", "fee", "interest", "principal")
    for name in headings:
        heading = say(f"heading.{name}", lang)
        table.add_column(heading, justify="right" if name in right else "left", overflow="fold")
    return table


# --------------------------------------------------------------------------------------- as JSON


def view_as_json(view: View) -> dict[str, Json]:
    """Return a record as its user sees it."""
    return {
        "type": view.type, "id": view.id, "customer": view.customer, "version": view.version,
        "fields": dict(view.fields), "pending": list(view.pending), "removed": view.removed,
        "gone": view.gone,
    }  # fmt: skip


def set_as_json(one: OwnSet, state: State) -> dict[str, Json]:
    """Return an own set with its state and the server's word on it."""
    return {
        "number": one.number, "id": one.id, "action": one.action, "made_at": one.made_at,
        "state": state, "status": one.status, "errors": list(one.errors),
        "conflicts": one.conflicts, "settled": one.settled,
        "changes": [asdict(it) for it in one.changes],
    }  # fmt: skip


def duty_as_json(duty: Duty) -> dict[str, Json]:
    """Return one thing to do today."""
    return {
        "kind": duty.kind, "customer": duty.customer, "record": duty.record.id,
        "due_on": duty.due_on.isoformat(), "amount_fen": duty.amount_fen, "dpd": duty.dpd,
    }  # fmt: skip


def attention_as_json(one: Attention) -> dict[str, Json]:
    """Return one thing that needs the user."""
    return {
        "reason": one.reason,
        "customer": one.customer,
        "set": set_as_json(one.set, "needs_attention") if one.set else None,
        "record": view_as_json(one.record) if one.record else None,
    }


def receipt_as_json(receipt: Receipt) -> dict[str, Json]:
    """Return a receipt; the split is provisional until its set is accepted."""
    return {
        "receipt_no": receipt.receipt_no, "repayment": receipt.repayment,
        "number": receipt.set_number, "amount_fen": receipt.amount_fen,
        "value_date": receipt.value_date.isoformat(), "channel": receipt.channel,
        **preview_as_json(receipt.preview),
    }  # fmt: skip


def preview_as_json(preview: Preview) -> dict[str, Json]:
    """Return what a repayment does to its loan."""
    split = preview.split
    after = preview.after
    return {
        "provisional": True,
        "parts": [it._asdict() for it in split.parts] if split else [],
        "unallocated_fen": split.unallocated_fen if split else 0,
        "outstanding_principal_fen": after.outstanding_principal_fen,
        "arrears_fen": after.arrears_fen,
        "due_today_fen": after.due_today_fen,
        "dpd": after.dpd,
    }


# ---------------------------------------------------------------------------------------- as text


def moment(instant: str | None, lang: Lang) -> str:
    """Return an instant as local time."""
    if instant is None:
        return say("strip.never", lang)
    return f"{parse_instant(instant).astimezone(TIME_ZONE):%Y-%m-%d %H:%M}"


def strip(status: Status, lang: Lang) -> str:
    """Return the one line that says how it stands with the copy."""
    facts = {
        "waiting": status.waiting, "attention": status.attention, "files": status.files_waiting,
    }  # fmt: skip
    return say(f"strip.{status.strip}", lang, synced=moment(status.synced_at, lang), **facts)


def status_table(status: Status, store: Store, lang: Lang) -> Table:
    """Return what waits, what needs the user and how old the data is."""
    identity = store.identity()
    user = identity.user or {}
    table = Table(box=None, show_header=False, pad_edge=False)
    rows: Iterable[tuple[str, object]] = [
        ("heading.user", f"{user.get('name', '')} ({user.get('username', '')})"),
        ("heading.device", views.name_of(store, identity.id)),
        *((f"state.{name}", count) for name, count in status.states.items() if name != "draft"),
        ("heading.drafts", status.states["draft"]),
        ("heading.attention", status.attention),
        ("heading.oldest", moment(status.oldest, lang) if status.oldest else "–"),
        ("heading.data-as-of", moment(status.data_as_of, lang)),
        ("heading.files", status.files_waiting),
        ("heading.files-refused", status.files_refused),
        ("heading.incidents", status.incidents),
    ]
    for key, value in rows:
        table.add_row(say(key, lang), str(value))
    return table


def duties_table(duties: Sequence[Duty], store: Store, lang: Lang) -> Table:
    """Return the day's list."""
    table = grid(lang, "what", "who", "when", "amount", "late", "id")
    for it in duties:
        table.add_row(
            say(f"duty.{it.kind}", lang), person(store, it.customer, lang), it.due_on.isoformat(),
            yuan(it.amount_fen) if it.amount_fen else "", str(it.dpd) if it.dpd else "",
            it.record.id,
        )  # fmt: skip
    return table


def customers_table(customers: Sequence[View], store: Store, lang: Lang) -> Table:
    """Return customers: phones masked, as others may be looking."""
    table = grid(lang, "name", "village", "phone", "state", "id")
    for it in customers:
        village = it.fields.get("village_id")
        waiting = say("talk.pending-mark", lang) if it.pending else ""
        table.add_row(
            person(store, it.id, lang), views.name_of(store, village),
            masked(str(it.fields.get("phone", ""))), waiting, it.id,
        )  # fmt: skip
    return table


def masked(number: str) -> str:
    """Return a phone number with its middle hidden."""
    return f"{number[:3]}****{number[-4:]}" if len(number) > 7 else "*" * len(number)


def person(store: Store, customer: str | None, lang: Lang) -> str:
    """Return a customer's name: pinyin first with characters beside it in English."""
    found = views.shown(store, customer) if customer else None
    if found is None:
        return (customer or "")[:8]
    name, latin = str(found.fields.get("name", "")), found.fields.get("name_latin")
    return f"{latin} {name}" if latin and lang == "en" else name


def record_table(view: View, store: Store, lang: Lang) -> Table:
    """Return a record's fields under the labels that people know."""
    declared = store.registry.get(view.type)
    table = grid(lang, "field", "value")
    table.title = f"{pick(declared.title, lang) if declared else view.type} {view.id}"
    for path, value in sorted(view.fields.items()):
        label = label_of(declared, path, lang) if declared else None
        field = declared.field(path) if declared else None
        table.add_row(label or path, worded(value, field, store, lang))
    return table


def worded(value: Json, field: Field | None, store: Store, lang: Lang) -> str:
    """Return a value as people say it: a choice's label, an amount in yuan, a record's name."""
    kind = field.kind if field else None
    if isinstance(kind, Choice) and value in kind.options:
        return pick(kind.options[value], lang)
    if isinstance(kind, Integer) and kind.unit == MONEY and isinstance(value, int):
        return yuan(value)
    if isinstance(value, str):
        return views.name_of(store, value) if field and _is_ref(field) else value
    return json.dumps(value, ensure_ascii=False)


def _is_ref(field: Field) -> bool:
    return type(field.kind).__name__ == "Ref"


def children_table(children: Sequence[View], store: Store, lang: Lang) -> Table:
    """Return the records under a customer."""
    table = grid(lang, "kind", "name", "state", "id")
    for it in children:
        declared = store.registry.get(it.type)
        state = (declared.field("state") if declared else None) or None
        word = worded(it.fields["state"], state, store, lang) if it.fields.get("state") else ""
        title = pick(declared.title, lang) if declared else it.type
        table.add_row(title, views.title(store, it), word, it.id)
    return table


def warnings_table(signals: Sequence[Signal], store: Store, lang: Lang) -> Table:
    """Return what early warning finds, the gravest first."""
    table = grid(lang, "severity", "warning", "since")
    declared = store.registry.get("warning_signal")
    for it in signals:
        said = [
            worded(value, declared.field(name) if declared else None, store, lang)
            for name, value in (("severity", it.severity), ("rule", it.rule))
        ]
        table.add_row(said[0], f"{it.rule} {said[1]}", it.since)
    return table


def appraisal_lines(appraisal: Appraisal, store: Store, lang: Lang) -> list[str]:
    """Return what carries an application and what does not, and the rated limit."""
    declared = store.registry.get("loan_application")
    field = declared.field("method") if declared else None
    lines = []
    for it in appraisal.tried:
        method = worded(it.method, field, store, lang)
        if it.capacity.passes:
            key, month, fen = "passes", it.capacity.lowest.month, it.capacity.lowest.fen
        else:
            worst = it.capacity.failed[0]
            key, month, fen = worst.test, worst.month or it.capacity.lowest.month, worst.short_fen
        amount = yuan(fen)
        lines.append(
            say(f"appraisal.{key}", lang, method=method, month=f"{month:%Y-%m}", amount=amount)
        )
    if rated := appraisal.rated:
        limit = yuan(rated.limit.limit_fen)
        lines.append(
            say("appraisal.rated", lang, total=rated.total, grade=rated.grade, limit=limit)
        )
    return lines


def tier_line(tier: Tier, lang: Lang) -> str:
    """Return the customer's tier, and how often to be in touch."""
    name = say(f"appraisal.{tier.code}", lang)
    return say("appraisal.rhythm", lang, tier=name, days=tier.contact_days)


def conflicts_table(conflicts: Sequence[View], store: Store, lang: Lang) -> Table:
    """Return conflicts: what it was, what stands, what others say, by whom and when."""
    table = grid(lang, "who", "field", "before", "kept", "others", "id")
    for it in conflicts:
        fields = it.fields
        declared = store.registry.get(str(fields.get("record_type")))
        unit = fields.get("field")
        label = label_of(declared, unit, lang) if declared and unit else None
        kind = store.registry["conflict"].field("kind")
        table.add_row(
            person(store, it.customer, lang),
            label or worded(fields.get("kind"), kind, store, lang),
            json.dumps(fields.get("base_value"), ensure_ascii=False),
            _entry(fields["kept"], store, lang),
            "\n".join(_entry(one, store, lang) for one in fields["others"]),
            it.id,
        )
    return table


def _entry(entry: Mapping[str, Json], store: Store, lang: Lang) -> str:
    value = json.dumps(entry.get("value"), ensure_ascii=False)
    who = views.name_of(store, entry.get("by"))
    when = moment(entry["made_at"], lang) if entry.get("made_at") else ""
    return f"{value} ({who}, {when}; {entry.get('device', '')}:{entry.get('number', '')})"


def attention_table(things: Sequence[Attention], store: Store, lang: Lang) -> Table:
    """Return what needs the user, with the reason beside it."""
    table = grid(lang, "number", "what", "who", "why", "id")
    for it in things:
        why = (
            " ".join(str(error.get("message") or error["code"]) for error in it.set.errors)
            if it.set
            else ""
        )
        number = str(it.set.number) if it.set else ""
        table.add_row(
            number, say(f"attention.{it.reason}", lang), person(store, it.customer, lang), why,
            it.record.id if it.record else "",
        )  # fmt: skip
    return table


def split_table(preview: Preview, lang: Lang) -> Table:
    """Return where each yuan goes."""
    table = grid(lang, "what", "when", "penalty", "fee", "interest", "principal")
    due = {it.seq: it.due_date for it in preview.after.balances}
    for part in preview.split.parts if preview.split else ():
        table.add_row(
            say("talk.installment", lang, seq=part.seq), due[part.seq].isoformat(),
            yuan(part.penalty_fen), yuan(part.fee_fen), yuan(part.interest_fen),
            yuan(part.principal_fen),
        )  # fmt: skip
    if preview.split and preview.split.unallocated_fen:
        left = yuan(preview.split.unallocated_fen)
        table.add_row(say("talk.unallocated", lang), "", "", "", "", left)
    return table
