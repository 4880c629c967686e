"""A line that breaks where a test wants it: a TCP relay that cuts either direction after so many bytes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PIECE_BYTES = 65536


@dataclass
class Proxy:
    """Relays connections to a server; `cut_up` and `cut_down` hold for those that follow.

    A cut passes exactly so many bytes on and then breaks the connection on both sides, without a
    goodbye. None: the direction is whole.
    """

    target: int
    cut_up: int | None = None
    cut_down: int | None = None
    port: int = 0
    cuts: int = 0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def run(self, ready: threading.Event) -> None:
        """Relay until `stop` is called."""
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._relay, "127.0.0.1", self.port)
        )
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()
        server.close()
        while tasks := asyncio.all_tasks(
            self._loop
        ):  # one that was let in last may begin meanwhile
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def stop(self) -> None:
        """Stop relaying."""
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        cut_up, cut_down = self.cut_up, self.cut_down
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        ends = (writer, far_writer)
        try:
            await asyncio.gather(
                self._pump(reader, far_writer, cut_up, ends),
                self._pump(far_reader, writer, cut_down, ends),
            )
        except asyncio.CancelledError:
            pass  # the test is over
        for end in ends:
            end.close()

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        cut: int | None,
        ends: tuple[asyncio.StreamWriter, ...],
    ) -> None:
        """Pass bytes on in one direction until it ends, or until one comes that is cut off."""
        passed = 0
        try:
            while piece := await reader.read(PIECE_BYTES):
                whole = cut is None or passed + len(piece) <= cut
                writer.write(piece if whole else piece[: (cut or 0) - passed])
                await writer.drain()
                passed += len(piece)
                if not whole:
                    break
            else:
                writer.write_eof()
                return
        except OSError:
            return
        self.cuts += 1
        for end in ends:
            end.close() if end is writer else end.transport.abort()


@contextmanager
def proxy(target: int) -> Iterator[Proxy]:
    """Relay to the port *target* until the block ends."""
    found = Proxy(target)
    ready = threading.Event()
    thread = threading.Thread(target=found.run, args=(ready,))
    thread.start()
    ready.wait()
    try:
        yield found
    finally:
        found.stop()
        thread.join()
