"""`xiangxin device`: which tablets there are, and a code for one."""

from __future__ import annotations

import re

from click.testing import CliRunner, Result

from server.device_command import device
from tests.server.branch import Server, fresh_id


def run(server: Server, *words: str) -> Result:
    return CliRunner().invoke(
        device, [*words, "--data", str(server.data), "--database", server.url]
    )


def test_tablets_are_listed(one_server: Server) -> None:
    li, he = one_server.tablet("li.wei").catch_up(), one_server.tablet("he.xi")

    told = run(one_server, "list")

    assert told.exit_code == 0
    assert told.stdout.splitlines() == [
        f"{he.device}\tT2\the.xi\tHX\tactive\tnever",
        f"{li.device}\tT1\tli.wei\tQH\tactive\t2026-06-16T01:00:00.000Z",
    ]


def test_an_administrator_gives_a_code(one_server: Server) -> None:
    li = one_server.tablet("li.wei")

    told = run(one_server, "recovery-code", li.device)

    found = re.fullmatch(r"(\d{4}-\d{4}-\d{2})\tfor 李伟, once, until \S+Z\n", told.stdout)
    assert found
    assert told.exit_code == 0


def test_a_tablet_that_does_not_exist_is_said_in_a_line(one_server: Server) -> None:
    told = run(one_server, "recovery-code", fresh_id())

    assert told.exit_code == 1
    assert "see xiangxin device list" in told.output
