"""Builds of the tablet app for tests: of the sources as they are, away from the one that is served."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.field_app.pages import APP
from tests.places import REPOSITORY

SOURCES = (
    "index.html",
    "package.json",
    "tsconfig.json",
    "vite.config.ts",
    "public",
    "src",
    "tools",
)


def build_app(
    folder: Path, version: str | None = None, change: Callable[[Path], None] = lambda _: None
) -> Path:
    """Build the app in *folder* and say where the build is.

    Args:
        folder: where to; it does not exist yet.
        version: the version that the app says it has, if not its own.
        change: is given the folder of the sources, just before they are built.

    Raises:
        FileNotFoundError: What the app is built with is not installed.
    """
    if not (APP / "node_modules" / ".bin" / "vite").exists():
        raise FileNotFoundError("The tablet app's tools are missing: run `make test`.")
    folder.mkdir(parents=True)
    for name in SOURCES:
        source = APP / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("*.test.ts"))
        else:
            shutil.copy(source, folder / name)
    (folder / "node_modules").symlink_to(APP / "node_modules")
    if version is not None:
        package = folder / "package.json"
        package.write_text(json.dumps({**json.loads(package.read_text()), "version": version}))
    generated = [sys.executable, "-m", "schemas.typescript", str(folder / "src" / "generated")]
    subprocess.run(generated, cwd=REPOSITORY, check=True)
    change(folder / "src")
    vite = folder / "node_modules" / ".bin" / "vite"
    subprocess.run([vite, "build", "--logLevel", "warn"], cwd=folder, check=True)
    return folder / "dist"


def put_build(build: Path, folder: Path) -> None:
    """Put a build in the place of the one in *folder*, if there is one, as an update of a server does."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(build, folder)
