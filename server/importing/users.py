"""Users 用户 from a spreadsheet: accounts with first passwords, given in the file or made for them.

Passwords that were made stand in a file of their own, for its owner alone to read; nothing else has them.
"""

from __future__ import annotations

import csv
import io
import os
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import Connection, select

from schemas.messages import Fault
from schemas.problems import BadRequestError
from schemas.roles import ROLES
from schemas.wire.fields import read
from schemas.wire.setup import Account, Setup, UserMessage
from server.accounts import account
from server.importing import cleaning
from server.importing.cleaning import Cell, UnreadableError, key
from server.importing.columns import Column, column
from server.importing.landing import Landing
from server.importing.reading import quoted
from server.importing.rows import Once, Row
from server.setup import SetUp
from server.store import record

ROLE_WORDS = {label.zh: word for word, label in ROLES.options.items()}
ROLE_WORDS_TOO = {
    **{word: word for word in ROLES.options},
    **{label.en: word for word, label in ROLES.options.items()},
    "信贷员": "officer",
}
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without what is easily mistaken for another: l and 1, o and 0."""
GROUPS, GROUP = 4, 4
SHORTEST_PASSWORD = 8


def password(cell: Cell, _: str = "") -> str:
    """Read a first password as it stands: numbers and text alike."""
    found = cleaning.plain(cell)
    if len(found) < SHORTEST_PASSWORD:
        raise UnreadableError("password-too-short")
    return found


COLUMNS: tuple[Column, ...] = (
    column("username", "username", "用户名 登录名 账号 工号", cleaning.code, needed=True),
    column("name", "name", "姓名 用户姓名", cleaning.name, needed=True),
    column(
        "role", "role", "角色 岗位", cleaning.one_of(ROLE_WORDS, "unknown-word", ROLE_WORDS_TOO),
        needed=True,
    ),
    column("unit", "unit", "网点 机构 所属机构 机构代码", cleaning.text),
    column("phone", "phone", "手机号 电话 手机", cleaning.phone),
    column("tier", "approval_tier", "审批层级 审批级别", cleaning.whole),
    column("password", "password", "初始密码 密码", password),
)  # fmt: skip


def plan(connection: Connection, landing: Landing, rows: Sequence[Row]) -> list[Account]:
    """Check every row and return the accounts of the good ones; faults are noted on the rows."""
    taken = set(connection.execute(select(account.c.username)).scalars())
    names = Once("username", taken)
    units = _units(connection, landing.branch.id)
    wished: list[Account] = []
    for row in rows:
        names.check(row)
        unit = row.values.get("unit")
        code = units.get(key(unit)) if unit else None
        if unit and code is None:
            row.fault("unit", "unknown-unit")
        if row.is_bad:
            continue
        given = {**row.fields(), "branch": landing.branch.code, "unit": code}
        try:
            read(UserMessage(), given)
        except BadRequestError as error:
            _note(row, error.errors)
            continue
        wished.append(Account(**given))
    return wished


def _note(row: Row, faults: Iterable[Fault]) -> None:
    for one in faults:
        field = {"approval_tier": "tier"}.get(one.field or "", one.field or "username")
        row.fault(field, one.reason or one.code)


def _units(connection: Connection, branch: str) -> dict[str, str]:
    """Return the codes of the branch's units by code and by name; a name that two bear names none."""
    query = select(record.c.fields).where(
        record.c.branch == branch, record.c.type == "org_unit", record.c.deleted == 0
    )
    found: dict[str, str] = {}
    twice: set[str] = set()
    for fields in connection.execute(query).scalars():
        name = key(fields["name"])
        if name in found:
            twice.add(name)
        found[name] = fields["code"]
        found[key(fields["code"])] = fields["code"]
    return {name: code for name, code in found.items() if name not in twice or name == key(code)}


def land(landing: Landing, wished: Sequence[Account]) -> list[tuple[Account, bool]]:
    """Make the accounts in the caller's transaction; return them, and which passwords were made."""
    made = [(_with_password(it), it.password is None) for it in wished]
    setup = SetUp(landing.connection, landing.registry, landing.settings, landing.now)
    setup.run(Setup(None, (), tuple(it for it, _ in made), ()))
    return made


def _with_password(wish: Account) -> Account:
    if wish.password is not None:
        return wish
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return Account(**{**vars(wish), "password": "-".join(groups)})


def write_passwords(source: Path, made: Sequence[tuple[Account, bool]]) -> Path | None:
    """Write the passwords that were made beside *source*, for the owner alone; no file is written over."""
    lines = [(it.username, it.name, it.password or "") for it, fresh in made if fresh]
    if not lines:
        return None
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("username", "name", "password"))
    writer.writerows([quoted(cell) for cell in line] for line in lines)
    target, number = source.with_name(f"{source.stem}-passwords.csv"), 1
    while target.exists():
        number += 1
        target = source.with_name(f"{source.stem}-passwords-{number}.csv")
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
        file.write(text.getvalue())
    return target
