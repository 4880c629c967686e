"""Commands that look: status, the day, customers, a record."""

from __future__ import annotations

from dataclasses import asdict

import click

from field_client import appraisals, dossier_tables, screens
from field_client.console import Console, command, console, option
from field_client.faults import NotPossibleError
from field_client.words import yuan
from schemas.target import MONTH

CONTACTS_SHOWN = 10
"""How many are listed, if nobody asks for more, of those whom nobody was in touch with in time."""


@command("status")
@console
def status(told: Console) -> None:
    """Show the state of the copy."""
    with told.client() as client:
        found = client.status()
        cash = client.cash()
        told.give({**asdict(found), "cash_fen": cash.fen, "cash_limit_fen": cash.limit_fen})
        told.tell_line(screens.strip(found, told.lang))
        told.show(screens.status_table(found, client.store, told.lang))


@command("today")
@option(
    "--contacts",
    word="contacts",
    metavar="N",
    type=click.IntRange(0),
    default=CONTACTS_SHOWN,
)
@console
def today(told: Console, contacts: int) -> None:
    """List the day's work, and after it whom nobody was in touch with in time."""
    with told.client() as client:
        silences, cash = client.silences(), client.cash()
        duties = [*client.today(), *silences[:contacts]]
        told.give([screens.duty_as_json(it) for it in duties])
        if cash.is_too_much:
            fen, limit = yuan(cash.fen), yuan(cash.limit_fen)
            told.tell("duty.cash", cash=fen, limit=limit)
        told.show(screens.duties_table(duties, client.store, told.lang) if duties else None)
        if len(silences) > contacts:
            more = len(silences) - contacts
            told.tell("duty.more-contacts", count=more, all=len(silences))


@command("customers")
@option("--search", word="search", metavar="TEXT")
@console
def customers(told: Console, search: str | None) -> None:
    """List or find customers."""
    with told.client() as client:
        found = client.search(search) if search else client.records("customer")
        told.give([screens.view_as_json(it) for it in found])
        told.show(screens.customers_table(found, client.store, told.lang) if found else None)


@command("show")
@click.argument("record", metavar="ID")
@console
def show(told: Console, record: str) -> None:
    """Show a record by its id or the beginning of it."""
    with told.client() as client:
        found = client.record(record)
        under = client.records(customer=found.id) if found.type == "customer" else []
        children = [it for it in under if it.id != found.id and it.type != "installment"]
        shown = screens.view_as_json(found)
        signals = client.warnings(found) if found.type == "customer" else []
        outlived = client.outlived(found) if found.type == "customer" else []
        tier = client.tier(found) if found.type == "customer" else None
        due = client.contact_due(found) if found.type == "customer" else None
        card_ends = client.id_card_ends(found) if found.type == "customer" else None
        troubles = client.troubles(found) if found.type == "customer" else []
        appraisal = client.appraisal(found) if found.type == "loan_application" else None
        told.give(
            {
                **shown,
                "records": [screens.view_as_json(it) for it in children],
                "troubles": [it.plain() for it in troubles],
                "warnings": [it.plain() for it in signals],
                "outlived": outlived,
                "tier": tier.code if tier is not None else None,
                "contact_due_on": due.isoformat() if due else None,
                "id_card_ends_on": card_ends.isoformat() if card_ends else None,
                "appraisal": appraisals.as_json(appraisal) if appraisal else None,
            }
        )
        if troubles:
            told.show(dossier_tables.troubles_table(troubles, client.store, told.lang))
        told.show(screens.record_table(found, client.store, told.lang))
        if tier is not None:
            told.tell_line(screens.tier_line(tier, told.lang))
        if due is not None:
            told.tell_line(dossier_tables.contact_line(due, client.desk.today(), told.lang))
        if card_ends is not None:
            told.tell_line(dossier_tables.id_card_line(card_ends, client.desk.today(), told.lang))
        for line in (
            screens.appraisal_lines(appraisal, client.store, told.lang) if appraisal else ()
        ):
            told.tell_line(line)
        if signals:
            told.show(screens.warnings_table(signals, client.store, told.lang))
        for signal in outlived:
            told.tell("dossier.outlived", id=signal)
        if children:
            told.show(screens.children_table(children, client.store, told.lang))


@command("targets")
@option("--month", word="month", metavar="YYYY-MM")
@console
def targets(told: Console, month: str | None) -> None:
    """Say how far the user has come in a month: on this device, and as the server has accepted it."""
    if month is not None and MONTH.problem(month):
        raise NotPossibleError(reason="not-a-month", month=month)
    with told.client() as client:
        found = client.figures(month)
        told.give([it.plain() for it in found])
        told.show(dossier_tables.figures_table(found, told.lang))
