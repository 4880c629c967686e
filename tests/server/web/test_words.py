"""Every sentence is in the catalogue, in both languages, and in no template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from schemas.conflict import RESOLUTIONS
from schemas.derived.day_close import WHYS
from schemas.handover import STATES as HANDOVER_STATES
from server.web import words
from server.web.words import CATALOGUE, tell
from tests.places import REPOSITORY

WEB = REPOSITORY / "server" / "web"
TEMPLATES = sorted((WEB / "templates").glob("*.html"))
MODULES = sorted(it for it in WEB.glob("*.py") if not it.name.endswith("words.py"))
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
TAG = re.compile(r"<[^>]*>", re.DOTALL)
SPOKEN_ATTRIBUTE = re.compile(r'\b(?:aria-label|title|alt|placeholder|data-l)="([^"]*)"')
KEY = re.compile(r'"([a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)*)"|\'([a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)*)\'')
CALL = re.compile(r"\bt\(\s*[\"']([^\"'{]+)[\"']\s*([,)~])")
WISHES = ("lock", "unlock", "wipe")
PARTS = ("notes", "appraisals", "answers", "rulings")
BUILT = {
    "watch.": (
        "audited",
        "never-audited",
        "far-from-home",
        "too-short",
        "photo-reused",
        "clock-jumped",
        "gap",
        "cash-unsettled",
    ),
    "watch.rule.": ("W12", "W16", "W17", "audit"),
    "watch.how.": ("W12", "W16", "W17", "audit"),
    "severity.": ("yellow", "orange", "red"),
    "value-date.": ("ahead", "late", "before-receipt", "after-close"),
    "day.why.": WHYS,
    "day.reported.": ("reported", "waiting", "silent", "never"),
    "aside.": ("create", "update", "delete"),
    "aside.show.": ("waiting", "withdrawn"),
    "tablets.": WISHES,
    "tablets.state.": ("active", "locked", "wiped"),
    "tablets.ask.": WISHES,
    "tablets.what.": WISHES,
    "tablets.done.": WISHES,
    "arrears.over.": ("0", "30", "90", "restructured"),
    "conflicts.": ("open", "settled"),
    "settled.": tuple(RESOLUTIONS.options),
    "handover.state.": tuple(HANDOVER_STATES.options),
    "handover.do.": (*PARTS, "open", "cancel", "sign"),
    "handover.hint.": PARTS,
    "handover.said.": (*PARTS, "open", "cancel", "sign"),
}
"""Keys that a template puts together: the beginning, and every end."""


def asked_for() -> Iterator[str]:
    """Give every key that a page asks for."""
    for path in (*TEMPLATES, *MODULES):
        for key, then in CALL.findall(path.read_text()):
            if then == "~":
                yield from (key + end for end in BUILT[key])
            else:
                yield key


def test_what_a_page_says_is_in_the_catalogue() -> None:
    assert set(asked_for()) - set(CATALOGUE) == set()


def test_nothing_in_the_catalogue_is_never_said() -> None:
    everything = "".join(it.read_text() for it in (*TEMPLATES, *MODULES))
    quoted = {a or b for a, b in KEY.findall(everything)}
    built = {start + end for start, ends in BUILT.items() for end in ends}
    whats = {key for key in CATALOGUE if key.removesuffix(".what") in quoted}
    unsaid = {it for it in CATALOGUE if it.removesuffix(".one") not in quoted | built | whats}

    assert unsaid == set()


def test_both_languages_say_the_same_facts() -> None:
    whole = {key: it for key, it in CATALOGUE.items() if not key.endswith(".one")}

    assert [key for key, it in whole.items() if not it.en or not (it.zh or key == "gap")] == []
    assert [key for key, it in whole.items() if facts(it.en) != facts(it.zh)] == []


def test_a_singular_says_no_more_than_its_plural() -> None:
    ones = {key: it for key, it in CATALOGUE.items() if key.endswith(".one")}

    assert [key for key, it in ones.items() if it.zh] == []
    assert [
        key
        for key, it in ones.items()
        if not facts(it.en) <= facts(CATALOGUE[key.removesuffix(".one")].en)
    ] == []


def facts(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize(
    ("lang", "forbidden"),
    [
        ("en", r"(?i)\b(error|failed|failure|invalid|oops)\b|!"),
        ("zh", r"[!！]|错误|失败|无效|你"),
        (
            "zh",
            r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]",
        ),  # no blank between scripts
        ("zh", r"[\u4e00-\u9fff][,;:?()]"),  # half-width punctuation
    ],
)
def test_sentences_keep_to_the_house_words(lang: str, forbidden: str) -> None:
    said = {key: it.en if lang == "en" else it.zh for key, it in CATALOGUE.items()}

    assert [key for key, it in said.items() if re.search(forbidden, it)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda it: it.name)
def test_no_template_holds_a_sentence(path: Path) -> None:
    source = JINJA.sub("", path.read_text())
    spoken = [*SPOKEN_ATTRIBUTE.findall(source), TAG.sub(" ", source)]
    letters = [found for it in spoken for found in re.findall(r"[^\W\d_]{2,}", it)]

    assert letters == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda it: it.name)
def test_no_template_holds_script_or_style(path: Path) -> None:
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", path.read_text())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda it: it.name)
def test_nothing_typed_by_people_goes_out_unescaped(path: Path) -> None:
    unsafe = re.findall(r"\{\{[^}]*\|\s*safe[^}]*\}\}", path.read_text())

    assert unsafe in ([], ["{{ PATHS[name] | safe }}"])


def test_english_has_singulars_and_chinese_does_not() -> None:
    assert tell("todo.conflicts", "en", n=1) == "1 conflict"
    assert tell("todo.conflicts", "en", n=2) == "2 conflicts"
    assert tell("todo.conflicts", "zh", n=1) == "1 个冲突"


def test_a_missing_sentence_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        words.tell("no-such-sentence", "en")
