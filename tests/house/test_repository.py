"""What may not stand in the repository, and what has to agree in it."""

import ast
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.places import REPOSITORY

# Written so that this file does not hold what it looks for.
HOME_FOLDER = re.compile(r"(?<![\w.:$}*-])/(?:work|root|home|Users)/\w")
REGISTRY_HOST = re.compile(
    r"\b(?:pypi|pythonhosted|npmjs|npmmirror|yarnpkg|(?:deb|security)\.debian|archive\.ubuntu)"
    r"\.(?:org|com)\b"
)
ASYNC_WAIT = re.compile(r"wait_for_function\(\s*f?\"+\(?async")
ADDRESS_IN_A_LOCK = re.compile(r"://|file:|--(?:extra-)?index-url|--find-links|\"resolved\"")
# In npm's lock `://` also says where a project takes donations.
ADDRESS_IN_AN_NPM_LOCK = re.compile(r"\"resolved\"|file:")

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
RUNTIME = PROJECT["project"]["dependencies"]
DEVELOPMENT = [line for group in PROJECT["dependency-groups"].values() for line in group]

APP = REPOSITORY / "field_client" / "app"
PACKAGE = json.loads((APP / "package.json").read_text())
NPM = PACKAGE["dependencies"] | PACKAGE["devDependencies"]

NO_NOUN = {"util", "utils", "helper", "helpers", "common", "base", "manager", "misc"}
CODE = {".py", ".ts", ".tsx", ".css", ".html"}


def kept_files() -> Iterator[tuple[str, str]]:
    """Give the name and the text of every file that is, or would be, committed."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    for name in listing.split("\0"):
        path = REPOSITORY / name
        if not path.is_file():  # also a file that was removed and not yet committed
            continue
        try:
            yield name, path.read_text()
        except UnicodeDecodeError:
            continue


def found(pattern: re.Pattern[str], in_files: Iterator[tuple[str, str]]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, content in in_files
        for number, line in enumerate(content.splitlines(), start=1)
        if pattern.search(line)
    ]


def locked(lock: str) -> dict[str, str]:
    pins = re.findall(r"^([\w.-]+)==([^\s;]+)", (REPOSITORY / lock).read_text(), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in pins}


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    here = re.compile(f"{HOME_FOLDER.pattern}|{re.escape(str(REPOSITORY))}/")

    assert found(here, kept_files()) == []


def test_no_test_waits_for_a_promise_that_counts_as_yes() -> None:
    """Playwright takes the promise of an async condition for its truth and does not wait at all."""
    assert found(ASYNC_WAIT, kept_files()) == []


def test_no_file_names_a_package_registry() -> None:
    assert found(REGISTRY_HOST, kept_files()) == []


def test_no_lock_says_where_a_package_comes_from() -> None:
    locks = (pair for pair in kept_files() if pair[0].endswith(".lock"))
    npm_locks = (pair for pair in kept_files() if pair[0].endswith("package-lock.json"))

    assert found(ADDRESS_IN_A_LOCK, locks) == []
    assert found(ADDRESS_IN_AN_NPM_LOCK, npm_locks) == []


@pytest.mark.parametrize(
    ("lock", "declared"),
    [("requirements.lock", RUNTIME), ("requirements-dev.lock", RUNTIME + DEVELOPMENT)],
    ids=["runtime", "development"],
)
def test_lock_satisfies_what_is_declared(lock: str, declared: list[str]) -> None:
    pins = locked(lock)
    unmet = [
        str(need)
        for need in map(Requirement, declared)
        if not need.specifier.contains(pins.get(canonicalize_name(need.name), "0"))
    ]

    assert unmet == [], "run `make lock`"


def test_both_locks_agree() -> None:
    runtime, development = locked("requirements.lock"), locked("requirements-dev.lock")

    assert {name: development.get(name) for name in runtime} == runtime


def test_the_app_pins_every_dependency_to_one_version() -> None:
    loose = {name: it for name, it in NPM.items() if not re.fullmatch(r"\d+\.\d+\.\d+", it)}

    assert loose == {}


def test_the_app_s_lock_holds_what_its_package_names_and_a_hash_for_every_file() -> None:
    packages = json.loads((APP / "package-lock.json").read_text())["packages"]
    root = packages.pop("")
    got = {name: packages[f"node_modules/{name}"]["version"] for name in NPM}

    assert root["dependencies"] | root["devDependencies"] == NPM == got
    assert [name for name, it in packages.items() if "integrity" not in it] == []


def test_every_dependency_is_defended_and_nothing_else_is() -> None:
    page = (REPOSITORY / "docs" / "dependencies.md").read_text()
    in_use, _, _ = page.partition("## Looked at and left out")
    defended = re.findall(r"^\| `([^`]+)` \|", in_use, re.MULTILINE)
    declared = [need.name for need in map(Requirement, RUNTIME + DEVELOPMENT)] + [*NPM]

    assert sorted(defended) == sorted(set(declared))


def test_every_module_is_named_after_a_thing() -> None:
    paths = (Path(name) for name, _ in kept_files())
    unnamed = [
        str(path)
        for path in paths
        if path.suffix in CODE and NO_NOUN & {*path.parts[:-1], path.name.split(".")[0]}
    ]

    assert unnamed == []


def test_no_room_does_anything_when_it_is_imported() -> None:
    rooms = ("schemas", "sync", "server", "field_client", "benchmarks")
    talkative = [
        str(path.relative_to(REPOSITORY))
        for room in rooms
        for path in (REPOSITORY / room).rglob("__init__.py")
        if "node_modules" not in path.parts and not is_a_docstring(path)
    ]

    assert talkative == []


def is_a_docstring(path: Path) -> bool:
    module = ast.parse(path.read_text())
    return len(module.body) == 1 and ast.get_docstring(module) is not None
