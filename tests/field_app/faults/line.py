"""A line that breaks by chance: each connection is cut after so many bytes, in either direction, or is not."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from tests.journeys.faults.proxy import Proxy

MOST_BYTES_UP, MOST_BYTES_DOWN = 6_000, 12_000


@dataclass
class BadLine(Proxy):
    """Relays to a server. While it `breaks`, chance decides the byte at which a connection is cut."""

    random: Random = field(default_factory=Random)
    breaks: bool = False
    fixed: tuple[int | None, int | None] | None = None
    """Where every connection is cut, up and down, whatever chance says."""
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    def go_bad(self, seed: int) -> None:
        """Break from now on, in the order that *seed* decides; what is open is cut at once."""
        self.random, self.breaks = Random(seed), True
        self.cut_all()

    def get_well(self) -> None:
        """Be whole from now on."""
        self.breaks = False
        self.cut_all()

    def cut_all(self) -> None:
        """Cut every connection, so that no old one outlives a change."""
        self._loop.call_soon_threadsafe(lambda: [it.transport.abort() for it in self._writers])

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        chance = self._place(MOST_BYTES_UP), self._place(MOST_BYTES_DOWN)
        self.cut_up, self.cut_down = self.fixed or chance
        self._writers.add(writer)
        try:
            await super()._relay(reader, writer)
        finally:
            self._writers.discard(writer)

    def _place(self, most: int) -> int | None:
        return self.random.randrange(most) if self.breaks and self.random.random() < 0.4 else None


@contextmanager
def bad_line(target: int) -> Iterator[BadLine]:
    """Relay to the port *target* until the block ends; whole at first."""
    found = BadLine(target)
    ready = threading.Event()
    thread = threading.Thread(target=found.run, args=(ready,))
    thread.start()
    ready.wait()
    try:
        yield found
    finally:
        found.stop()
        thread.join()
