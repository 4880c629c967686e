"""Many rows in one statement, on both databases: the rows travel as one JSON parameter."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    Text,
    any_,
    cast,
    column,
    func,
    literal,
    select,
    text,
)
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


def pour(connection: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    """Insert many new rows, each with its values in the order of the columns and documents as text.

    The fastest way that either database has: rows one by one in one prepared statement, or COPY.
    """
    names = ", ".join(_quoted(it) for it in table.columns)
    raw = connection.connection.cursor()
    try:
        if connection.dialect.name == "sqlite":
            places = ", ".join("?" * len(table.columns))
            raw.executemany(f"INSERT INTO {_quote(table.name)} ({names}) VALUES ({places})", rows)
        else:
            with raw.copy(f"COPY {_quote(table.name)} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
    finally:
        raw.close()


def listed(connection: Connection, values: Iterable[str]) -> Select[tuple[str]]:
    """Return the query of *values* (column `value`); they travel as one parameter, however many."""
    found = sorted(set(values))
    if connection.dialect.name == "sqlite":
        each = func.json_each(literal(json.dumps(found), Text())).table_valued(
            column("value", Text)
        )
        return select(each.c.value)
    return select(func.unnest(literal(found, ARRAY(Text())), type_=Text()).label("value"))


def among(
    connection: Connection, it: ColumnElement[str], values: Iterable[str]
) -> ColumnElement[bool]:
    """Return the condition that *it* is one of *values*, in a form whose index either database uses."""
    if connection.dialect.name == "sqlite":
        return it.in_(listed(connection, values))
    return it == any_(literal(sorted(set(values)), ARRAY(Text())))


def gathered(connection: Connection, table: Table) -> Select[tuple[str]]:
    """Return the query of the rows of *table* as one JSON text: a list of lists, in no order."""
    if connection.dialect.name == "sqlite":
        return select(func.json_group_array(func.json_array(*table.columns), type_=Text()))
    return select(cast(func.json_agg(func.json_build_array(*table.columns)), Text()))


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
