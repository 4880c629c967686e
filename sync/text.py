"""Three-way merge of free text by whole sentences (protocol.md, section 4, "Text").

By characters "不同意展期6个月" and "同意展期12个月" would become "不同意展期12个月": a sentence
that nobody wrote, about a decision that nobody took. So a text is taken apart into pieces (lines
and, within lines, sentences), both sides are laid against the base, and pieces stand or fall
whole. White space between pieces belongs to no piece: it follows the side that changed it, and
unchanged parts keep theirs byte by byte. All sets of characters are spelled out here, because the
tablet's TypeScript must find the same pieces.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, takewhile
from typing import Literal

_WHITE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004"
    "\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)  # the Unicode property White_Space; str.strip and JavaScript's trim each have a set of their own

_FULL = "。！？；"
_ASCII = ".!?;"
_CLOSERS = "”’」』）】》〉〕〗〙〛］｝｣)]}»›"
_MARKS = _FULL + _ASCII
_TAIL = _MARKS + _CLOSERS + "\"'"

_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
_LINE_BREAK = re.compile(r"\r\n|[\n\r\u2028\u2029]")
_END = re.compile(f"[{_MARKS}][{re.escape(_TAIL)}]*")
_FULL_END = re.compile(f"[{re.escape(_TAIL)}]*[{_FULL}][{re.escape(_CLOSERS)}]*")

Author = Literal["both", "mine", "theirs"]


# ---------------------------------------------------------------------------------- taking apart


@dataclass(frozen=True)
class Piece:
    """A sentence, or the rest of a line after its last one; *start* is its place in the text."""

    text: str
    start: int

    @property
    def stop(self) -> int:
        """Where the piece ends in the whole text."""
        return self.start + len(self.text)


def split(text: str) -> list[Piece]:
    """Return the pieces of *text* in order, without the white space around them.

    Full-width 。！？； always end a sentence; ASCII . ! ? ; only before white space or the end of
    a line. End marks in a row end one sentence ("真的？！"), and closing quotes and brackets
    after them belong to it. A straight quote may as well open the next sentence: it belongs only
    before white space or the end of a line.
    """
    return [it for line in _LINE.finditer(text) for it in _sentences(text, *line.span())]


def _sentences(text: str, start: int, stop: int) -> Iterator[Piece]:
    for marks in _END.finditer(text, start, stop):
        if end := _sentence_end(text, marks, stop):
            yield _piece(text, start, end)
            start = end
    if text[start:stop].strip(_WHITE):
        yield _piece(text, start, stop)


def _sentence_end(text: str, marks: re.Match[str], stop: int) -> int | None:
    """Return where the sentence before *marks* ends, or None: "8.40" ends none."""
    if marks.end() == stop or text[marks.end()] in _WHITE:
        return marks.end()
    full = _FULL_END.match(text, marks.start(), marks.end())
    return full.end() if full else None


def _piece(text: str, start: int, stop: int) -> Piece:
    whole = text[start:stop].lstrip(_WHITE)
    return Piece(whole.rstrip(_WHITE), stop - len(whole))


def _is_ended(piece: str) -> bool:
    """Tell whether *piece* ends with an end mark, closing quotes and brackets aside."""
    return any(mark in _MARKS for mark in piece[len(piece.rstrip(_TAIL)) :])


class _Text:
    """A text with its pieces and the white space around them."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.pieces = split(source)
        self.texts = [it.text for it in self.pieces]
        self.lead = source[: self.pieces[0].start] if self.pieces else source
        self.tail = source[self.pieces[-1].stop :] if self.pieces else ""

    def before(self, index: int) -> str:
        """Return the white space before piece *index*."""
        if index == 0:
            return self.lead
        return self.source[self.pieces[index - 1].stop : self.pieces[index].start]

    def after(self, index: int) -> str:
        """Return the white space after piece *index*."""
        return self.before(index + 1) if index + 1 < len(self.pieces) else self.tail

    def between(self, first: int | None, second: int | None) -> str | None:
        """Return the white space between two pieces, None unless they stand side by side here."""
        if first is None or second is None or second != first + 1:
            return None
        return self.before(second)


# -------------------------------------------------------------------------------------- aligning


def _common_lengths(base: Sequence[str], side: Sequence[str]) -> Callable[[int, int], int]:
    """Return length(i, j): how many pieces base[i:] and side[j:] have in common, in order.

    Bit-parallel, a row of the usual table as one integer: Hyyrö, Bit-parallel LCS-length
    computation revisited (2004). 2,000 pieces a side take milliseconds, where the table takes
    seconds.
    """
    width = len(side)
    full = (1 << width) - 1
    places: dict[str, int] = defaultdict(int)
    for index, text in enumerate(side):
        places[text] |= 1 << (width - 1 - index)
    rows = [full]
    for text in reversed(base):
        row, hits = rows[-1], rows[-1] & places.get(text, 0)
        rows.append((row + hits | row - hits) & full)

    def length(i: int, j: int) -> int:
        left = width - j
        return left - (rows[len(base) - i] & (1 << left) - 1).bit_count()

    return length


def align(base: Sequence[str], side: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs (base, side) of the longest common subsequence, earliest match first.

    Of all the longest it is the one whose first match lies earliest in the base, then in the
    side, then the same of the second match, and so on.

    Source: protocol.md, section 4, "Text".
    """
    length = _common_lengths(base, side)
    places: dict[str, list[int]] = defaultdict(list)
    for index, text in enumerate(side):
        places[text].append(index)
    found: list[tuple[int, int]] = []
    start = 0
    for index, text in enumerate(base):
        here = places.get(text, [])
        nth = bisect_left(here, start)
        if nth < len(here) and length(index + 1, here[nth] + 1) + 1 == length(index, start):
            found.append((index, here[nth]))
            start = here[nth] + 1
    return found


class _Side(_Text):
    """One side's text laid against the base: where each place between base pieces is here.

    What lies between two matches is one change. `opens[p]` to `goes_on[p]` are the pieces
    inserted at place p; `until[p]` is the place where the change ends that took base piece p, 0
    where it was kept.
    """

    def __init__(self, source: str, base: _Text) -> None:
        super().__init__(source)
        size = len(base.pieces)
        self.opens = [0] * (size + 1)
        self.goes_on = [0] * (size + 1)
        self.until = [0] * (size + 1)
        place = start = 0
        for index, here in [*align(base.texts, self.texts), (size, len(self.pieces))]:
            self.opens[place] = self.goes_on[place] = start
            self.goes_on[index] = here
            if index > place:
                self.opens[index] = here
                self.until[place:index] = [index] * (index - place)
            place, start = index + 1, here + 1

    def inserted(self, place: int) -> range:
        """Return the pieces that this side put in at *place*."""
        return range(self.opens[place], self.goes_on[place])

    def version(self, place: int, stop: int) -> range:
        """Return the pieces that stand here for the base pieces from *place* up to *stop*."""
        return range(self.goes_on[place], self.opens[stop])

    def adds(self, place: int, stop: int) -> bool:
        """Tell whether this side wrote anything between *place* and *stop*."""
        return len(self.version(place, stop)) > self.until[place:stop].count(0)

    def leaves(self, place: int, stop: int) -> bool:
        """Tell whether the base pieces from *place* up to *stop* stand here as they were."""
        return not any(self.until[place:stop]) and not self.adds(place, stop)


# --------------------------------------------------------------------------------------- merging


@dataclass(frozen=True)
class _Spot:
    """A piece of the outcome, and where it stands in each of the three texts (None: nowhere)."""

    text: str
    base: int | None = None
    server: int | None = None
    device: int | None = None

    @property
    def author(self) -> Author:
        if self.server is None:
            return "mine"
        return "theirs" if self.device is None else "both"


@dataclass(frozen=True)
class Block:
    """Pieces in a row by one author, with their white space; "both": in both versions."""

    by: Author
    text: str


def merge(base: str, server: str, device: str) -> str | None:
    """Return *server* and *device*, both made from *base*, in one text; None where they overlap.

    Args:
        base: The common ancestor.
        server: The text already in the log; of two insertions at one point it comes first.
        device: The text that was sent.

    Returns:
        The merged text. None is a conflict: a piece was changed on both sides, or changed on one
        and deleted on the other, or something was put into the midst of what the other side
        changed.

    Source: protocol.md, section 4, "Text".
    """
    meeting = _Meeting(base, server, device)
    spots: list[_Spot] = []
    for part, overlap in meeting.parts():
        if overlap:
            return None
        spots += part
    return "".join(meeting.written(spots)) if spots else meeting.lead


def merge_view(base: str, mine: str, theirs: str) -> list[Block]:
    """Return the two versions joined for display, in blocks by author.

    Where they merge, the blocks together are `merge(base, theirs, mine)`. Where they overlap, the
    blocks hold both versions of the place, theirs first: a proposal to read and to mend, never to
    be stored unread. What both or either deleted is in no block; a text without pieces has none.
    """
    meeting = _Meeting(base, theirs, mine)
    spots = [spot for part, _ in meeting.parts() for spot in part]
    shown = [
        Block(spot.author, text) for spot, text in zip(spots, meeting.written(spots), strict=True)
    ]
    runs = (list(run) for _, run in groupby(shown, key=lambda it: it.by))
    return [Block(run[0].by, "".join(it.text for it in run)) for run in runs]


class _Meeting:
    """Two versions of one base, walked along the base from place to place."""

    def __init__(self, base: str, server: str, device: str) -> None:
        self.base = _Text(base)
        self.server = _Side(server, self.base)
        self.device = _Side(device, self.base)
        self.lead = _newer(self.base.lead, self.server.lead, self.device.lead)
        self.tail = _newer(self.base.tail, self.server.tail, self.device.tail)

    def parts(self) -> Iterator[tuple[list[_Spot], bool]]:
        """Yield the outcome part by part, each with whether the sides overlap in it."""
        place, size = 0, len(self.base.pieces)
        while True:
            yield self._joined(self.server.inserted(place), self.device.inserted(place)), False
            if place == size:
                return
            stop = self._change_end(place)
            if stop:
                yield self._settled(place, stop)
            else:
                yield [self._kept(place)], False
            place = stop or place + 1

    def _change_end(self, place: int) -> int:
        """Return where the changes that take base piece *place* end, with their overlaps; or 0."""
        stop = max(self.server.until[place], self.device.until[place])
        while place < stop:
            stop = max(stop, self.server.until[place], self.device.until[place])
            place += 1
        return stop

    def _kept(self, place: int) -> _Spot:
        text = self.base.texts[place]
        return _Spot(text, place, self.server.goes_on[place], self.device.goes_on[place])

    def _settled(self, place: int, stop: int) -> tuple[list[_Spot], bool]:
        """Settle what was changed between *place* and *stop*; the same change stands once."""
        server, device = self.server.version(place, stop), self.device.version(place, stop)
        if self.device.leaves(place, stop):
            return self._joined(server, range(0)), False
        if self.server.leaves(place, stop):
            return self._joined(range(0), device), False
        if not self.server.adds(place, stop) and not self.device.adds(place, stop):
            return [], False  # every piece here was deleted by one side or by both
        joined = self._joined(server, device)
        return joined, any(it.author != "both" for it in joined)

    def _joined(self, server: range, device: range) -> list[_Spot]:
        """Return the pieces of both, the server's first; a shared beginning and end stand once."""
        one = [self.server.texts[it] for it in server]
        other = [self.device.texts[it] for it in device]
        head = _alike(one, other)
        tail = _alike(one[head:][::-1], other[head:][::-1])
        middle, ending = len(one) - tail, len(other) - tail
        return [
            *(_Spot(one[it], None, server[it], device[it]) for it in range(head)),
            *(_Spot(one[it], server=server[it]) for it in range(head, middle)),
            *(_Spot(other[it], device=device[it]) for it in range(head, ending)),
            *(_Spot(one[middle + it], None, server[middle + it], device[ending + it])
              for it in range(tail)),
        ]  # fmt: skip

    def written(self, spots: Sequence[_Spot]) -> list[str]:
        """Return each piece with the white space after it, the first also with that before it."""
        if not spots:
            return []
        gaps = [*(self._gap(*pair) for pair in pairwise(spots)), self.tail]
        parts = [spot.text + gap for spot, gap in zip(spots, gaps, strict=True)]
        return [self.lead + parts[0], *parts[1:]]

    def _gap(self, first: _Spot, second: _Spot) -> str:
        """Return the white space between two pieces that follow each other in the outcome."""
        server = self.server.between(first.server, second.server)
        device = self.device.between(first.device, second.device)
        if server is not None and device is not None:
            return _newer(self.base.between(first.base, second.base), server, device)
        if server is not None:
            return server
        return self._seam(first, second) if device is None else device

    def _seam(self, first: _Spot, second: _Spot) -> str:
        """Return the white space where pieces meet that stand side by side in neither version.

        It is what either had after the first or before the second, most line breaks first. Two
        pieces must not run into one sentence: without an end mark between them a line break is
        put in, and a space where the mark needs white space behind it ("Good." and "Bad.").
        """
        gaps = [
            *(side.after(at) for side, at in self._stands(first)),
            *(side.before(at) for side, at in self._stands(second)),
        ]
        gap = max(gaps, key=lambda it: (len(_LINE_BREAK.findall(it)), len(it)))
        if not _LINE_BREAK.search(gap) and not _is_ended(first.text):
            return "\n"
        glued = [it.text for it in split(first.text + gap + second.text)]
        return gap if glued == [first.text, second.text] else " "

    def _stands(self, spot: _Spot) -> list[tuple[_Side, int]]:
        sides = ((self.server, spot.server), (self.device, spot.device))
        return [(side, at) for side, at in sides if at is not None]


def _newer(base: str | None, server: str, device: str) -> str:
    """Return the white space of the side that changed it; the server's where both did."""
    return device if server == base else server


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Return with how many pieces both begin."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
