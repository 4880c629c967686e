"""A branch office on its first day with us: eight villages, six officers, and a pile of spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from sqlalchemy import Engine, Row, func, select

from schemas.registry import REGISTRY
from server import office
from server.importing.batch import Importing, Outcome, Wish
from server.importing.landing import Branch, Landing, find_branch
from server.importing.reading import read_sheet
from server.importing.undo import undo
from server.settings import Settings
from server.store import branch, feed, record
from tests.places import REPOSITORY
from tests.server.branch import PASSWORD, make_engine, named, national_id

Json = Any
DATA = REPOSITORY / "tests" / "data"
MANIFEST: Mapping[str, Json] = json.loads((DATA / "manifest.json").read_text("utf-8"))
AS_OF = date.fromisoformat(MANIFEST["as_of"])
NOW = datetime(2026, 6, 16, 2, 0, tzinfo=UTC)
SETTINGS = Settings(business_date=AS_OF)
FILES = {
    "customers.xlsx": "customers",
    "customers-gbk.csv": "customers",
    "customers-utf8-bom.csv": "customers",
    "loans.xlsx": "loans",
    "repayments-gbk.csv": "repayments",
}

SETUP: Mapping[str, Json] = {
    "organisation": {"name": "青禾县农村信用社"},
    "branches": [{"code": "QH", "name": "青禾支行"}],
    "users": [
        {
            "id": named(name), "username": f"officer{place}", "name": name, "role": "officer",
            "branch": "QH", "password": PASSWORD,
        }
        for place, name in enumerate(MANIFEST["officers"])
    ],
    "records": [
        {
            "branch": "QH", "type": "org_unit", "id": named(name),
            "fields": {"name": name, "code": f"QH-{place:02}", "kind": "village"},
        }
        for place, name in enumerate(MANIFEST["villages"])
    ],
}  # fmt: skip

CUSTOMER = {
    "客户编号": "KH1", "户主姓名": "王桂英", "身份证号": national_id(1), "手机号": "13800000000",
    "行政村": "柳树湾", "主营项目": "水稻种植", "管户客户经理": "李敏",
}  # fmt: skip
LOAN = {
    "借据号": "JJ1", "客户编号": "KH1", "贷款产品": "丰收贷", "贷款金额(元)": "30000", "年利率(%)": "8.4",
    "期限(月)": "12", "还款方式": "等额本息", "放款日期": "2026-01-15", "到期日期": "2027-01-15",
    "用途": "购买仔猪", "担保方式": "信用",
}  # fmt: skip
REPAYMENT = {
    "流水号": "LS1", "借据号": "JJ1", "还款日期": "2026-02-15", "还款金额(元)": "2615.20",
    "渠道": "现金", "经办人": "李敏",
}  # fmt: skip


# ------------------------------------------------------------------------------------------ files


def customer(serial: int = 1, **cells: str) -> dict[str, str]:
    """Return a good row, another one for each *serial*; *cells* stand for its own."""
    return {**CUSTOMER, "客户编号": f"KH{serial}", "身份证号": national_id(serial), **cells}


def write_csv(file: Path, rows: Sequence[Mapping[str, str]], encoding: str = "utf-8") -> Path:
    """Write rows, headings from the first."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    file.write_bytes(text.getvalue().encode(encoding))
    return file


def write_xlsx(file: Path, rows: Sequence[Sequence[Json]]) -> Path:
    """Write rows of typed values."""
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(list(row))
    book.save(file)
    return file


# ------------------------------------------------------------------------------------------- desk


@dataclass
class Desk:
    """The person at the keyboard: a folder of files and a database."""

    folder: Path
    engine: Engine

    @contextmanager
    def landing(self, keep: bool = True) -> Iterator[Landing]:
        """Open a transaction in the branch; it is kept unless something goes wrong."""
        with self.engine.connect() as connection:
            row = find_branch(connection, "QH")
            assert row is not None
            yield Landing(connection, REGISTRY, SETTINGS, Branch(row.id, row.code), NOW)
            if keep:
                connection.commit()

    def run(
        self,
        kind: str,
        file: Path,
        keep: bool = True,
        new_id: Callable[[], str] = lambda: office.new_id(NOW),
        progress: Callable[[int], None] = lambda _: None,
        **wish: Json,
    ) -> Outcome:
        """Import a file; *keep* false makes it a dry run."""
        asked = Wish(kind, read_sheet(file), file.name, **wish)
        with self.landing(keep) as it:
            return Importing(
                it.connection, it.registry, it.settings, it.branch, it.now, new_id, progress
            ).run(asked)

    def customers(self, *rows: Mapping[str, str], **wish: Json) -> Outcome:
        """Import customers, in a CSV of their own."""
        return self.run("customers", write_csv(self.folder / "customers.csv", rows), **wish)

    def loans(self, *rows: Mapping[str, str], **wish: Json) -> Outcome:
        """Import loans, in a CSV of their own; products are made."""
        file = write_csv(self.folder / "loans.csv", rows)
        return self.run("loans", file, **{"create_missing": True, **wish})

    def repayments(self, *rows: Mapping[str, str], **wish: Json) -> Outcome:
        """Import repayments, in a CSV of their own."""
        return self.run("repayments", write_csv(self.folder / "repayments.csv", rows), **wish)

    def undo(self, batch: str | None) -> int:
        """Take a batch back."""
        assert batch is not None
        with self.landing() as landing:
            return undo(landing, batch)

    # ---------------------------------------------------------------------------- what is there

    def records(self, kind: str) -> list[Row[Any]]:
        """Return the live records of a type, in the order in which they came."""
        query = select(record).where(record.c.type == kind, record.c.deleted == 0)
        with self.engine.connect() as connection:
            return list(connection.execute(query.order_by(record.c.version)))

    def fields(self, kind: str) -> list[dict[str, Json]]:
        """Return the fields of the live records of a type."""
        return [dict(it.fields) for it in self.records(kind)]

    def counts(self) -> Counter[str]:
        """Return how many live records there are of each type."""
        query = select(record.c.type, func.count()).where(record.c.deleted == 0)
        with self.engine.connect() as connection:
            rows = connection.execute(query.group_by(record.c.type))
            return Counter({it[0]: it[1] for it in rows})

    def digests(self) -> dict[str, tuple[int, int]]:
        """Return what every owner's index adds up to: count and sum, as a tablet checks it."""
        live = select(feed.c.owner, func.count(), func.sum(feed.c.hi), func.sum(feed.c.lo)).where(
            feed.c.live == 1, feed.c.kind == "record"
        )
        with self.engine.connect() as connection:
            rows = connection.execute(live.group_by(feed.c.owner))
            return {it[0]: (it[1], ((int(it[2]) << 32) + int(it[3])) % 2**64) for it in rows}

    def head(self) -> int:
        """Return the head of the branch's log."""
        with self.engine.connect() as connection:
            return int(connection.execute(select(branch.c.head)).scalar_one())


def bad_cells(outcome: Outcome) -> list[tuple[int, str]]:
    """Return the row and the column of every fault."""
    return [(it.row, it.column) for it in outcome.faults]


def reasons(outcome: Outcome) -> list[tuple[int, str, str]]:
    """Return row, column and key of every fault."""
    return [(it.row, it.column, it.key) for it in outcome.faults]


def open_desk(folder: Path, url: str) -> Desk:
    """Return the desk over a branch that is set up."""
    return Desk(folder, make_engine(url))
