"""The village behind a real address, a browser that looks at it, and pictures of what it sees."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.places import REPOSITORY
from tests.server.branch import PASSWORD

DESK, PHONE = (1440, 900), (390, 844)
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
Scheme = Literal["light", "dark"]
KEPT = ("sign-in", "summary", "conflicts", "conflict", "note")
KEEP_PICTURES = "XIANGXIN_PICTURES"
"""Set, the pictures go to docs/pictures; otherwise they are looked at by the test alone."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve *app* on loopback and give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Screen:
    """One person's browser window, in one language."""

    page: Page
    address: str
    lang: str
    scheme: Scheme = "light"

    def go(self, path: str) -> None:
        """Open a page."""
        self.page.goto(self.address + path)

    def sign_in(self, username: str = "wang.jianguo") -> None:
        """Sign in and arrive at the summary."""
        self.go("/sign-in")
        self.page.fill("#username", username)
        self.page.fill("#password", PASSWORD)
        self.page.click("main button")
        self.page.wait_for_url(f"{self.address}/")

    def wider_than_window(self) -> Sequence[str]:
        """Return what stands out of the window to the right, boxes that scroll by themselves aside."""
        found: list[str] = self.page.evaluate(OVERFLOWING)
        return found

    def too_small_to_touch(self, least: int) -> Sequence[str]:
        """Return the controls whose height or width is below *least* pixels."""
        found: list[str] = self.page.evaluate(SMALL_TARGETS, least)
        return found

    def picture(self, name: str, folder: Path) -> Path:
        """Write a picture of the window for the docs, or of the whole page beside the test; say where."""
        kept = bool(os.environ.get(KEEP_PICTURES)) and name in KEPT
        if kept:
            folder = REPOSITORY / "docs" / "pictures"
        folder.mkdir(parents=True, exist_ok=True)
        width = (self.page.viewport_size or {"width": 0})["width"]
        dark = "-dark" if self.scheme == "dark" else ""
        file = folder / f"supervisor-{name}-{self.lang}-{width}{dark}.png"
        self.page.screenshot(path=file, full_page=not kept, animations="disabled")
        return file


@contextmanager
def screen(
    browser: Browser,
    address: str,
    lang: str,
    size: tuple[int, int] = DESK,
    scheme: Scheme = "light",
) -> Iterator[Screen]:
    """Open a window of a size, in a profile of its own."""
    context = browser.new_context(
        locale=LOCALES[lang], timezone_id="Asia/Shanghai",
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme,
    )  # fmt: skip
    faults: list[str] = []
    page = context.new_page()
    page.on("console", lambda it: faults.append(it.text) if it.type == "error" else None)
    page.on("pageerror", lambda it: faults.append(str(it)))
    yield Screen(page, address, lang, scheme)
    context.close()
    unexpected = [it for it in faults if "status of 4" not in it]
    assert unexpected == []


OVERFLOWING = """() => {
  const wide = document.documentElement.clientWidth, found = [];
  if (document.documentElement.scrollWidth > wide) found.push("the page itself");
  for (const it of document.querySelectorAll("main *, header *, nav *")) {
    const box = it.getBoundingClientRect();
    const scrolls = it.closest(".tw, .side, .vh, .skip, svg");
    if (!scrolls && box.width && (box.right > wide + 1 || box.left < -1))
      found.push(`${it.tagName}.${it.className}: ${it.textContent.trim().slice(0, 40)}`);
    const leaf = it.children.length === 0 && it.clientWidth && !it.closest(".vh, svg, .tw");
    if (leaf && it.scrollWidth > it.clientWidth + 1)
      found.push(`cut: ${it.tagName}.${it.className}: ${it.textContent.trim().slice(0, 40)}`);
  }
  return found;
}"""

SMALL_TARGETS = """least => {
  const found = [];
  const inputs = "input:not([type=hidden]):not([type=radio]):not([type=checkbox]), textarea, select";
  for (const it of document.querySelectorAll(`a, button, summary, label.radio, ${inputs}`)) {
    const box = it.getBoundingClientRect();
    if (it.closest(".vh, .skip") || !box.width || !box.height || it.classList.contains("vh")) continue;
    if (box.height < least - .5 || box.width < 24)
      found.push(`${it.tagName} ${box.width}x${box.height}: ${it.textContent.trim().slice(0, 40)}`);
  }
  return found;
}"""
