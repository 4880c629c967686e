"""The people of the demonstration and their accounts (domain.md, sections 3.2, 10 and 11)."""

from __future__ import annotations

from dataclasses import dataclass

from server.demo.places import BRANCH, HEAD_OFFICE

PASSWORD = "xiangxin-demo"
"""One for all: these accounts are there to be tried, on a machine of one's own."""


@dataclass(frozen=True)
class Person:
    """Someone who may sign in; *unit* is the home unit's code."""

    username: str
    name: str
    role: str
    unit: str
    tier: int | None = None
    branch: str = BRANCH


OFFICERS = (
    Person("li.min", "李敏", "officer", "QH-HK"),
    Person("zhao.lei", "赵磊", "officer", "QH-HK"),
    Person("zhou.hang", "周航", "officer", "QH-HK"),
    Person("wu.jing", "吴静", "officer", "QH-NP"),
    Person("zheng.kai", "郑凯", "officer", "QH-NP"),
    Person("sun.li", "孙丽", "officer", "QH-NP"),
)
SUPERVISORS = (
    Person("wang.jianguo", "王建国", "supervisor", "QH-HK", 1),
    Person("gao.yun", "高云", "supervisor", "QH-NP", 1),
)
REVIEWER = Person("sun.yan", "孙燕", "reviewer", BRANCH)
CREDIT_MANAGER = Person("ma.qiang", "马强", "approver", BRANCH, 2)
COMMITTEE = (
    Person("luo.jun", "罗军", "approver", BRANCH, 3),
    Person("cai.hong", "蔡红", "approver", BRANCH, 3),
    Person("dong.ping", "董平", "approver", BRANCH, 3),
)
CLERKS = (
    Person("he.fang", "何芳", "clerk", "QH-HK"),
    Person("tang.mei", "唐梅", "clerk", "QH-NP"),
)
AUDITOR = Person("qian.bo", "钱波", "auditor", BRANCH)
ADMIN = Person("admin", "林涛", "admin", BRANCH)
VIEWER = Person("viewer", "陶静", "viewer", HEAD_OFFICE, branch=HEAD_OFFICE)

EVERYONE = (
    *OFFICERS, *SUPERVISORS, REVIEWER, CREDIT_MANAGER, *COMMITTEE, *CLERKS, AUDITOR, ADMIN, VIEWER,
)  # fmt: skip

TABLETS = (*OFFICERS, *SUPERVISORS)
"""Who carries one, in the order in which they were handed out: T1 is Li Min's, T2 Zhao Lei's."""

CASELOADS = {
    "li.min": ("QH-HK-01", "QH-HK-04"),
    "zhao.lei": ("QH-HK-02", "QH-HK-04"),
    "zhou.hang": ("QH-HK-03", "QH-HK-04"),
    "wu.jing": ("QH-NP-01", "QH-NP-04"),
    "zheng.kai": ("QH-NP-02", "QH-NP-04"),
    "sun.li": ("QH-NP-03", "QH-NP-04"),
}
"""Whose villages: the whole of the first, a third of the second."""


def of_outlet(outlet: str, among: tuple[Person, ...]) -> Person:
    """Return the one among several who sits at an outlet."""
    return next(it for it in among if it.unit == outlet)
