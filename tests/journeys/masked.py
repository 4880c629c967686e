"""What may be asked of the branch, address by address, and whether an answer tells what it must not (domain.md, A9)."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from flask import Flask

from server.app import create_app
from server.context import context
from server.exporting.asking import TABLES
from server.settings import Settings
from tests.journeys.village import Village

ONE_OF = re.compile(r"<any\((?P<first>[^,)]+)[^>]*:(?P<name>\w+)>")
"""A part of an address that is one of some words."""
FORMS = ("csv", "xlsx", "json")


def addresses(village: Village, named: str) -> list[str]:
    """Return every address of the pages and the API that can be read; a record that one names is *named*."""
    settings = Settings(
        data=village.folder, database_url=village.database, business_date=village.today
    )
    app = create_app(settings)
    try:
        return sorted(_readable(app, named))
    finally:
        context(app).engine.dispose()


def _readable(app: Flask, record: str) -> Iterator[str]:
    links = app.url_map.bind("branch")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint.endswith("static"):
            continue
        words = {it["name"]: it["first"] for it in ONE_OF.finditer(rule.rule)}
        if rule.endpoint == "api.exports":
            yield from (f"/api/v1/exports/{it}?format={form}" for it in TABLES for form in FORMS)
        else:
            yield links.build(rule.endpoint, dict.fromkeys(rule.arguments, record) | words)


def tells(content: bytes, secret: str) -> bool:
    """Tell whether a secret is in an answer, looked at also inside a workbook, and digits in groups."""
    parts = [content]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = [packed.read(it) for it in packed.namelist()]
    grouped = f"{secret[:6]} {secret[6:14]} {secret[14:]}"
    return any(it.encode() in part for part in parts for it in (secret, grouped))
