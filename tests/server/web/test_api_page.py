"""The API, browsable by whoever writes a client: every address, every component, no sign-in, no script."""

from __future__ import annotations

import re
from importlib.metadata import version

import pytest

from schemas import export
from schemas.registry import REGISTRY
from server.web.api_page import shown
from tests.server.web.village import Village

DOCUMENT = export.openapi_document(REGISTRY, version("xiangxin"))


@pytest.mark.parametrize(("lang", "title"), [("en", "The API"), ("zh", "接口说明")])
def test_whoever_asks_sees_every_address_and_every_component(
    village: Village, lang: str, title: str
) -> None:
    client = village.server.app.test_client()

    found = client.get("/api/docs", headers={"Accept-Language": lang})

    text = found.get_data(as_text=True)
    assert (found.status_code, f"<h1>{title}</h1>" in text) == (200, True)
    assert all(f"<code>{path}</code>" in text for path in DOCUMENT["paths"])
    assert all(f'id="{name}"' in text for name in DOCUMENT["components"]["schemas"])
    assert "<script" not in text


def test_no_pointer_leads_nowhere(village: Village) -> None:
    text = village.server.app.test_client().get("/api/docs").get_data(as_text=True)

    wanted = set(re.findall(r'href="#([^"]+)"', text)) - {"content"}

    assert wanted <= set(re.findall(r'id="([^"]+)"', text))


def test_each_operation_says_what_it_takes_and_answers() -> None:
    operations = {it.anchor: it for _, group in shown(DOCUMENT).groups for it in group}

    sync = operations["post_sync"]

    assert (sync.method, sync.path, sync.signed_in) == ("POST", "/api/v1/sync", True)
    assert sync.takes == "SyncRequest"
    assert {"200", "400", "401", "409"} <= {it.status for it in sync.answers}
    assert not operations["get_hello"].signed_in
