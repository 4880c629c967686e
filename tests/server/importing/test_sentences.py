"""Everything that the import says, it says in both languages."""

from __future__ import annotations

import re

import pytest

from schemas.declare import Label
from server.importing.sentences import REASONS, TALK, TROUBLES, Trouble, language_of, reason
from tests.places import REPOSITORY

SOURCES = [it.read_text("utf-8") for it in (REPOSITORY / "server" / "importing").glob("*.py")]
HAN = re.compile("[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")


@pytest.mark.parametrize(
    "catalogue", [REASONS, TALK, TROUBLES], ids=["reasons", "talk", "troubles"]
)
def test_both_sides_say_the_same(catalogue: dict[str, Label]) -> None:
    for key, label in catalogue.items():
        assert HAN.search(label.zh) or not re.search("[a-z]", label.en), key
        assert set(PLACEHOLDER.findall(label.en)) == set(PLACEHOLDER.findall(label.zh)), key


def test_every_reason_in_the_code_has_its_sentence() -> None:
    named = {
        key
        for source in SOURCES
        for form in (
            r'UnreadableError\(\s*"([a-z-]+)"',
            r'\.(?:fault|warn)\([^,()]+,\s*"([a-z-]+)"',
            r'Finding\([^)]*?"([a-z]+-[a-z-]+)"',
        )
        for key in re.findall(form, source)
    }

    assert len(named) > 30
    assert named <= {*REASONS, "too-large"}


def test_no_trouble_is_without_words() -> None:
    named = {key for source in SOURCES for key in re.findall(r'Trouble\(\s*"([a-z-]+)"', source)}

    assert named == set(TROUBLES)


def test_no_word_is_without_use() -> None:
    code = "\n".join(SOURCES).replace("'", '"')
    code += "".join(f'"unknown-{it}"' for it in ("village", "officer", "product"))

    assert [it for it in (*REASONS, *TALK) if code.count(f'"{it}"') < 2] == []


def test_a_reason_of_the_house_is_said_in_its_words() -> None:
    assert reason("too-long", {}, "zh") == "内容过长，请缩短。"
    assert reason("not-permitted", {}, "en")
    assert reason("never-heard-of", {}, "en")


@pytest.mark.parametrize(
    ("env", "lang"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_TW"}, "zh"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_is_that_of_the_terminal(env: dict[str, str], lang: str) -> None:
    assert language_of(env) == lang


def test_a_trouble_can_be_told_to_anybody() -> None:
    trouble = Trouble("no-branch", code="XX")

    assert str(trouble) == "There is no branch with the code XX."
    assert trouble.tell("zh") == "没有代码为 XX 的支行。"
