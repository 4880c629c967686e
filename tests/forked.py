"""Processes forked from one that has read all the code: a loop that kills starts thousands of them.

They are processes like any other, in a session of their own; only Python's start and the imports are spared.
What they come from is the standard library's fork server.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

FORKING = get_context("forkserver")
FORKING.set_forkserver_preload(["server.cli", "server.serving", "tests.faults.officers"])


@dataclass(frozen=True)
class Forked:
    """A process that runs the `main` of a module."""

    process: BaseProcess

    @property
    def pid(self) -> int:
        """Its number, and its session's."""
        assert self.process.pid is not None
        return self.process.pid

    def poll(self) -> int | None:
        """Return its exit status, None while it runs."""
        return self.process.exitcode

    def wait(self, seconds: float) -> int:
        """Return its exit status when it has ended.

        Raises:
            TimeoutError: it has not.
        """
        self.process.join(seconds)
        if self.process.exitcode is None:
            raise TimeoutError(f"process {self.pid} goes on")
        return self.process.exitcode

    def terminate(self) -> None:
        """Ask it to end."""
        self.process.terminate()


def fork(module: str, arguments: Sequence[str], out: Path, **environment: str) -> Forked:
    """Run a module's `main` in a process of its own, with more environment; what it says is added to a file."""
    process = FORKING.Process(
        target=_run, args=(module, [*arguments], out, {**os.environ, **environment})
    )
    process.start()
    return Forked(process)


def _run(module: str, arguments: list[str], out: Path, environment: Mapping[str, str]) -> None:
    os.setsid()
    with out.open("ab") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [module, *arguments]
    import_module(module).main()
