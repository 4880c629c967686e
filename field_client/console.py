"""What every `xiangxin-field` command shares: its words in two languages, the store, the way it ends."""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console as Terminal
from rich.table import Table

from field_client import typed
from field_client.client import FieldClient
from field_client.faults import (
    FieldError,
    InvalidInputError,
    NotPossibleError,
    NotSignedInError,
)
from field_client.store import Store
from field_client.transport import HttpTransport
from field_client.vault import Vault
from field_client.wiping import remove_store
from field_client.words import EXAMPLES, say
from schemas.declare import Choice, SetOf
from schemas.problems import DeviceWipedError, XiangxinError
from schemas.registry import REGISTRY
from schemas.values import to_millis, uuid7
from schemas.words import Lang, describe
from schemas.words import say as say_of_server

Json = Any
Command = TypeVar("Command", bound=Callable[..., Any])
DEFAULT_STORE = "xiangxin-field.db"
WIDE = 200
"""Columns where the output is no terminal: nothing is folded."""

MISUSE = frozenset(
    {
        "no-such-field", "unreadable-value", "not-an-amount", "not-a-day", "not-a-month", "unknown-type",
        "customer-needed", "file-size", "file-kind", "which-value", "unreadable-file", "exists-already",
        "no-courier-file",
    }
)  # fmt: skip
"""Reasons that lie in the words of the command itself: exit status 2."""


# ------------------------------------------------------------------------------------- the words


def language(given: str | None = None) -> Lang:
    """Return the language that was asked for, or that of the environment."""
    wanted = given or os.environ.get("LC_ALL") or os.environ.get("LANG") or "en"
    return "zh" if wanted.lower().startswith("zh") else "en"


def language_of(context: click.Context | None) -> Lang:
    """Return the language of the command that is running."""
    return language(context.find_root().params.get("lang") if context else None)


class SaidOption(click.Option):
    """An option whose help is in the catalogue, under `option.`."""

    def __init__(self, *names: Any, word: str, **rest: Any) -> None:
        super().__init__(*names, **rest)
        self.word = word

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option's line of help in the reader's language."""
        self.help = say(f"option.{self.word}", language_of(ctx))
        return super().get_help_record(ctx)


def option(*names: str, word: str, **rest: Any) -> Callable[[Command], Command]:
    """Add an option whose help is in the catalogue."""
    return click.option(*names, cls=SaidOption, word=word, **rest)


class _Said:
    """Help from the catalogue, under `help.` and the command's full name."""

    path: str

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the line that stands for the command in the list of commands."""
        return say(f"help.{self.path}", language_of(click.get_current_context(silent=True)))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(say(f"help.{self.path}", language_of(ctx)))
            if self.path in EXAMPLES:
                formatter.write_paragraph()
                formatter.write_text(f"$ {EXAMPLES[self.path]}")


class SaidCommand(_Said, click.Command):
    """A command whose help is in the catalogue."""

    def __init__(self, name: str, *, path: str | None = None, **rest: Any) -> None:
        super().__init__(name, **rest)
        self.path = path or name


class SaidGroup(_Said, click.Group):
    """A group of commands whose help is in the catalogue."""

    def __init__(self, name: str, *, path: str | None = None, **rest: Any) -> None:
        super().__init__(name, **rest)
        self.path = path or name


def command(name: str, path: str | None = None) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a command whose help is in the catalogue; *path* is its full name, where it has two words."""
    return click.command(name, cls=SaidCommand, path=path or name)


def choices(type_name: str, path: str) -> click.Choice[str]:
    """Return the words that a field of a record type may hold."""
    field = REGISTRY[type_name].field(path)
    kind = field.kind.of if field and isinstance(field.kind, SetOf) else field and field.kind
    assert isinstance(kind, Choice)
    return click.Choice(list(kind.options))


# ----------------------------------------------------------------------------------- the session


@dataclass(frozen=True)
class Console:
    """One run of a command: where the store is, how to open it, how to answer."""

    store: Path
    pin_file: Path | None
    lang: Lang
    as_json: bool

    @contextmanager
    def client(self, server: str | None = None) -> Iterator[FieldClient]:
        """Open the store; without *server* it must have been signed in before."""
        if server is None and not self.store.exists():
            raise NotSignedInError
        vault = self.vault()
        key = vault.unlock(self.pin()) if vault.is_locked() else None
        store = Store.open(self.store, REGISTRY, new_id(), key)
        transport = HttpTransport(
            server or store.identity().server, time.sleep, random.random, self.lang
        )
        wiped = False
        try:
            yield FieldClient(
                store, transport, clock=now, new_bytes=os.urandom, today=business_date()
            )
        except DeviceWipedError:
            wiped = True
            vault.destroy()
            raise
        finally:
            transport.close()
            store.close()
            if wiped:
                remove_store(self.store)

    def vault(self) -> Vault:
        """Return what guards the store's key."""
        return Vault(self.store, now, os.urandom)

    def pin(self) -> str | None:
        """Return the PIN from its file or a prompt; None where nobody can be asked."""
        if self.pin_file is not None:
            return secret_of(self.pin_file)
        if not sys.stdin.isatty():
            return None
        return str(click.prompt(self.say("talk.ask-pin"), hide_input=True, err=True))

    def say(self, key: str, **facts: object) -> str:
        """Return a sentence in the reader's language."""
        return say(key, self.lang, **facts)

    def tell(self, key: str, **facts: object) -> None:
        """Print a sentence for a person; machines get their JSON alone."""
        if not self.as_json:
            click.echo(self.say(key, **facts))

    def show(self, table: Table | None, empty: str = "talk.nothing-here") -> None:
        """Print a table for a person, or a sentence where there is none."""
        if self.as_json:
            return
        if table is None:
            click.echo(self.say(empty))
        else:
            Terminal(width=None if sys.stdout.isatty() else WIDE).print(table)

    def tell_line(self, line: str) -> None:
        """Print a line for a person."""
        if not self.as_json:
            click.echo(line)

    def give(self, value: Json) -> None:
        """Print JSON, where it is asked for."""
        if self.as_json:
            click.echo(json.dumps(value, ensure_ascii=False))


console = click.make_pass_decorator(Console)
"""Give a command the `Console` of its run."""


def now() -> datetime:
    """Return the device's time."""
    return datetime.now(UTC)  # noqa: TID251 - the edge where the device's clock is read


def fen_of(text: str) -> int:
    """Return the fen of an amount typed in yuan."""
    try:
        return typed.fen(text)
    except ValueError as error:
        raise NotPossibleError(reason="not-an-amount", text=text) from error


def new_id() -> str:
    """Return a fresh id."""
    return uuid7(to_millis(now()), os.urandom(10))


def business_date() -> Callable[[], date] | None:
    """Return what stands for today, where `XIANGXIN_BUSINESS_DATE` says so."""
    told = os.environ.get("XIANGXIN_BUSINESS_DATE")
    if not told:
        return None
    fixed = day_of(told)
    return lambda: fixed


def day_of(text: str) -> date:
    """Return the day that *text* names."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotPossibleError(reason="not-a-day", text=text) from error


def secret_of(path: Path) -> str:
    """Return the first line of a file that holds a password or a PIN."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise NotPossibleError(reason="unreadable-file", path=str(path), said=str(error)) from error
    return lines[0] if lines else ""


# --------------------------------------------------------------------------------- the way it ends


def message_of(error: FieldError | XiangxinError, lang: Lang) -> str:
    """Return one clear line: what happened and the next step."""
    if isinstance(error, InvalidInputError):
        declared = REGISTRY.get(error.type_name)
        told = [describe(it, declared, lang) for it in error.faults]
        return ("；" if lang == "zh" else " ").join(dict.fromkeys(told))
    if isinstance(error, NotPossibleError):
        return _filled(f"reason.{error.facts['reason']}", lang, error.facts)
    if isinstance(error, FieldError):
        return _filled(f"fault.{error.key}", lang, error.facts)
    title = say_of_server(f"title.{error.code}", lang)
    detail = error.detail or say_of_server(f"detail.{error.code}", lang)
    return f"{title}{'。' if lang == 'zh' else '. '}{detail}"


def _filled(key: str, lang: Lang, facts: Mapping[str, Any]) -> str:
    return say(key, lang, **{"": "", **facts})


def status_of(error: FieldError | XiangxinError) -> int:
    """Return the exit status: 2 for a command misused, 1 for what failed."""
    misused = isinstance(error, InvalidInputError) or error_reason(error) in MISUSE
    return 2 if misused else 1


def error_reason(error: FieldError | XiangxinError) -> str | None:
    """Return the reason of a `NotPossibleError`."""
    return error.facts["reason"] if isinstance(error, NotPossibleError) else None


def run(command: click.Command, arguments: list[str], name: str) -> int:
    """Run a command and return its exit status; whatever goes wrong is one line on stderr."""
    lang = language(_given_language(arguments))
    try:
        return int(command.main(arguments, prog_name=name, standalone_mode=False) or 0)
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else name
        line = f"{error.format_message()} {say('talk.usage', lang, command=path)}"
        return _end(line, 2)
    except click.ClickException as error:
        return _end(error.format_message(), 1)
    except click.Abort:
        return _end("", 1)
    except (FieldError, XiangxinError) as error:
        return _end(message_of(error, lang), status_of(error))


def _end(line: str, status: int) -> int:
    click.echo(" ".join(line.split()), err=True)
    return status


def _given_language(arguments: list[str]) -> str | None:
    for place, word in enumerate(arguments):
        if word == "--lang" and place + 1 < len(arguments):
            return arguments[place + 1]
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return None
