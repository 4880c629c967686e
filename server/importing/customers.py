"""Customers 客户: the columns of such a file, and what each good row becomes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from schemas.customer import SOURCES
from schemas.declare import Registry
from server.importing import cleaning
from server.importing.columns import MU, PEOPLE, YUAN, Column, column
from server.importing.planning import Planned, References, check_declared, create
from server.importing.rows import Once, Row
from server.importing.segments import segment_of

Json = Any
GENDERS = {"男": "m", "女": "f"}
SOURCE_WORDS = {label.zh: word for word, label in SOURCES.options.items()}

COLUMNS: tuple[Column, ...] = (
    column("customer_no", "customer_no", "客户编号 客户号 编号 户号", cleaning.code, needed=True),
    column("name", "name", "户主姓名 姓名 客户姓名 客户名称 户主 户名", cleaning.name, needed=True),
    column(
        "id_no",
        "id_no",
        "身份证号 身份证号码 身份证 证件号码 证件号 公民身份号码",
        cleaning.national_id,
        needed=True,
    ),
    column("phone", "phone", "手机号 手机号码 手机 电话 联系电话 电话号码", cleaning.phone),
    column("phone_alt", "phone_alt", "备用电话 其他电话", cleaning.phone),
    column("village", "", "行政村 村 所在村 村名 村庄", cleaning.text, needed=True),
    column("address_note", "address_note", "住址 地址 住址说明 家庭住址", cleaning.text),
    column(
        "household_size", "household_size", "家庭人口 家庭人口数 人口", cleaning.whole, units=PEOPLE
    ),
    column("able_workers", "able_workers", "劳动力人数 劳动力 劳力", cleaning.whole, units=PEOPLE),
    column("land_own", "", "耕地面积 自有耕地 耕地", cleaning.area, units=MU),
    column("land_rented", "", "租种耕地 流转耕地 租地面积", cleaning.area, units=MU),
    column("main_activity", "main_activity", "主营项目 主营业务 经营项目 生产项目", cleaning.text),
    column(
        "annual_income",
        "annual_income_fen",
        "家庭年收入 年收入 家庭收入",
        cleaning.amount,
        units=YUAN,
    ),
    column("years_resident", "years_resident", "居住年限", cleaning.whole, units=("", "年")),
    column("gender", "gender", "性别", cleaning.one_of(GENDERS)),
    column("name_latin", "name_latin", "姓名拼音 拼音", cleaning.name),
    column("source", "source", "客户来源", cleaning.one_of(SOURCE_WORDS)),
    column(
        "officer", "", "管户客户经理 管户经理 客户经理 管户人 信贷员", cleaning.name, needed=True
    ),
    column("registered_on", "registered_on", "建档日期 建档时间 登记日期", cleaning.day),
    column(
        "last_contact_on", "last_contact_on", "最近联系日期 最后联系日期 上次走访日期", cleaning.day
    ),
    column("preferences", "preferences", "备注 说明", cleaning.text),
)
TYPES = ("customer",)
PAST = ("registered_on", "last_contact_on")
AREAS = {"land_own": "land_own_tmu", "land_rented": "land_rented_tmu"}


def plan(
    rows: Sequence[Row], references: References, registry: Registry, today: date
) -> list[Planned]:
    """Check every row and return what the good ones become; faults are noted on the rows.

    A value that stands twice is bad in its later rows, also where the first row is bad itself:
    which of the two is meant, nobody here can tell.
    """
    numbers = Once("customer_no", references.directory.customers)
    national_ids = Once("id_no", references.directory.national_ids)
    planned: list[Planned] = []
    for row in rows:
        numbers.check(row)
        national_ids.check(row)
        for name in PAST:
            if row.values.get(name, today) > today:
                row.fault(name, "in-the-future")
        if _born_after(row, today):
            row.fault("id_no", "id-birth-date")
        village = references.find(row, "village", "village", references.directory.villages)
        officer = references.find(row, "officer", "officer", references.directory.officers)
        if row.is_bad:
            continue
        changes = _changes(row, village, officer, references, today)
        check_declared(registry, row, changes)
        if not row.is_bad:
            planned.append(Planned(row, tuple(changes)))
    return planned


def _born_after(row: Row, today: date) -> bool:
    written = row.values.get("id_no")
    return written is not None and written[6:14] > f"{today:%Y%m%d}"


def _changes(
    row: Row, village: str | None, officer: str | None, references: References, today: date
) -> list[dict[str, Json]]:
    customer = references.new_id()
    fields = {**row.fields(), "village_id": village, "state": "active"}
    fields["segment"] = _segment(row)
    for name, target in AREAS.items():
        fields[target] = _tenths(row, name)
    if "phone" in row.layout.places and "phone" not in row.values:
        row.warn("phone", "no-phone")
    assignment = {
        "officer_id": officer, "customer_id": customer, "role": "primary",
        "valid_from": today.isoformat(),
    }  # fmt: skip
    return [
        create("customer", customer, customer, fields),
        create("assignment", references.new_id(), None, assignment),
    ]


def _segment(row: Row) -> str:
    activity = row.values.get("main_activity")
    found = segment_of(activity) if activity else None
    if found is None and "main_activity" in row.layout.places:
        row.warn("main_activity", "unknown-activity")
    return found or "other"


def _tenths(row: Row, name: str) -> int | None:
    exact: Decimal | None = row.values.get(name)
    if exact is None:
        return None
    nearest = exact.to_integral_value(ROUND_HALF_UP)
    if nearest != exact:
        row.warn(name, "rounded")
    return int(nearest)
