"""A line that breaks by chance: each connection is cut after so many bytes, in either direction, or is not."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from random import Random
from threading import Lock, Thread

PIECE_BYTES = 65536
MOST_BYTES_UP, MOST_BYTES_DOWN = 4_000, 8_000
SHARE_CUT = 0.5
AT_ONCE = struct.pack("ii", 1, 0)
Cuts = tuple[int | None, int | None]


@dataclass
class BadLine:
    """Relays to the port `target`; whole at first.

    A cut passes exactly so many bytes on; then who was to get more sees the end, and who sent more a reset.

    Attributes:
        random: decides where connections are cut, while there is one.
        fixed: where every connection is cut, up and down, whatever chance says.
        cuts: how many were.
    """

    target: int
    random: Random | None = None
    fixed: Cuts | None = None
    cuts: int = 0
    _listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    _open: set[socket.socket] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    @property
    def port(self) -> int:
        """Where the line begins."""
        return int(self._listener.getsockname()[1])

    def go_bad(self, seed: int) -> None:
        """Break from now on, where *seed* decides; what is open is cut at once."""
        self.random = Random(seed)
        self.cut_all()

    def get_well(self) -> None:
        """Be whole from now on."""
        self.random, self.fixed = None, None
        self.cut_all()

    def cut_all(self) -> None:
        """Cut every connection, so that none outlives a change."""
        with self._lock:
            for it in self._open:
                with suppress(OSError):
                    it.shutdown(socket.SHUT_RDWR)

    def run(self) -> None:
        """Let connections in until the listener is shut."""
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            Thread(target=self._relay, args=(near,), daemon=True).start()

    def stop(self) -> None:
        """Let nobody in any more, and cut what is open."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut_all()

    def _relay(self, near: socket.socket) -> None:
        up, down = self.fixed or self._chance()
        with near:
            try:
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                return
            with far:
                with self._lock:
                    self._open |= {near, far}
                back = Thread(target=self._pump, args=(far, near, down), daemon=True)
                back.start()
                self._pump(near, far, up)
                back.join()
                with self._lock:
                    self._open -= {near, far}

    def _chance(self) -> Cuts:
        return self._place(MOST_BYTES_UP), self._place(MOST_BYTES_DOWN)

    def _place(self, most: int) -> int | None:
        with self._lock:
            random = self.random
            return random.randrange(most) if random and random.random() < SHARE_CUT else None

    def _pump(self, source: socket.socket, sink: socket.socket, cut: int | None) -> None:
        """Pass bytes on in one direction until it ends, or until one comes that is cut off."""
        passed = 0
        try:
            while piece := source.recv(PIECE_BYTES):
                if cut is not None and passed + len(piece) > cut:
                    sink.sendall(piece[: cut - passed])
                    self._cut(source, sink)
                    return
                sink.sendall(piece)
                passed += len(piece)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            for end in (source, sink):  # the other direction ends too
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def _cut(self, source: socket.socket, sink: socket.socket) -> None:
        with self._lock:
            self.cuts += 1
        source.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        for end in (sink, source):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def bad_line(target: int) -> Iterator[BadLine]:
    """Relay to the port *target* until the block ends."""
    found = BadLine(target)
    thread = Thread(target=found.run, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.stop()
        thread.join()
