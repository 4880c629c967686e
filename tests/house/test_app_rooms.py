"""The rooms of the tablet app (docs/architecture.md): who may import whom, and who may touch what."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from tests.places import REPOSITORY

SOURCES = REPOSITORY / "field_client" / "app" / "src"

MAY_IMPORT = {
    "generated": {"schemas"},
    "schemas": {"generated"},
    "lending": {"schemas"},
    "i18n": {"schemas"},
    "components": {"i18n", "schemas"},
    # These two know each other: a round trip stores what it is given, a store keeps sets and sums.
    "sync": {"generated", "schemas", "store"},
    "store": {"schemas", "sync"},
    "work": {"lending", "schemas", "store", "sync"},
    "screens": {
        "components", "generated", "i18n", "lending", "schemas", "shell", "store", "sync", "work",
    },
    "shell": {
        "components", "generated", "i18n", "lending", "schemas", "screens", "store", "sync", "work",
    },
    "styles": set(),
}  # fmt: skip

IMPORTED = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""")
STORAGE = re.compile(r"\bindexedDB\b|crypto\.subtle\b|navigator\.storage\b|from \"idb\"")
SCREEN = re.compile(r"\b(?:document|localStorage|navigator)\.|\bfrom \"preact")
PURE = ("lending", "schemas", "sync")


def modules(room: str) -> Iterator[tuple[str, str]]:
    """Give the name and the text of every module of a room that is no test."""
    for path in sorted((SOURCES / room).rglob("*.ts*")):
        if ".test." not in path.name:
            yield path.relative_to(SOURCES).as_posix(), path.read_text("utf-8")


def rooms_named_in(module: str, text: str) -> set[str]:
    folder = PurePosixPath(module).parent
    reached = [(SOURCES / folder / it).resolve() for it in IMPORTED.findall(text)]
    return {it.relative_to(SOURCES.resolve()).parts[0] for it in reached}


def test_every_room_of_the_app_is_known() -> None:
    assert {it.name for it in SOURCES.iterdir() if it.is_dir()} - {"generated"} == (
        MAY_IMPORT.keys() - {"generated"}
    )


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_a_room_of_the_app_imports_only_what_it_may(room: str) -> None:
    strays = {
        name: sorted(found)
        for name, text in modules(room)
        if (found := rooms_named_in(name, text) - MAY_IMPORT[room] - {room})
    }

    assert strays == {}


@pytest.mark.parametrize("room", sorted(MAY_IMPORT.keys() - {"store"}))
def test_only_the_store_touches_what_is_kept(room: str) -> None:
    assert [name for name, text in modules(room) if STORAGE.search(text)] == []


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_knows_no_page(room: str) -> None:
    assert [name for name, text in modules(room) if SCREEN.search(text)] == []
