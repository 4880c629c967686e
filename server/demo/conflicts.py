"""Scenes that end in something for a person to decide: made by two tablets' logs, never written by hand.

Hekou: Li Min is on leave, Zhao Lei covers for her, and both change the same things. Nanping: the same with
Wu Jing and Zheng Kai, and two customers change hands while Zheng Kai is out (domain.md, section 10.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from schemas.values import format_instant
from server.demo import inspections, people
from server.demo.agenda import SILENT, last_day
from server.demo.cast import MOVING, Cast
from server.demo.changes import Change, create, delete, update
from server.demo.dice import Dice
from server.demo.households import Household
from server.demo.inspections import signature
from server.demo.loans import Loan
from server.demo.meetings import Meetings
from server.demo.people import Person
from server.demo.stage import ANYHOW, Stage, Tablet
from server.store import record
from sync.choices import resolution

Json = Any

WANG, GAO = people.SUPERVISORS
COVERED = ("陈国平", "邓玉兰")
"""Of the walk-through's people, those whom Zhao Lei covers."""


@dataclass
class Scenes:
    """Plays each scene on its day, before the tablets sync in the evening."""

    stage: Stage
    cast: Cast
    households: Sequence[Household]
    loans: Sequence[Loan]
    meetings: Meetings
    dice: Dice = field(default_factory=lambda: Dice("conflicts"))
    made: dict[str, str] = field(default_factory=dict)
    """Ids of records that a later scene needs, by the part they belong to."""

    def play(self, day: date) -> None:
        """Play what belongs to *day*; most days have nothing."""
        hekou, nanping = self._days_of(SILENT), self._days_of("wu.jing")
        scenes = {
            hekou[-3]: self._hekou_cover, hekou[-2]: self._hekou_before, hekou[-1]: self._hekou_both,
        }  # fmt: skip
        more = {
            nanping[-10]: self._nanping_cover, nanping[-9]: self._activity_both,
            nanping[-8]: self._activity_settled, nanping[-2]: self._nanping_before,
            nanping[-1]: self._nanping_both,
        }  # fmt: skip
        for played in (scenes, more):
            if day in played:
                played[day](day)

    def _days_of(self, officer: str) -> list[date]:
        last = last_day(officer, self.stage.days)
        return [it for it in self.stage.days.past if it <= last and self.stage.days.is_working(it)]

    # --------------------------------------------------------------------------------------- tools

    def _tablet(self, username: str) -> Tablet:
        return self.stage.tablets[username]

    def _part(self, name: str) -> str:
        return self.cast.parts[name].id

    def _at(self, day: date, clock: str) -> datetime:
        return self.stage.days.at(day, clock)

    def _edit(self, username: str, moment: datetime, action: str, *changes: Change) -> None:
        self._tablet(username).save(self.dice, moment, action, changes)

    def _both(self, part: str, day: date, first: dict[str, Json], second: dict[str, Json]) -> None:
        """Let Li Min and Zhao Lei edit the same customer, each without a network."""
        customer = self._part(part)
        for username, clock, fields in (("li.min", "13:20", first), ("zhao.lei", "14:05", second)):
            change = update("customer", customer, customer, fields)
            self._edit(username, self._at(day, clock), "customer.edit", change)

    def _cover(
        self,
        supervisor: Person,
        day: date,
        officer: str,
        customers: Sequence[str],
        until: date,
        reason: str,
    ) -> list[str]:
        """Let *officer* cover customers from the next day; return the assignments' ids."""
        moment, made = self._at(day, "12:00"), []
        for customer in customers:
            made.append(self.dice.new_id(moment))
            fields = {
                "officer_id": self.stage.users[officer], "customer_id": customer, "role": "cover",
                "valid_from": day.isoformat(), "valid_to": until.isoformat(), "reason": reason,
            }  # fmt: skip
            self.stage.web(
                supervisor,
                moment,
                [("assignment.create", [create("assignment", made[-1], None, fields)])],
            )
        return made

    # --------------------------------------------------------------------------------------- Hekou

    def _hekou_cover(self, day: date) -> None:
        """Zhao Lei is to cover; Li Min inspects Deng Yulan's tea garden and signs."""
        known = [next(it for it in self.households if it.name == name).id for name in COVERED]
        mine = [it.id for part, it in self.cast.parts.items() if it.officer == "li.min"]
        until = self.stage.days.ahead(4)
        self._cover(WANG, day, SILENT, [*mine, *known], until, "李敏调休，赵磊代管")
        deng = next(it for it in self.households if it.name == "邓玉兰")
        loan = next(it for it in self.loans if it.household is deng and it.state == "active")
        moment, user = self._at(day, "15:10"), self.stage.users["li.min"]
        note = self.made["note"] = self.dice.new_id(moment)
        fields = inspections.note(self.dice, "routine", deng, loan, user)
        self._edit("li.min", moment, "note", create("inspection_note", note, deng.id, fields))
        signed = moment + timedelta(minutes=6)
        seal = signature(self.dice, user, signed, fields)
        self._edit("li.min", signed, "note.sign", update("inspection_note", note, deng.id, seal))

    def _hekou_before(self, day: date) -> None:
        """Wang returns the note; Li Min leaves a task and a visit that rain broke off."""
        deng = next(it for it in self.households if it.name == "邓玉兰").id
        note, moment = self.made["note"], self._at(day, "11:10")
        told = {"state": "returned", "supervisor_comment": "R04 请核实是否有新增贷款，并补充说明。"}
        self.stage.web(
            WANG, moment, [("note.return", [update("inspection_note", note, deng, told)])]
        )
        task, visit = self.dice.new_id(moment), self.dice.new_id(moment)
        self.made |= {"task": task, "visit": visit}
        wish = {
            "title": "补签征信授权书",
            "due_on": self.stage.days.ahead(2).isoformat(),
            "source": "manual",
        }
        self._edit(
            "li.min", self._at(day, "14:00"), "task", create("task", task, self._part("task"), wish)
        )
        begun = self._at(day, "15:00")
        arrived = {
            "purposes": ["routine"], "state": "in_progress", "arrived_at": format_instant(begun),
            "arrive_lat_e6": self.cast.parts["visit"].village.lat_e6,
            "arrive_lon_e6": self.cast.parts["visit"].village.lon_e6, "arrive_acc_m": 14,
            "summary": "刚到就下大雨，只看了一眼现场。", "met_with": [self.cast.parts["visit"].name],
        }  # fmt: skip
        self._edit(
            "li.min", begun, "visit.start", create("visit", visit, self._part("visit"), arrived)
        )

    def _hekou_both(self, day: date) -> None:
        """Both work on the same things; Li Min syncs first."""
        year = day.isoformat()
        self._both("phone", day, {"phone": "10000004711"}, {"phone": "10000004712"})
        self._both(
            "income", day, {"annual_income_fen": 6_800_000}, {"annual_income_fen": 5_200_000}
        )
        names = ("village_opinion", "village_opinion_by", "village_opinion_on")
        self._both(
            "opinion", day,
            dict(zip(names, ("good", "村支书", year), strict=True)),
            dict(zip(names, ("fair", "村民小组长", year), strict=True)),
        )  # fmt: skip
        self._both(
            "address", day,
            {"address_note": "村口第三户，门前两棵柚子树。", "preferences": "晚上在家。\n请先打电话。"},
            {"address_note": "机耕路尽头，蓝色铁门。", "preferences": "晚上在家。\n养了狗，进门先喊。"},
        )  # fmt: skip
        customer, task = self._part("task"), self.made["task"]
        done = {"state": "done", "done_note": "已签，资料存档。"}
        self._edit(
            "li.min", self._at(day, "13:30"), "task.done", update("task", task, customer, done)
        )
        gone = update(
            "task", task, customer, {"state": "cancelled", "done_note": "客户已在网点补签。"}
        )
        self._edit("zhao.lei", self._at(day, "14:20"), "task.cancel", gone)
        self._member(day)
        self._visit(day)
        self.meetings.paid_twice(day)

    def _member(self, day: date) -> None:
        """Li Min notes where a member works; Zhao Lei deletes the same member."""
        household = self.cast.parts["member"]
        grown = (it for it in household.members[1:] if it.fields["labour"] == "full")
        member = next(grown, household.members[-1]).id
        away = {"occupation": "县城餐馆", "works_away": True, "presence": "away"}
        edit = update("household_member", member, household.id, away)
        self._edit("li.min", self._at(day, "13:40"), "member.edit", edit)
        gone = delete("household_member", member, household.id, "已分户，不再同住")
        self._edit("zhao.lei", self._at(day, "14:30"), "member.delete", gone)

    def _visit(self, day: date) -> None:
        """Li Min empties her summary to write it anew; Zhao Lei goes there and finishes the visit."""
        household, visit = self.cast.parts["visit"], self.made["visit"]
        emptied = update("visit", visit, household.id, {"summary": None})
        self._edit("li.min", self._at(day, "13:50"), "visit.edit", emptied)
        left = self._at(day, "15:40")
        told = {"state": "completed", "outcome": "done", "left_at": format_instant(left)}
        self._edit("zhao.lei", left, "visit.finish", update("visit", visit, household.id, told))

    # ------------------------------------------------------------------------------------- Nanping

    def _nanping_cover(self, day: date) -> None:
        """Zheng Kai covers two of Wu Jing's customers while she is at a course."""
        until = self.stage.days.ahead(3)
        covered = [self._part("answer"), self._part("sealed")]
        self._cover(GAO, day, "zheng.kai", covered, until, "吴静培训，郑凯代管")
        ends = self._days_of("wu.jing")[-8]
        made = self._cover(
            GAO, day, "zheng.kai", [self._part("settled")], ends, "吴静培训，郑凯代管"
        )
        self.made["cover"] = made[0]

    def _activity_both(self, day: date) -> None:
        household = self.cast.parts["settled"]
        known = household.fields["main_activity"]
        for username, more in (("wu.jing", "兼养蛋鸡"), ("zheng.kai", "兼养蛋鸭")):
            told = {"main_activity": f"{known}，{more}"}
            change = update("customer", household.id, household.id, told)
            self._edit(username, self._at(day, "13:10"), "customer.edit", change)

    def _activity_settled(self, day: date) -> None:
        """Gao Yun has settled that one: it is in the list of what was decided."""
        moment = self._at(day, "12:20")
        query = select(record.c.id, record.c.fields).where(
            record.c.branch == self.stage.branch, record.c.type == "conflict",
            record.c.customer == self._part("settled"),
        )  # fmt: skip
        conflict = self.stage.connection.execute(query).one()
        changes = resolution(
            self.stage.registry, conflict.id, self._part("settled"), conflict.fields, "other",
            comment="电话核实：今年兼养蛋鸭。",
        )  # fmt: skip
        self.stage.web(GAO, moment, [("conflict.resolve", changes)])

    def _nanping_before(self, day: date) -> None:
        """The cover of the settled one is over; Wu Jing begins a note on the other."""
        ended = {"valid_to": self._days_of("wu.jing")[-8].isoformat()}
        over = update("assignment", self.made["cover"], None, ended)
        self.stage.office(self._at(day, "12:30"), [("assignment.end", [over])])
        household, moment = self.cast.parts["answer"], self._at(day, "14:10")
        loan = next(it for it in self.loans if it.household is household and it.state == "active")
        note = self.made["draft"] = self.dice.new_id(moment)
        fields = inspections.note(
            self.dice, "routine", household, loan, self.stage.users["wu.jing"]
        )
        self._edit("wu.jing", moment, "note", create("inspection_note", note, household.id, fields))
        self.meetings.inspect_together(day)

    def _nanping_both(self, day: date) -> None:
        """Both correct an answer; two customers change hands while Zheng Kai is out."""
        customer, note = self._part("answer"), self.made["draft"]
        for username, owed in (("wu.jing", 300_000), ("zheng.kai", 800_000)):
            change = update("inspection_note", note, customer, {"answers.R04.value": owed})
            self._edit(username, self._at(day, "10:20"), "note.edit", change)
        self.meetings.sign_and_go_on_writing(day)
        self._hand_over(day)
        self._before_he_knew(day)
        self._tablet("zheng.kai").sync(self._at(day, "13:05"), ANYHOW)
        other = self._part("outside")
        change = update("customer", other, other, {"preferences": "改到下午走访。"})
        self._edit("zheng.kai", self._at(day, "15:10"), "customer.edit", change)

    def _hand_over(self, day: date) -> None:
        moment = self._at(day, "11:00")
        for part in MOVING:
            fields = {
                "officer_id": self.stage.users["sun.li"], "customer_id": self._part(part),
                "role": "primary", "valid_from": day.isoformat(), "reason": "管户均衡",
            }  # fmt: skip
            moved = create("assignment", self.dice.new_id(moment), None, fields)
            self.stage.web(GAO, moment, [("assignment.create", [moved])])

    def _before_he_knew(self, day: date) -> None:
        """An edit that Sun Li is to accept, and a call that counts in his name."""
        customer, moment = self._part("late"), self._at(day, "11:40")
        change = update("customer", customer, customer, {"phone": "10000004713"})
        self._edit("zheng.kai", moment, "customer.edit", change)
        told = {
            "kind": "call",
            "direction": "in",
            "at": format_instant(moment),
            "summary": "来电告知换了手机号。",
        }
        call = create("interaction", self.dice.new_id(moment), customer, told)
        self._edit("zheng.kai", moment, "interaction", call)
