"""What the app keeps of itself: a new version is offered, data is in no cache, nobody else is asked."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.field_app.app import App
from tests.field_app.builds import build_app, put_build
from tests.field_app.conftest import Tablets
from tests.field_app.offices import Office
from tests.field_app.words import title
from tests.journeys.village import PASSWORD

pytestmark = pytest.mark.browser
PIN = "271828"
NEXT_VERSION = "9.9.9"
NOTE = "晚上在家。"
CACHED = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const kept = await (await caches.open(name)).keys();
    found[name] = kept.map((it) => new URL(it.url).pathname);
  }
  return found;
}"""


@pytest.fixture(scope="session")
def next_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The next version of the app."""
    return build_app(tmp_path_factory.mktemp("next") / "build", NEXT_VERSION)


@pytest.fixture
def li(tablet: Tablets) -> App:
    """Li Min's tablet, signed in."""
    found = tablet()
    found.open()
    found.sign_in("li.min", PASSWORD, PIN)
    return found


def test_a_new_version_is_offered_and_waits_until_it_is_wanted(
    li: App, app_folder: Path, next_build: Path
) -> None:
    put_build(next_build, app_folder)
    li.close()
    li.open()  # the version in use opens; the next one is fetched behind it
    li.unlock(PIN)
    li.customer("陈国平")
    li.begin_edit()
    li.input(title(li.lang, "customer", "preferences")).fill(NOTE)
    li.until("async () => (await navigator.serviceWorker.ready).waiting !== null")
    offer = li.page.get_by_role("button", name=li.say("notice", "update.do"))
    expect(offer).to_be_hidden()
    li.network(there=False)
    li.customer("陈国平")
    li.begin_taking("3000")
    li.take("¥3,000.00")
    li.states("draft", "ready")
    assert NEXT_VERSION not in version(li)

    li.to("today")
    offer.click()
    li.unlock(PIN)
    assert NEXT_VERSION in version(li)
    li.states("draft", "ready")
    li.network(there=True)
    li.states("draft", "accepted")
    li.customer("陈国平")
    li.begin_edit()
    expect(li.input(title(li.lang, "customer", "preferences"))).to_have_value(NOTE)


def version(li: App) -> str:
    """Go to Me; return what is said of the tablet there."""
    li.to("me")
    region = li.page.get_by_role("region", name=li.say("settings", "tablet.title"), exact=True)
    return region.inner_text()


def test_only_the_shell_is_in_the_caches(li: App, app_build: Path) -> None:
    li.customer("陈国平")
    li.edit(phone="10000000021")
    li.all_synced()

    [(name, kept)] = li.page.evaluate(CACHED).items()

    files = [it for it in app_build.rglob("*") if it.is_file() and it.suffix not in (".br", ".gz")]
    wanted = {f"/field/{it.relative_to(app_build)}" for it in files} - {"/field/sw.js"}
    assert set(kept) == wanted - {"/field/index.html"} | {"/field/"}
    assert name.startswith("xiangxin-shell-")


def test_nobody_is_asked_but_the_server_it_came_from(village: Office, li: App) -> None:
    li.customer("陈国平")
    li.to("sync")
    li.to("me")

    assert {urlsplit(it).netloc for it in li.asked} == {urlsplit(village.address).netloc}
    assert {urlsplit(it).scheme for it in li.asked} == {"http"}
