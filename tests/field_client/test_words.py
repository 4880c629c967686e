"""Whatever the field client says, it says in both languages, and every key that the code uses is there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import click
import pytest

import field_client
from field_client import faults, words
from field_client.cli import cli
from field_client.console import MISUSE, SaidCommand, SaidGroup, SaidOption, message_of
from field_client.faults import FieldError, InvalidInputError, NotPossibleError
from field_client.sets import STATES
from field_client.words import CATALOGUE, EXAMPLES, say, yuan
from schemas.messages import Fault
from schemas.problems import StartOverError

ROOT = Path(field_client.__file__).parent
SOURCES = sorted(it for it in ROOT.rglob("*.py") if "app" not in it.parts and it.name != "tour.py")
BAD_PHONE = Fault(None, "phone", "invalid-value", "wrong-form")
HAN = re.compile("[\u4e00-\u9fff]")


def texts() -> Iterator[str]:
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    for name, one in group.commands.items():
        yield " ".join((*path, name)), one
        if isinstance(one, click.Group):
            yield from commands(one, (*path, name))


@pytest.mark.parametrize("key", CATALOGUE)
def test_a_sentence_is_in_both_languages_and_names_the_same_facts(key: str) -> None:
    label = CATALOGUE[key]
    facts = [
        {name for _, name, _, _ in Formatter().parse(it) if name} for it in (label.en, label.zh)
    ]

    assert not HAN.search(label.en)
    assert HAN.search(label.zh) or key in ("talk.ask-pin",)
    assert facts[0] == facts[1]
    assert not re.search(r"\berror\b|\bfailed\b|\binvalid\b|!", label.en), "no blame, no alarm"


def test_every_key_that_the_code_says_is_in_the_catalogue() -> None:
    prefixes = {key.partition(".")[0] for key in CATALOGUE}
    said = {
        it
        for it in texts()
        if re.fullmatch(r"[a-z]+\.[a-z-]+", it) and it.partition(".")[0] in prefixes
    }
    actions = {"visit.start", "visit.finish"}

    assert said - actions <= CATALOGUE.keys()


def test_every_kind_of_fault_and_reason_has_its_sentence() -> None:
    kinds = [
        it for it in vars(faults).values() if isinstance(it, type) and issubclass(it, FieldError)
    ]
    keys = {it.key for it in kinds if "key" in vars(it)} - {
        NotPossibleError.key,
        InvalidInputError.key,
    }
    source = "".join(it.read_text("utf-8") for it in SOURCES)
    reasons = set(re.findall(r'reason="([a-z0-9-]+)"', source)) | MISUSE

    assert keys == words.FAULTS.keys()
    assert reasons <= words.REASONS.keys()


def test_every_reason_is_given_by_some_code() -> None:
    source = "".join(it.read_text("utf-8") for it in SOURCES if it.name != "words.py")

    assert [it for it in words.REASONS if f'"{it}"' not in source] == []


def test_every_command_and_option_has_its_help() -> None:
    for path, one in [("xiangxin-field", cli), *commands(cli)]:
        assert isinstance(one, SaidCommand | SaidGroup)
        assert one.path == path
        assert f"help.{path}" in CATALOGUE
        assert isinstance(one, click.Group) or path in EXAMPLES
        for parameter in one.params:
            if isinstance(parameter, click.Option):
                assert isinstance(parameter, SaidOption), parameter
                assert f"option.{parameter.word}" in CATALOGUE
    assert {it.removeprefix("help.") for it in CATALOGUE if it.startswith("help.")} == {
        "xiangxin-field", *(path for path, _ in commands(cli)),
    }  # fmt: skip


def test_the_five_states_have_the_same_words_everywhere() -> None:
    assert [(say(f"state.{it}", "en"), say(f"state.{it}", "zh")) for it in STATES] == [
        ("Draft", "草稿"),
        ("Ready", "待发送"),
        ("Sent", "已发送"),
        ("Accepted", "已接受"),
        ("Needs attention", "需处理"),
    ]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NotPossibleError(reason="amount-needed"), "Enter the amount received."),
        (InvalidInputError("customer", [BAD_PHONE]), "Phone: Digits only, 7 to 15 of them"),
        (faults.OfflineError(server="http://x", said="cut"), "No connection to http://x (cut)."),
        (StartOverError(), "Cursor is too old. "),
    ],
)  # fmt: skip
def test_what_went_wrong_is_one_clear_line(error: FieldError, said: str) -> None:
    assert message_of(error, "en").startswith(said)


@pytest.mark.parametrize(
    ("fen", "written"),
    [(0, "¥0.00"), (5, "¥0.05"), (460_000, "¥4,600.00"), (-123_456, "-¥1,234.56")],
)
def test_money_is_written_in_one_way(fen: int, written: str) -> None:
    assert yuan(fen) == written
