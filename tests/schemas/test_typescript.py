"""The tablet app's sources: complete, the same every time, and written only where they changed."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from schemas import limits, plain, typescript, words
from schemas.changes import leaves
from schemas.checks import Before, Needs, OneOf, When
from schemas.declare import Field, Kind, Label, Problem, RecordType, Registry, Text
from schemas.registry import REGISTRY

SOURCES = typescript.sources(REGISTRY)
TYPES: dict[str, Any] = {
    name: json.loads(document)
    for name, document in re.findall(
        r'^  "(\w+)": (\{.*\}),$', SOURCES["registry.ts"], re.MULTILINE
    )
}


def exported(source: str) -> set[str]:
    return set(re.findall(r"^export (?:const|interface|type) (\w+)", SOURCES[source], re.MULTILINE))


def test_every_file_says_where_it_comes_from_and_ends_with_a_line_end() -> None:
    assert sorted(SOURCES) == [
        "labels_en.ts", "labels_later_en.ts", "labels_later_zh.ts", "labels_zh.ts", "limits.ts",
        "packed.ts", "packed_later.ts", "records.ts", "registry.ts", "words.ts",
    ]  # fmt: skip

    for text in SOURCES.values():
        assert text.startswith("// Made from schemas/; never edited.\n\n")
        assert text.endswith("\n")
        assert not text.endswith("\n\n")


def test_the_same_declarations_give_the_same_bytes_in_every_process() -> None:
    program = (
        "import hashlib, schemas.registry as r, schemas.typescript as t;"
        "it = ''.join(f'{k}{v}' for k, v in t.sources(r.REGISTRY).items());"
        "import sys; sys.stdout.write(hashlib.sha256(it.encode()).hexdigest())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    ]

    assert runs[0] == runs[1]


def test_every_record_type_is_there_with_all_its_fields_and_checks() -> None:
    assert f"export const SCHEMA = {REGISTRY.schema};" in SOURCES["registry.ts"]
    assert list(TYPES) == list(REGISTRY.types)
    for name, declared in REGISTRY.types.items():
        document = TYPES[name]

        assert document == plain.type_json(declared)
        assert list(document["fields"]) == [it.name for it in declared.fields]
        assert len(document["checks"]) == len(declared.checks)


def test_every_record_type_has_an_interface_with_all_its_fields() -> None:
    source = SOURCES["records.ts"]
    shapes = dict(re.findall(r"^export interface (\w+) \{\n(.*?)^\}", source, re.M | re.DOTALL))
    listed = re.findall(r"readonly (\w+): (\w+);", shapes.pop("Records"))

    assert [name for name, _ in listed] == list(REGISTRY.types)
    assert [shape for _, shape in listed] == list(shapes)
    for name, shape in listed:
        paths = {path.replace("*", "${string}") for path, _ in leaves(REGISTRY[name])}
        said = re.findall(r"^  readonly (?:\[path: `(.+)`\]|(\w+)\?): ", shapes[shape], re.M)

        assert {leaf or field for leaf, field in said} == paths


@pytest.mark.parametrize(
    ("line"),
    [
        'readonly gender?: "f" | "m" | null;',
        "readonly household_size?: number | null;",
        "readonly [path: `assets.${string}.value_fen`]: number | null;",
        "readonly tags?: readonly string[] | null;",
        'readonly security?: readonly ("unsecured" | "group" | "guarantor" | "collateral")[] | null;',
        "readonly [path: `answers.${string}.value`]: string | number | boolean"
        " | readonly string[] | null;",
        "readonly base_value?: Json | null;",
        "readonly chosen?: { readonly device: string | null; readonly number: number | null } | null;",
    ],
)
def test_a_field_has_the_type_of_its_values(line: str) -> None:
    assert f"  {line}\n" in SOURCES["records.ts"]


def test_every_sentence_is_there() -> None:
    assert exported("words.ts") == {*typescript.CATALOGUES, "ProblemCode"}
    said = {
        (key, it.en, it.zh) for them in typescript.CATALOGUES.values() for key, it in them.items()
    }
    for key, label in words.CATALOGUE.items():
        assert (key.partition(".")[2], label.en, label.zh) in said
        assert json.dumps(label.zh, ensure_ascii=False) in SOURCES["words.ts"]


def test_every_limit_is_there() -> None:
    assert exported("limits.ts") == {name for name in vars(limits) if name.isupper()}
    assert f"export const SET_BYTES = {limits.SET_BYTES};\n" in SOURCES["limits.ts"]


def test_a_file_that_has_not_changed_is_not_touched(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "generated"
    assert typescript.main([str(folder)]) == 0
    for name, text in SOURCES.items():
        assert (folder / name).read_bytes() == text.encode()
        os.utime(folder / name, (0, 0))
    (folder / "limits.ts").write_text("old")

    assert typescript.main([str(folder)]) == 0

    assert (folder / "registry.ts").stat().st_mtime == 0
    assert (folder / "limits.ts").read_bytes() == SOURCES["limits.ts"].encode()


@pytest.mark.parametrize("arguments", [[], ["a", "b"]])
def test_it_takes_one_folder(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert typescript.main(arguments) == 2
    assert "FOLDER" in capsys.readouterr().err


# --------------------------------------------------------------------- what can be written out at all


@pytest.mark.parametrize("declared", REGISTRY.types.values(), ids=lambda it: str(it.name))
def test_every_declared_check_is_data_about_declared_fields(declared: RecordType) -> None:
    for check in declared.checks:
        document = plain.check_json(check)
        when = document.get("when", {})
        named = [
            *document.get("fields", []),
            *(document[it] for it in ("at", "first", "then") if it in document),
            *when.get("is", {}),
            *when.get("has", []),
            *when.get("lacks", []),
        ]

        assert all(declared.field(it) for it in named)
        assert document["reason"] is None or document["reason"] in words.REASONS
        for name, options in when.get("is", {}).items():
            field = declared.field(name)
            assert field is not None
            assert [it for it in options if it and field.kind.problem(it)] == []


@pytest.mark.parametrize(
    ("check", "document"),
    [
        (
            Needs(("a", "b"), When({"c": ("x", None)}, ("d",), ("e",)), "why"),
            {
                "check": "needs",
                "fields": ["a", "b"],
                "when": {"is": {"c": ["x", None]}, "has": ["d"], "lacks": ["e"]},
                "reason": "why",
            },
        ),
        (
            Needs(("a",), When()),
            {"check": "needs", "fields": ["a"], "when": {}, "reason": None},
        ),
        (
            OneOf(("a", "b"), "b", "why"),
            {"check": "one_of", "fields": ["a", "b"], "at": "b", "reason": "why"},
        ),
        (
            Before("a", "b", "why"),
            {"check": "before", "first": "a", "then": "b", "reason": "why"},
        ),
    ],
)
def test_a_check_is_written_out_as_it_is_declared(check: Any, document: dict[str, Any]) -> None:
    assert plain.check_json(check) == document


def test_a_check_that_is_no_data_is_not_written_out() -> None:
    def strict(fields: Any) -> Problem | None:
        return None

    declared = RecordType("a", Label("A", "甲"), (), made_by=(), checks=(strict,))

    with pytest.raises(TypeError, match="no data"):
        typescript.sources(Registry([declared]))


def test_a_kind_that_the_tablet_does_not_know_is_not_written_out() -> None:
    class Odd(Kind):
        """Not one of ours."""

    class OddText(Text):
        """Ours, and written out as what it is."""

    declared = RecordType("a", Label("A", "甲"), (Field("b", Label("B", "乙"), Odd()),), made_by=())

    assert plain.kind_json(OddText()) == plain.kind_json(Text())
    with pytest.raises(TypeError, match="does not know"):
        typescript.sources(Registry([declared]))
