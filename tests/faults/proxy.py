"""A bad line: a TCP relay that cuts either direction after so many bytes, is slow, late, or says things twice."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PIECE_BYTES = 65536
SLOW_BYTES = 512


@dataclass
class Proxy:
    """Relays connections to a server; what is set here holds for those that follow.

    A cut passes exactly so many bytes on and then breaks the connection on both sides, without a
    goodbye. None: the direction is whole.

    Attributes:
        delay_s: how late each piece comes through.
        bytes_a_second: how fast pieces come through; None: at once.
        repeats: how often everything that went up goes up again, when a connection has ended.
        repeated: how often it did, whatever came of it.
    """

    target: int
    cut_up: int | None = None
    cut_down: int | None = None
    delay_s: float = 0.0
    bytes_a_second: float | None = None
    repeats: int = 0
    repeated: int = 0
    port: int = 0
    cuts: int = 0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _relays: set[asyncio.Task[None]] = field(default_factory=set)

    def run(self, ready: threading.Event) -> None:
        """Relay until `stop` is called."""
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._let_in, "127.0.0.1", self.port)
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

    def _let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = self._loop.create_task(self._relay(reader, writer))
        self._relays.add(task)  # the loop alone would let it be collected while it waits
        task.add_done_callback(self._relays.discard)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        cut_up, cut_down, repeats = self.cut_up, self.cut_down, self.repeats
        said = bytearray()
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        ends = (writer, far_writer)
        try:
            await asyncio.gather(
                self._pump(reader, far_writer, cut_up, ends, said),
                self._pump(far_reader, writer, cut_down, ends, bytearray()),
            )
            for _ in range(repeats):
                await self._say_again(bytes(said))
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
        said: bytearray,
    ) -> None:
        """Pass bytes on in one direction until it ends, or until one comes that is cut off."""
        passed = 0
        try:
            while piece := await reader.read(SLOW_BYTES if self.bytes_a_second else PIECE_BYTES):
                await self._wait(len(piece))
                said += piece
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

    async def _wait(self, size: int) -> None:
        rate = self.bytes_a_second
        if self.delay_s or rate:
            await asyncio.sleep(self.delay_s + (size / rate if rate else 0))

    async def _say_again(self, said: bytes) -> None:
        """Say to the server once more what was said to it, and hear it out."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.target)
        try:
            writer.write(said)
            writer.write_eof()
            while await reader.read(PIECE_BYTES):
                pass
        except OSError:
            pass
        finally:
            self.repeated += 1
            writer.transport.abort()


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
