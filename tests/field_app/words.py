"""What the tablet app says, read from its own catalogues: the driver looks for what people read."""

from __future__ import annotations

import json
import re
from functools import cache

from schemas.registry import REGISTRY
from tests.field_app.pages import APP

LANGUAGES = ("en", "zh")
TEXT = r'("(?:[^"\\]|\\.)*")'
ENTRY = re.compile(rf'(?:"([\w.]+)"|(\w+)): \{{\s*en: {TEXT},\s*zh: {TEXT},?\s*\}}')
PLACE = re.compile(r"\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}")


@cache
def catalogue(place: str) -> dict[str, dict[str, str]]:
    """Return the catalogue of a folder of the app, such as `screens/today` or `components`.

    Raises:
        AssertionError: An entry is written in a way that is not known here.
    """
    source = (APP / "src" / place / "words.ts").read_text()
    found = {
        quoted or bare: {"en": json.loads(en), "zh": json.loads(zh)}
        for quoted, bare, en, zh in ENTRY.findall(source)
    }
    assert len(found) == len(re.findall(r"\ben: ", source)), place
    return found


def places() -> list[str]:
    """Return the folders that have a catalogue."""
    root = APP / "src"
    files = sorted(it for it in root.rglob("words.ts") if it.parent.name not in ("generated",))
    return [str(it.parent.relative_to(root)) for it in files if "satisfies Words" in it.read_text()]


def say(lang: str, place: str, key: str, **facts: str | int) -> str:
    """Return a sentence as the app puts it."""
    sentence = catalogue(place)[key][lang]

    def fact(found: re.Match[str]) -> str:
        value = facts[found[1]]
        if found[2] is None:
            return str(value)
        return found[2] if value == 1 else found[3]

    return PLACE.sub(fact, sentence)


def title(lang: str, type_name: str, field: str) -> str:
    """Return what people call a field."""
    declared = REGISTRY.get(type_name)
    found = declared.field(field) if declared else None
    assert found is not None, (type_name, field)
    return found.label.en if lang == "en" else found.label.zh
