"""A look at a screen: its picture, and what is wrong with it for somebody who reads, touches or listens."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.field_app.app import PHONE, App
from tests.field_app.pages import APP
from tests.field_app.words import catalogue, places
from tests.places import REPOSITORY

Json = Any
KEEP_PICTURES = "XIANGXIN_PICTURES"
"""Set, the pictures go to docs/pictures; otherwise they are taken and thrown away."""

AXE = (APP / "node_modules" / "axe-core" / "axe.min.js").read_text()
SMALLEST_TARGET = 48
NARROW = (360, 320)
"""The widths to which a phone's screen must fold as well (design: Accessibility)."""

LATIN = re.compile(r"[A-Za-z]{2,}")
KNOWN = re.compile(
    r"\bPIN\b|\bEN\b|\bEnglish\b|\bSOD-\d+|\b[KMG]B\b|\b[A-Z]{1,3}\d{1,}[-\d]*|\bli\.min\b|\bQH\w*|"
    r"\b[Xx]iangxin\S*|\d+\.\d+\.\d+|\bbranch\.example\b|\b[0-9a-f]{16,}\b"
)
"""What stands in Chinese text as it is: numbers of papers, names of people in the system, units."""

SPILLS = """() => {
  const wide = document.documentElement.clientWidth, found = [];
  const said = (it) => `${it.tagName}.${it.className}: ${it.textContent.trim().slice(0, 40)}`;
  if (document.documentElement.scrollWidth > wide) found.push("the page is wider than the window");
  const { scrollHeight, clientHeight } = document.documentElement;
  if (document.querySelector(".app") && scrollHeight > clientHeight)
    found.push(`the page scrolls under its bars: ${scrollHeight} of ${clientHeight}`);
  for (const it of document.querySelectorAll("header, main, nav, header *, main *, nav *")) {
    if (!it.checkVisibility() || it.closest(".vh, svg, .pin, thead")) continue;
    const box = it.getBoundingClientRect();
    if (box.width && (box.right > wide + 1 || box.left < -1)) found.push(`outside: ${said(it)}`);
    const { overflowX } = getComputedStyle(it);
    const cuts = overflowX !== "visible" && it.scrollWidth > it.clientWidth + 1;
    if (it.clientWidth && cuts && !it.matches("input, textarea, select"))
      found.push(`cut: ${said(it)}`);
  }
  return found;
}"""

SMALL = """(least) => {
  const found = [];
  const controls = "a[href], button, select, textarea, summary, input, label:has(input.vh)";
  for (const it of document.querySelectorAll(controls)) {
    if (!it.checkVisibility() || it.closest(".vh, .pin")) continue;
    const target = it.matches("input") ? (it.closest("label, .in") ?? it) : it;
    const { width, height } = target.getBoundingClientRect();
    if (height < least - 0.5 || width < least - 0.5)
      found.push(`${it.outerHTML.slice(0, 120)}: ${width} x ${height}`);
  }
  return found;
}"""

STILL = """async () => {
  const walker = document.createTreeWalker(document.querySelector("#app"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const it = walker.currentNode;
    it.data = it.data.replace(location.host, "branch.example").replace(/[\\d.]+ [KMG]B/, "1.5 MB");
  }
  const root = document.documentElement;
  root.style.visibility = "hidden";
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  root.style.visibility = "";
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
}"""
"""Puts the same in every picture for what is another at each run: the server's port, the room on the disk;
and draws everything anew, for what is drawn anew in part has other edges."""

TEXTS = """() => {
  const found = [], langOf = (it) => it.closest("[lang]").lang;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim(), at = walker.currentNode.parentElement;
    if (text && !at.closest("script, textarea")) found.push([langOf(at), text]);
  }
  for (const it of document.querySelectorAll("[aria-label], [title], [placeholder]"))
    for (const name of ["aria-label", "title", "placeholder"])
      if (it.hasAttribute(name)) found.push([langOf(it), it.getAttribute(name)]);
  return found;
}"""


class Look:
    """Looks at one screen after the other, takes its picture, and keeps what is wrong with it."""

    def __init__(self, app: App, folder: Path) -> None:
        self.app = app
        kept = os.environ.get(KEEP_PICTURES)
        self.passing = folder
        self.folder = REPOSITORY / "docs" / "pictures" if kept else folder
        self.kind = "phone" if app.size == PHONE else "tablet"
        self.keys = frozenset(key for it in places() for key in catalogue(it) if "." in key)
        self.found: list[str] = []

    def __call__(self, screen: str, *, kept: bool = False) -> None:
        """Look at what is shown now; a picture that is *kept* is one for the docs."""
        page = self.app.page
        page.evaluate("document.activeElement?.blur()")
        name = f"officer-{screen}-{self.app.lang}-{self.kind}"
        page.evaluate(STILL)
        folder = self.folder if kept else self.passing
        page.screenshot(path=folder / f"{name}.png", animations="disabled")
        self.found += [f"{name}: {it}" for it in [*self._broken(), *self._untold()]]
        self.found += [f"{name}: {it}" for it in page.evaluate(SPILLS)]
        self.found += [f"{name}: small: {it}" for it in page.evaluate(SMALL, SMALLEST_TARGET)]
        width, height = self.app.size
        for narrow in NARROW if self.kind == "phone" else ():
            page.set_viewport_size({"width": narrow, "height": height})
            self.found += [f"{name} at {narrow}: {it}" for it in page.evaluate(SPILLS)]
            small = page.evaluate(SMALL, SMALLEST_TARGET)
            self.found += [f"{name} at {narrow}: small: {it}" for it in small]
        page.set_viewport_size({"width": width, "height": height})

    def _broken(self) -> Iterator[str]:
        """What axe finds, and where first."""
        self.app.page.evaluate(AXE)
        for it in self.app.page.evaluate("async () => (await axe.run()).violations"):
            yield f"{it['id']}: {[node['html'][:160] for node in it['nodes'][:2]]}"

    def _untold(self) -> Iterator[str]:
        """Words of no language: keys, places that nothing was put in, English on a Chinese screen."""
        for lang, text in self.app.page.evaluate(TEXTS):
            if text in self.keys or re.search(r"\{\w+[|}]|\bundefined\b|\bNaN\b|\[object ", text):
                yield f"not put into words: {text}"
            if lang.startswith("zh") and LATIN.search(KNOWN.sub("", text)):
                yield f"not in Chinese: {text}"
