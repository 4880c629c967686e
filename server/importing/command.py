"""`xiangxin import`: spreadsheets into a branch, listed, and taken back (operations.md)."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import Connection, select

from schemas.words import Lang
from server.accounts import account
from server.console import opened, stores
from server.context import Context
from server.importing import report, users
from server.importing.batch import KINDS, Importing, Outcome, Wish, maker_of_ids
from server.importing.columns import find_columns
from server.importing.landing import Branch, Landing, Progress, find_branch
from server.importing.reading import Sheet, read_sheet
from server.importing.rows import read_rows
from server.importing.sentences import Trouble, language_of, talk
from server.importing.undo import Blocker, BuiltUponError, list_batches, undo
from server.store import record

BLOCKERS_SHOWN = 40
SHOWN_FIELDS = ("customer_no", "loan_no", "receipt_no", "code", "name")


@click.command("import")
@click.argument("kind", type=click.Choice([*KINDS, "users"]), required=False)
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False
)
@click.option("--branch", required=True, metavar="CODE", help="The branch that the file is of")
@click.option(
    "--map",
    "overrides",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help='JSON of headings and fields, {"户名": "name", "内部码": null}; null: not imported; '
    'with words of its own: {"渠道码": {"field": "channel", "values": {"01": "cash"}}}',
)
@click.option(
    "--create-missing", is_flag=True, help="Make the products, villages and officers it names"
)
@click.option("--dry-run", is_flag=True, help="Check and report, and change nothing")
@click.option(
    "--skip-bad", is_flag=True, help="Import the good rows; write the bad ones to a file beside it"
)
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write everything that was found as a CSV",
)
@click.option("--undo", "undo_batch", metavar="BATCH", help="Take a whole import back")
@click.option("--list", "listing", is_flag=True, help="List the imports of the branch")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the report (LANG)")
@stores
def command(
    kind: str | None,
    file: Path | None,
    branch: str,
    overrides: Path | None,
    create_missing: bool,
    dry_run: bool,
    skip_bad: bool,
    report_file: Path | None,
    undo_batch: str | None,
    listing: bool,
    lang: Lang | None,
    data: str | None,
    database: str | None,
) -> None:
    """Import a spreadsheet of customers, loans, schedules, repayments, postings or users.

    All rows are checked first. A bad one is reported with its row, column, value and reason, and
    nothing is imported, unless --skip-bad. Loans need their customers, repayments their loans.

    Example: xiangxin import customers 农户.xlsx --branch QH --dry-run
    """
    speech = lang or language_of(os.environ)
    asked = [kind is not None, undo_batch is not None, listing]
    if sum(asked) != 1 or (kind is not None) != (file is not None):
        raise click.UsageError("Give a kind and a file, or --undo BATCH, or --list.")
    parts = opened(data, database)
    try:
        if listing:
            _list(parts, branch, speech)
        elif undo_batch is not None:
            _undo(parts, branch, undo_batch, dry_run, speech)
        elif kind is not None and file is not None:
            named, words = _map(overrides)
            wish = Wish(kind, read_sheet(file), file.name, named, words, create_missing, skip_bad)
            bring = _import_users if kind == "users" else _import
            bring(parts, branch, wish, file, dry_run, report_file, speech)
    except Trouble as trouble:
        raise click.ClickException(trouble.tell(speech)) from trouble


def _map(file: Path | None) -> tuple[dict[str, str | None], dict[str, dict[str, str]]]:
    """Read the `--map` file: which field a heading holds, and what its words mean."""
    if file is None:
        return {}, {}
    try:
        found = json.loads(file.read_text("utf-8-sig"))
    except (ValueError, OSError) as error:
        raise Trouble("map-form") from error
    if not isinstance(found, dict):
        raise Trouble("map-form")
    fields: dict[str, str | None] = {}
    words: dict[str, dict[str, str]] = {}
    for heading, said in found.items():
        column = {"field": said, "values": {}} if said is None or isinstance(said, str) else said
        if not isinstance(column, dict) or not set(column) <= {"field", "values"}:
            raise Trouble("map-form")
        field, values = column.get("field"), column.get("values", {})
        if not isinstance(field, str | None) or not isinstance(values, dict):
            raise Trouble("map-form")
        if not all(isinstance(it, str) for it in values.values()) or (values and field is None):
            raise Trouble("map-form")
        fields[heading] = field
        if field is not None:
            words[field] = values
    return fields, words


@contextmanager
def _landing(parts: Context, code: str, reading: bool = False) -> Iterator[Landing]:
    """Open a transaction in a branch; it is rolled back unless somebody commits it."""
    with parts.engine.connect().execution_options(reading=reading) as connection:
        row = find_branch(connection, code)
        if row is None:
            raise Trouble("no-branch", code=code)
        branch = Branch(row.id, row.code)
        yield Landing(connection, parts.registry, parts.settings, branch, parts.now())


@contextmanager
def _bar(length: int, label: str) -> Iterator[Progress]:
    """Show progress on stderr where somebody looks at it."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update


# ---------------------------------------------------------------------------------------- import


def _import(
    parts: Context,
    code: str,
    wish: Wish,
    file: Path,
    dry_run: bool,
    report_file: Path | None,
    lang: Lang,
) -> None:
    bad_file: Path | None = None
    with _landing(parts, code) as landing:
        with _bar(len(wish.sheet.rows), talk("importing", lang)) as progress:
            outcome = Importing(
                landing.connection,
                landing.registry,
                landing.settings,
                landing.branch,
                landing.now,
                maker_of_ids(landing.now),
                progress,
            ).run(wish)
        if report_file:
            with _written(report_file):
                report.write_report(report_file, [*outcome.faults, *outcome.warnings], lang)
        if outcome.batch and not dry_run:
            bad_file = _commit(landing.connection, outcome, file, wish.sheet, lang)
    _tell(outcome, landing.branch.code, dry_run, bad_file, lang)
    if not outcome.batch and outcome.bad:
        raise click.exceptions.Exit(1)


def _import_users(
    parts: Context,
    code: str,
    wish: Wish,
    file: Path,
    dry_run: bool,
    report_file: Path | None,
    lang: Lang,
) -> None:
    """Make accounts: all, or the good ones; the passwords are written before they are stored."""
    with _landing(parts, code) as landing:
        layout = find_columns(wish.sheet.headings, users.COLUMNS, wish.overrides)
        landing.head()
        rows = read_rows(wish.sheet, layout, wish.words)
        accounts = users.plan(landing.connection, landing, rows)
        outcome = Outcome(rows)
        if report_file:
            with _written(report_file):
                report.write_report(report_file, [*outcome.faults, *outcome.warnings], lang)
        for line in report.table(outcome.faults, lang) if outcome.faults else ():
            click.echo(line)
        if (outcome.bad and not wish.skip_bad) or not accounts:
            click.echo(talk("nothing", lang))
            raise click.exceptions.Exit(1)
        if dry_run:
            click.echo(talk("would", lang, count=len(accounts)))
            return
        made = users.land(landing, accounts)
        with _written(file):
            passwords = users.write_passwords(file, made)
        try:
            bad_file = _commit(landing.connection, outcome, file, wish.sheet, lang)
        except BaseException:
            if passwords:
                passwords.unlink()
            raise
    if bad_file:
        click.echo(talk("skipped", lang, count=len(outcome.bad), file=bad_file))
    click.echo(talk("users-made", lang, count=len(made)))
    if passwords:
        click.echo(talk("passwords", lang, file=passwords))


def _commit(
    connection: Connection, outcome: Outcome, file: Path, sheet: Sheet, lang: Lang
) -> Path | None:
    """Write the bad rows, then commit: nothing is imported whose bad rows could not be written."""
    bad_file: Path | None = None
    if outcome.bad:
        with _written(file):
            bad_file = report.write_bad_rows(file, sheet, outcome.bad, lang)
    try:
        connection.commit()
    except BaseException:
        if bad_file:
            bad_file.unlink()
        raise
    return bad_file


@contextmanager
def _written(file: Path) -> Iterator[None]:
    """Turn a failure to write into a sentence; the transaction is not committed then."""
    try:
        yield
    except OSError as error:
        raise Trouble("not-written", file=file.name, reason=error.strerror) from error


def _tell(outcome: Outcome, code: str, dry_run: bool, bad_file: Path | None, lang: Lang) -> None:
    if outcome.faults:
        for line in report.table(outcome.faults, lang):
            click.echo(line)
    for line in report.warning_lines(outcome.warnings, lang):
        click.echo(line, err=True)
    counts = {
        "read": len(outcome.rows), "bad": len(outcome.bad), "warnings": len(outcome.warnings),
    }  # fmt: skip
    click.echo(talk("read", lang, **counts))
    if not outcome.batch:
        click.echo(talk("nothing", lang))
        if len(outcome.bad) < len(outcome.rows):
            click.echo(talk("how-to-skip", lang))
        return
    if outcome.made:
        what = "、".join(_made(outcome, lang)) if lang == "zh" else ", ".join(_made(outcome, lang))
        click.echo(talk("would-make" if dry_run else "made", lang, what=what))
    if dry_run:
        click.echo(talk("would", lang, count=outcome.imported))
        return
    if bad_file:
        click.echo(talk("skipped", lang, count=len(outcome.bad), file=bad_file))
    click.echo(talk("imported", lang, count=outcome.imported, batch=outcome.batch))
    click.echo(talk("how-to-undo", lang, batch=outcome.batch, branch=code))


def _made(outcome: Outcome, lang: Lang) -> Iterator[str]:
    for kind in ("village", "officer", "product"):
        names = [it.name for it in outcome.made if it.kind == kind]
        if names:
            yield f"{talk(kind, lang)} {'/'.join(names)}"


# ------------------------------------------------------------------------------------ undo, list


def _undo(parts: Context, code: str, batch: str, dry_run: bool, lang: Lang) -> None:
    with _landing(parts, code) as landing:
        rows = {it.id: it.rows for it in list_batches(landing)}
        try:
            with _bar(rows.get(batch, 0), talk("undoing", lang)) as progress:
                count = undo(landing, batch, progress)
        except BuiltUponError as error:
            _tell_blockers(landing, error, lang)
            raise click.exceptions.Exit(1) from error
        if not dry_run:
            landing.connection.commit()
    click.echo(talk("would-undo" if dry_run else "undone", lang, batch=batch, count=count))


def _tell_blockers(landing: Landing, error: BuiltUponError, lang: Lang) -> None:
    click.echo(talk("not-undone", lang, batch=error.batch, count=len(error.blockers)), err=True)
    query = select(account.c.id, account.c.username)
    users = {it.id: it.username for it in landing.connection.execute(query)}
    for one in error.blockers[:BLOCKERS_SHOWN]:
        if one.how == "batch":
            click.echo(f"  {talk('batch', lang, batch=one.id, kind=one.type, at=one.at)}")
            continue
        who = users.get(one.by or "", talk("somebody", lang))
        what = _title(landing, one, one.id, lang)
        about = _title(landing, one, one.about, lang)
        click.echo(f"  {talk(one.how, lang, what=what, at=one.at, who=who, about=about)}")
    further = len(error.blockers) - BLOCKERS_SHOWN
    if further > 0:
        click.echo(talk("more-blockers", lang, count=further))


def _title(landing: Landing, one: Blocker, record_id: str, lang: Lang) -> str:
    """Return what people call a record: its type and its number."""
    query = select(record.c.type, record.c.fields).where(
        record.c.branch == landing.branch.id, record.c.id == record_id
    )
    row = landing.connection.execute(query).first()
    if row is None:
        return f"{one.type} {record_id}"
    declared = landing.registry[row.type]
    title = declared.title.zh if lang == "zh" else declared.title.en
    number = next((row.fields[it] for it in SHOWN_FIELDS if it in row.fields), record_id)
    return f"{title} {number}"


def _list(parts: Context, code: str, lang: Lang) -> None:
    with _landing(parts, code, reading=True) as landing:
        batches = list_batches(landing)
    if not batches:
        click.echo(talk("no-batches", lang), err=True)
    for it in batches:
        facts = {"batch": it.id, "made_at": it.made_at, "kind": it.kind, "rows": it.rows}
        gone = talk("batch-undone", lang, at=it.undone_at) if it.undone_at else ""
        click.echo(talk("batch-line", lang, **facts, file=it.file_name, undone=gone))
