"""The catalogue: every sentence in both languages, and a sentence for all that the code can say."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas import words
from schemas.declare import SERVER
from schemas.messages import Fault
from schemas.problems import CATALOGUE as PROBLEMS
from schemas.registry import REGISTRY
from schemas.words import CATALOGUE, FAULTS, NOTICES, REASONS, RULES, fault_message, label_of, say

ROOMS = ("schemas", "sync", "server")
CHANGE_CODES = [
    "bad-change",
    "unknown-type",
    "unknown-field",
    "invalid-value",
    "required",
    "create-only",
    "unknown-record",
    "out-of-scope",
    "has-children",
    "not-permitted",
    "invalid-transition",
    "group-incomplete",
    "depends-on-rejected",
    "too-large",
    "unreadable",
    "withdrawn",
    "device-locked",
]
MEMBER_REASONS = {"missing-member", "null-member", "unknown-member", "not-a-list", "not-an-object"}
SAYS_FAULT = {
    "Fault": (2, 3, 4),
    "Problem": (1, 2, 3),
    "fault": (1, 3, 4),
    "Needs": (None, 2, None),
    "OneOf": (None, 2, None),
    "Before": (None, 2, None),
}
"""Where a call names code, reason and rule."""


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield every call in the code by the function's name; only what comes from `schemas`."""
    for room in ROOMS:
        for file in sorted(Path(room).rglob("*.py")):
            tree = ast.parse(file.read_text("utf-8"))
            imported = {
                name.name
                for it in ast.walk(tree)
                if isinstance(it, ast.ImportFrom) and (it.module or "").startswith("schemas")
                for name in it.names
            }
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    if node.func.id in imported:
                        yield node.func.id, node
                elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    name = node.func.attr
                    yield name if name != "fault" or room == "sync" else "another's", node


def constants(node: ast.AST | None) -> set[str]:
    """Return the strings that an argument may be: a constant, or one of an `x if … else y`."""
    if isinstance(node, ast.IfExp):
        return constants(node.body) | constants(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def named(place: int) -> set[str]:
    """Return every code (0), reason (1) or rule (2) that a fault is made with somewhere."""
    keyword = ("code", "reason", "rule")[place]
    found: set[str] = set()
    for name, call in calls():
        if name in SAYS_FAULT:
            position = SAYS_FAULT[name][place]
            if position is not None and position < len(call.args):
                found |= constants(call.args[position])
            found |= {c for it in call.keywords if it.arg == keyword for c in constants(it.value)}
    return found


def predicates() -> set[str]:
    """Return every reason that a kind's predicate gives."""
    tree = ast.parse(Path("schemas/declare.py").read_text("utf-8"))
    names = {"problem", "problem_of_edit", "text_problem"}
    functions = (
        it for it in ast.walk(tree) if isinstance(it, ast.FunctionDef) and it.name in names
    )
    returns = (it for one in functions for it in ast.walk(one) if isinstance(it, ast.Return))
    return {c for it in returns for c in constants(it.value)}


def test_the_change_level_codes_are_the_protocols() -> None:
    assert sorted(FAULTS) == sorted(CHANGE_CODES)
    assert named(0) <= set(FAULTS)


def test_every_reason_that_is_given_somewhere_has_a_sentence() -> None:
    assert len(predicates()) > 15, "the scan still finds them"
    assert {"place-or-reason", "village-or-customer"} <= named(1), "those of the checks as well"
    assert named(1) | predicates() | MEMBER_REASONS <= set(REASONS)


def test_every_rule_that_is_named_somewhere_has_a_sentence() -> None:
    assert named(2) <= set(RULES)
    assert {f"SOD-{n}" for n in range(1, 14)} | {"RSP-1", "RSP-2"} <= set(RULES)


def test_every_problem_has_a_title_and_says_what_to_do_next() -> None:
    assert sorted(words.TITLES) == sorted(words.DETAILS) == sorted(PROBLEMS)
    for code, kind in PROBLEMS.items():
        assert kind.title, code


def test_every_key_that_is_said_somewhere_is_in_the_catalogue() -> None:
    said = {
        call.args[0].value
        for name, call in calls()
        if name == "say" and call.args and isinstance(call.args[0], ast.Constant)
    }

    assert said <= set(CATALOGUE)


@pytest.mark.parametrize("key", CATALOGUE)
def test_a_sentence_is_calm_and_there_in_both_languages(key: str) -> None:
    label = CATALOGUE[key]

    assert label.en.strip()
    assert label.zh.strip()
    assert label.en.isascii()
    assert not label.zh.isascii()
    for blame in ("error", "fail", "invalid", "illegal", "!", "wrong value"):
        assert blame not in label.en.lower(), blame
    for blame in ("错误", "失败", "非法", "无效", "！"):
        assert blame not in label.zh, blame
    assert not set(",;:?") & set(label.zh), "full-width punctuation in Chinese"
    if not key.startswith("title."):
        assert label.en.endswith(".")
        assert label.zh.endswith("。")


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_a_sentence_takes_in_its_facts(lang: words.Lang) -> None:
    assert "86400" in say("notice.clock-skew", lang, seconds=86400)
    assert list(NOTICES) == ["clock-skew"]


def test_a_key_that_is_not_there_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        say("reason.nothing", "en")


@pytest.mark.parametrize(
    ("code", "reason", "rule", "label", "lang", "message"),
    [
        ("not-permitted", None, "SOD-8", None, "en", RULES["SOD-8"].en),
        ("invalid-value", "not-date", None, None, "zh", REASONS["not-date"].zh),
        ("required", None, None, "Phone", "en", "Phone: Please fill this in."),
        ("required", None, None, "电话", "zh", "电话：请填写此项。"),
        ("required", "of-a-later-version", None, None, "en", FAULTS["required"].en),
        ("of-a-later-version", None, None, None, "en", FAULTS["bad-change"].en),
    ],
)
def test_there_is_always_a_message(
    code: str,
    reason: str | None,
    rule: str | None,
    label: str | None,
    lang: words.Lang,
    message: str,
) -> None:
    assert fault_message(code, reason, rule, label, lang) == message


@pytest.mark.parametrize(
    ("type_name", "path", "label"),
    [
        ("customer", "phone", "Phone"),
        (
            "customer",
            "home",
            "Latitude of the home, Longitude of the home, Accuracy of the home point",
        ),
        ("customer", "assets.a1.value_fen", "Assets a1 Value"),
        ("customer", "nothing", None),
    ],
)
def test_a_field_a_group_and_a_leaf_have_a_label(
    type_name: str, path: str, label: str | None
) -> None:
    assert label_of(REGISTRY[type_name], path, "en") == label


@pytest.mark.parametrize(
    ("fault", "lang", "message"),
    [
        (
            Fault(0, "phone", "invalid-value", "wrong-form"),
            "en",
            "Phone: Digits only, 7 to 15 of them",
        ),
        (Fault(0, "phone", "invalid-value", "wrong-form"), "zh", "电话：只填数字，7 至 15 位"),
        (Fault(0, "phone", "required"), "zh", "电话：请填写此项。"),
        (Fault(0, "phone", "invalid-value", rule="SOD-8"), "en", "Phone: " + RULES["SOD-8"].en),
        (Fault(None, None, "withdrawn"), "en", FAULTS["withdrawn"].en),
    ],
)
def test_a_fault_of_a_record_is_told_with_its_label_and_hint(
    fault: Fault, lang: words.Lang, message: str
) -> None:
    assert words.describe(fault, REGISTRY["customer"], lang) == message


def test_the_server_is_no_role_of_a_person() -> None:
    assert SERVER not in {role for it in REGISTRY.types.values() for role in it.made_by}
