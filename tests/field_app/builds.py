"""Builds of the tablet app for tests: of the sources as they are, away from the one that is served."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.field_app.pages import APP
from tests.places import REPOSITORY

SOURCES = ("index.html", "package.json", "tsconfig.json", "vite.config.ts", "public", "src", "tools")


def build_app(folder: Path, version: str | None = None) -> Path:
    """Build the app in *folder*, as *version* where one is given; say where the build is.

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
    vite = folder / "node_modules" / ".bin" / "vite"
    subprocess.run([vite, "build", "--logLevel", "warn"], cwd=folder, check=True)
    return folder / "dist"
