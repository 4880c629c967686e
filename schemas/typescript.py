"""The tablet app's sources that follow from the declarations: `python -m schemas.typescript FOLDER`.

The same declarations give the same bytes; a file whose content is as it was is not touched, so that
whoever watches the folder sees a change only where there is one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from schemas import limits, packing, plain, words
from schemas.declare import (
    AnyJson,
    Choice,
    Field,
    Flag,
    FreeObject,
    Integer,
    KeyedMap,
    Kind,
    Label,
    ListOf,
    Record,
    RecordType,
    Registry,
    Value,
)
from schemas.registry import REGISTRY
from schemas.steps import Divided, Renamed

Json = Any

HEADER = "// Made from schemas/; never edited.\n"
FIRST = (
    "org_unit", "user", "product", "checklist", "device", "assignment", "customer",
    "household_member", "loan", "installment", "repayment", "visit", "inspection_note",
    "interaction", "task", "attachment", "conflict",
)  # fmt: skip
"""The types that a tablet needs up to Today: the others come behind it, with the screens of work."""
CATALOGUES: Mapping[str, Mapping[str, Label]] = {
    "TITLES": words.TITLES,
    "DETAILS": words.DETAILS,
    "FAULTS": words.FAULTS,
    "REASONS": words.REASONS,
    "RULES": words.RULES,
    "NOTICES": words.NOTICES,
    "REFUSALS": words.REFUSALS,
}
"""What `words.ts` exports, by name."""


def sources(registry: Registry) -> dict[str, str]:
    """Return every source file by its name.

    Raises:
        ValueError: a field was renamed or divided, and the tablet cannot yet show pending sets of before.
    """
    if any(isinstance(it, Renamed | Divided) for it in registry.steps):
        raise ValueError("the tablet's view does not lift sets of an older version")
    first = packing.pack([it for name, it in registry.types.items() if name in FIRST])
    later = packing.pack([it for name, it in registry.types.items() if name not in FIRST])
    made = {
        "registry.ts": _registry_source(registry),
        "packed.ts": _packed_source(first.types, registry.schema),
        "labels_en.ts": _labels_source(first.en),
        "labels_zh.ts": _labels_source(first.zh),
        "packed_later.ts": _packed_source(later.types),
        "labels_later_en.ts": _labels_source(later.en),
        "labels_later_zh.ts": _labels_source(later.zh),
        "records.ts": _records_source(registry),
        "words.ts": _words_source(),
        "limits.ts": _limits_source(),
    }
    return {name: HEADER + text for name, text in made.items()}


def _literal(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _table(rows: Mapping[str, Json]) -> str:
    """Return an object literal with one member a line."""
    lines = (f"  {_literal(key)}: {_literal(it)}," for key, it in rows.items())
    return "\n".join(["{", *lines, "}"])


def _registry_source(registry: Registry) -> str:
    """Return the declarations at their full length: for tests and the gallery, not for the app."""
    types = _table({name: plain.type_json(it) for name, it in registry.types.items()})
    names = " | ".join(_literal(it) for it in registry.types)
    return f"""
import type {{ TypeDoc }} from "../schemas/declare.ts";

export const SCHEMA = {registry.schema};

export type TypeName = {names};

export const TYPES: Readonly<Record<TypeName, TypeDoc>> = {types};
"""


def _packed_source(types: Mapping[str, Json], schema: int | None = None) -> str:
    version = "" if schema is None else f"\nexport const SCHEMA = {schema};\n"
    return f"""
import type {{ PackedType }} from "../schemas/unpacked.ts";
{version}
/** Without what is usual and without words (schemas/packing.py). */
export const PACKED: Readonly<Record<string, PackedType>> = {_table(types)};
"""


def _labels_source(labels: Sequence[str]) -> str:
    lines = "".join(f"  {_literal(it)},\n" for it in labels)
    return f"""
/** In the order in which the declarations are walked. */
export const LABELS: readonly string[] = [
{lines}];
"""


def _words_source() -> str:
    tables = (
        f"\nexport const {name} = "
        + _table({key: plain.label_json(it) for key, it in labels.items()})
        + " as const satisfies Catalogue;\n"
        for name, labels in CATALOGUES.items()
    )
    return f"""
import type {{ Label }} from "../schemas/declare.ts";

type Catalogue = Readonly<Record<string, Label>>;
{"".join(tables)}
/** The codes of the problems that a request may be answered with. */
export type ProblemCode = keyof typeof TITLES;
"""


def _limits_source() -> str:
    numbers = {name: it for name, it in vars(limits).items() if name.isupper()}
    lines = "".join(f"export const {name} = {it};\n" for name, it in numbers.items())
    return f"\n{lines}"


# --------------------------------------------------------------------------------------- records


def _records_source(registry: Registry) -> str:
    shapes = "".join(_record_source(it) for it in registry.types.values())
    names = "".join(f"  readonly {name}: {_interface_name(name)};\n" for name in registry.types)
    return f"""
// A record's fields as they are stored: a field without a value is null, or is not there.

import type {{ Json }} from "../schemas/declare.ts";
{shapes}
export interface Records {{
{names}}}
"""


def _interface_name(type_name: str) -> str:
    return "".join(word.title() for word in type_name.split("_"))


def _record_source(declared: RecordType) -> str:
    members = "".join(f"  {it};\n" for it in _members(declared))
    title = f"{declared.title.en} {declared.title.zh}"
    return f"\n/** {title} */\nexport interface {_interface_name(declared.name)} {{\n{members}}}\n"


def _members(declared: RecordType) -> Iterator[str]:
    for it in declared.fields:
        if isinstance(it, Field):
            yield f"readonly {it.name}?: {_type(it.kind)} | null"
        else:
            yield from _leaf_members(it)


def _leaf_members(declared: KeyedMap) -> Iterator[str]:
    for name, leaf in declared.leaves.items():
        path = f"{declared.name}.${{string}}" + (f".{name}" if name else "")
        yield f"readonly [path: `{path}`]: {_type(leaf.kind)} | null"


def _type(kind: Kind) -> str:
    match kind:
        case Integer():
            return "number"
        case Flag():
            return "boolean"
        case Choice():
            return " | ".join(_literal(it) for it in kind.options)
        case ListOf():
            of = _type(kind.of)
            return f"readonly ({of})[]" if "|" in of else f"readonly {of}[]"
        case Record():
            return f"{{ {'; '.join(_record_members(kind))} }}"
        case Value():
            return "string | number | boolean | readonly string[]"
        case FreeObject():
            return "{ readonly [key: string]: Json }"
        case AnyJson():
            return "Json"
        case _:  # text, dates, instants, ids and references travel as text
            return "string"


def _record_members(kind: Record) -> Iterator[str]:
    for name, it in kind.members.items():
        needed = name in kind.required
        yield f"readonly {name}{'' if needed else '?'}: {_type(it)} | null"


# --------------------------------------------------------------------------------------- the command


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write the files whose content differs from what is in *folder*, and make it if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        path, content = folder / name, text.encode()
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)


def main(arguments: Sequence[str]) -> int:
    """Write the sources into the folder that is named, and return the exit code."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m schemas.typescript FOLDER\n")
        return 2
    write(Path(arguments[0]), sources(REGISTRY))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
