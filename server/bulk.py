"""Many rows in one statement, on both databases: the rows travel as one JSON parameter."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Integer, Table, text
from sqlalchemy.sql.type_api import TypeEngine

from server.models import Document

Rows = Sequence[Mapping[str, Any]]


def insert(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert *rows* into *table* with one statement."""
    _run(connection, table, rows, "")


def upsert(
    connection: Connection, table: Table, rows: Rows, update: Mapping[str, str] | None = None
) -> None:
    """Insert *rows*, or update those whose key is there.

    *update* overrides the SQL expression of a column, where `excluded` is the new row.
    """
    keys = [it.name for it in table.primary_key]
    expressions = {
        it.name: f"excluded.{_quoted(it)}" for it in table.columns if it.name not in keys
    } | dict(update or {})
    sets = ", ".join(f"{_quote(name)} = {sql}" for name, sql in expressions.items())
    target = ", ".join(_quote(it) for it in keys)
    _run(connection, table, rows, f" ON CONFLICT ({target}) DO UPDATE SET {sets}")


def _run(connection: Connection, table: Table, rows: Rows, tail: str) -> None:
    if not rows:
        return
    columns = list(table.columns)
    packed = json.dumps(
        [[_packed(row[it.name], it.type) for it in columns] for row in rows], ensure_ascii=False
    )
    names = ", ".join(_quoted(it) for it in columns)
    if connection.dialect.name == "sqlite":
        values = ", ".join(f"json_extract(value, '$[{i}]')" for i in range(len(columns)))
        source = f"SELECT {values} FROM json_each(:rows) WHERE true"
    else:
        values = ", ".join(_cast(i, it) for i, it in enumerate(columns))
        source = f"SELECT {values} FROM json_array_elements(CAST(:rows AS json)) AS value"
    statement = f"INSERT INTO {_quote(table.name)} ({names}) {source}{tail}"
    connection.execute(text(statement.replace("\\:", ":")), {"rows": packed})


def _packed(value: Any, kind: TypeEngine[Any]) -> Any:
    if isinstance(kind, Document) and value is not None:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return value


def _cast(index: int, column: Column[Any]) -> str:
    if isinstance(column.type, Document):
        return f"CAST(value->>{index} AS jsonb)"
    if isinstance(column.type, Integer):
        return f"CAST(value->>{index} AS bigint)"
    return f"value->>{index}"


def _quote(name: str) -> str:
    return f'"{name}"'


def _quoted(column: Column[Any]) -> str:
    return _quote(column.name)
