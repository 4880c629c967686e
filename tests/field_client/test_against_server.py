"""The field client with the real server: what one says, the other understands, whatever happens between."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from field_client.client import FieldClient
from field_client.faults import FieldError, NewDeviceError, OfflineError
from field_client.store import Store
from schemas import problems
from schemas.declare import Registry
from schemas.registry import REGISTRY
from schemas.values import to_millis, uuid7
from sync.duplicates import as_shown
from sync.rebase import View
from tests.places import sqlite_url
from tests.server.branch import (
    GUIYING,
    LI_HAS,
    PASSWORD,
    VILLAGE,
    ZHAO_HAS,
    Clock,
    Server,
    as_json,
    make_branch,
    named,
    national_id,
)  # fmt: skip

Json = Any


@dataclass
class Link:
    """A tablet's network to a server in this process.

    Attributes:
        cuts: for the coming requests: "up", "down" or None.
    """

    network: Server
    server: str = "http://server"
    cuts: list[str | None] = field(default_factory=list)

    def post(self, path: str, body: Json, bearer: str | None = None) -> Json:
        """Carry one request."""
        cut = self.cuts.pop(0) if self.cuts else None
        if cut == "up":
            raise OfflineError(server=self.server, said="cut")
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        reply = self.network.send("POST", path, as_json(body), headers)
        if cut == "down":
            raise OfflineError(server=self.server, said="cut")
        if reply.status >= 400:
            raise problems.from_answer(reply.json)
        return reply.json if reply.status != 204 else None


@dataclass
class Officer:
    """A field client on its tablet, with a wrong clock where the test wants one."""

    server: Server
    path: Path
    username: str
    random: Random
    skew: timedelta = timedelta(0)
    registry: Registry = REGISTRY

    def __post_init__(self) -> None:
        self.link = Link(self.server)
        self.open()
        self.client.login(self.username, PASSWORD, "T")

    def open(self) -> None:
        """Open the store."""
        device = uuid7(to_millis(self.now()), self.random.randbytes(10))
        self.store = Store.open(self.path, self.registry, device)
        self.client = FieldClient(
            self.store, self.link, clock=self.now, new_bytes=self.random.randbytes
        )

    def reopen(self) -> None:
        """Close and open again, as after a crash."""
        self.store.close()
        self.open()

    def now(self) -> datetime:
        """Return what the tablet's clock says; it goes on by itself."""
        self.server.clock.advance(seconds=1)
        return self.server.clock() + self.skew

    def sync(self) -> None:
        """Sync, page by page, until it is through."""
        self.client.sync(page=3)


@dataclass
class Office:
    """A server and its officers."""

    server: Server
    folder: Path
    officers: list[Officer] = field(default_factory=list)

    def officer(self, username: str, seed: int = 1, skew: timedelta = timedelta(0)) -> Officer:
        """Give an officer a tablet."""
        path = self.folder / f"{username}-{len(self.officers)}.db"
        made = Officer(self.server, path, username, Random(seed * 100 + len(self.officers)), skew)
        self.officers.append(made)
        return made

    def assign(self, customer: str, username: str, role: str = "primary") -> None:
        """Let the supervisor assign a customer."""
        boss = self.server.tablet("wang.jun")
        wish = {"customer": customer, "officer": username, "role": role, "from": "2026-01-01"}
        until = {} if role == "primary" else {"until": "2027-12-31"}
        reply = boss.post("/api/v1/assignments", {**wish, **until, "reason": "换人"})
        assert reply.status == 201, reply

    def rows(self, query: str, **values: Json) -> list[Any]:
        """Ask the server's database."""
        with self.server.engine.connect() as connection:
            return list(connection.execute(text(query), values))

    def scope(self, username: str) -> dict[str, Json]:
        """Return the fields of every record in a user's scope, by the server's index, as he may see them."""
        query = (
            "SELECT record.id, record.fields FROM feed JOIN record ON record.id = feed.record "
            "WHERE feed.kind = 'record' AND feed.live = 1 AND feed.owner IN (:user, "
            "(SELECT branch FROM account WHERE id = :user))"
        )
        found = {it.id: json.loads(it.fields) for it in self.rows(query, user=named(username))}
        return {key: dict(as_shown(it, it)) for key, it in found.items()}

    def words(self) -> str:
        """Return everything that the server keeps of what was ever entered."""
        log = [it.payload for it in self.rows("SELECT payload FROM log")]
        quarantine = [
            it.content
            for it in self.rows("SELECT content FROM change_set WHERE status = 'rejected'")
        ]
        return "".join(json.dumps(json.loads(it), ensure_ascii=False) for it in (*log, *quarantine))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the branch set up in it."""
    folder = tmp_path_factory.mktemp("prepared")
    make_branch(sqlite_url(folder))
    return folder


@pytest.fixture
def new_office(prepared: Path, tmp_path: Path) -> Iterator[Callable[[], Office]]:
    """Give as many offices as a test wants, each with a branch of its own."""
    made: list[Office] = []

    def give() -> Office:
        folder = tmp_path / f"office-{len(made)}"
        folder.mkdir()
        for file in prepared.iterdir():
            (folder / file.name).write_bytes(file.read_bytes())
        made.append(Office(Server(sqlite_url(folder), folder, Clock()), folder))
        return made[-1]

    yield give
    for office in made:
        for officer in office.officers:
            officer.store.close()
        office.server.close()


@pytest.fixture
def office(new_office: Callable[[], Office]) -> Office:
    """An office whose two officers both look after 王桂英."""
    made = new_office()
    made.assign(GUIYING, "zhao.min", "cover")
    return made


def fields(officer: Officer, record: str) -> Any:
    return officer.client.record(record).fields


def results(officer: Officer) -> list[str | None]:
    return [it.status for it in officer.store.own_sets()]


def assert_converged(office: Office, officer: Officer) -> None:
    """Check that a tablet holds exactly its scope, field by field, and says so only then."""
    held = {it.id: dict(it.fields) for it in officer.store.held_of()}
    assert held == office.scope(officer.username)
    assert officer.store.incidents() == []
    assert officer.store.identity().caught_up


# ------------------------------------------------------------------------------------- one day


def test_a_day_of_two_officers_with_one_customer(office: Office) -> None:
    li, zhao = office.officer("li.wei"), office.officer("zhao.min")
    li.sync()
    zhao.sync()
    li.client.edit(GUIYING, {"phone": "10000000021", "tags": ["脱贫户"]})
    li.client.edit(GUIYING, {"preferences": "白天在家。\n电话常打不通。"})
    zhao.client.edit(GUIYING, {"phone": "10000000022", "tags": ["示范村"]})
    zhao.client.edit(GUIYING, {"preferences": "晚上在家。\n电话常打不通。\n院里有狗。"})

    li.sync()
    zhao.sync()
    li.sync()

    assert results(li) == ["applied", "applied"]
    assert results(zhao) == ["conflict", "merged"]
    for each in (li, zhao):
        assert_converged(office, each)
        assert fields(each, GUIYING)["preferences"] == "白天在家。\n电话常打不通。\n院里有狗。"
        assert fields(each, GUIYING)["tags"] == ["示范村", "脱贫户"]
        assert [it.fields["field"] for it in each.client.conflicts()] == ["phone"]
    assert not zhao.client.status().all_synced

    zhao.client.resolve(zhao.client.conflicts()[0].id, "other")
    zhao.sync()
    li.sync()

    assert fields(li, GUIYING)["phone"] == "10000000022"
    assert li.client.status().all_synced
    assert zhao.client.status().all_synced


def test_everything_that_the_client_can_write_is_accepted(office: Office) -> None:
    li = office.officer("li.wei")
    li.sync()
    made = li.client.create("customer", None, _customer(77))
    li.client.create("household_member", made, {"name": "小明", "relation": "child"})
    visit = li.client.visit_start(made, ["survey", "marketing"])
    li.client.visit_finish(visit, summary="首次走访。", met_with=["王五"], reason="无定位信号")
    li.client.create(
        "interaction",
        made,
        {"kind": "call", "direction": "in", "at": "2026-06-16T01:00:00.000Z", "summary": "来电"},
    )
    task = li.client.create(
        "task", made, {"title": "回访", "due_on": "2026-06-20", "source": "manual"}
    )
    li.client.edit(task, {"state": "done", "done_note": "已回访。"})
    li.client.edit(
        made, {"home_lat_e6": 1, "home_lon_e6": 2, "home_acc_m": 3, "assets.h1.label": "砖房"}
    )
    li.client.edit(made, {"assets.h1.value_fen": 5, "assets.h1.label": None, "tags": ["a", "b"]})
    li.client.edit(
        made, {"tags": ["b", "c"], "preferences": "晚上。", "last_contact_on": "2026-06-16"}
    )
    before = li.client.record(made).fields

    li.sync()

    assert set(results(li)) == {"applied"}
    assert_converged(office, li)
    after = fields(li, made)
    assert {path: it for path, it in after.items() if path != "customer_no"} == before
    assert li.client.status().all_synced


def _customer(serial: int, **more: Json) -> dict[str, Json]:
    return {
        "name": "王五", "id_no": national_id(serial), "phone": "13800000077", "village_id": VILLAGE,
        "segment": "grain", **more,
    }  # fmt: skip


def test_a_rejected_set_is_mended_over_and_nothing_of_another_is_lost(office: Office) -> None:
    li, zhao = office.officer("li.wei"), office.officer("zhao.min")
    li.sync()
    zhao.sync()
    id_no = fields(li, GUIYING)["id_no"]
    set_id_no(li, None)  # a damaged copy lets through what the server refuses
    li.client.edit(GUIYING, {"preferences": "白天在家。\n电话常打不通。", "id_no": national_id(9)})
    zhao.client.edit(GUIYING, {"preferences": "晚上在家。\n电话常打不通。\n院里有狗。"})
    zhao.sync()
    li.sync()
    assert results(li) == ["rejected"]
    set_id_no(li, id_no)

    li.client.mend(1, {GUIYING: {"id_no": id_no}})
    li.sync()

    assert fields(li, GUIYING)["preferences"] == "白天在家。\n电话常打不通。\n院里有狗。"


def set_id_no(officer: Officer, id_no: str | None) -> None:
    query = "UPDATE record SET fields = json_set(fields, '$.id_no', ?) WHERE id = ?"
    officer.store.database.execute(query, [id_no, GUIYING])


def test_a_handover_moves_the_dossier_and_late_work_counts(office: Office) -> None:
    li, zhao = office.officer("li.wei"), office.officer("zhao.min")
    li.sync()
    zhao.sync()
    customer = LI_HAS[1]
    li.client.create(
        "task", customer, {"title": "晚到", "due_on": "2026-06-20", "source": "manual"}
    )
    li.client.edit(customer, {"phone": "10000000021"})
    office.assign(customer, "zhao.min")

    li.sync()
    zhao.sync()

    assert results(li) == ["applied", "conflict"]
    assert li.client.records(customer=customer) == []
    assert [it.fields["title"] for it in zhao.client.records("task", customer)] == ["晚到"]
    assert [it.fields["kind"] for it in zhao.client.conflicts()] == ["late"]
    for each in (li, zhao):
        assert_converged(office, each)
    assert not li.client.status().all_synced
    (thing,) = li.client.attention()
    assert thing.set is not None
    li.client.discard(thing.set.number)
    assert li.client.status().all_synced

    zhao.client.resolve(zhao.client.conflicts()[0].id, "other")
    zhao.sync()
    assert fields(zhao, customer)["phone"] == "10000000021"


def test_a_customer_that_left_and_came_back_brings_what_was_made_meanwhile(office: Office) -> None:
    li = office.officer("li.wei")
    li.sync()
    customer = LI_HAS[1]
    office.assign(customer, "zhao.min")
    office.assign(customer, "li.wei")
    member = {"name": "小明", "relation": "child"}
    made = li.client.create("household_member", customer, member)
    li.client.edit(customer, {"phone": "10000000021"})

    li.client.sync()  # all in one page

    assert fields(li, made) == member
    assert fields(li, customer)["phone"] == "10000000021"
    assert_converged(office, li)


def test_whoever_settles_a_conflict_learns_what_the_server_filled_in(office: Office) -> None:
    li, zhao = office.officer("li.wei"), office.officer("zhao.min")
    for each in (li, zhao):
        each.sync()
        each.client.edit(GUIYING, {"phone": f"1000000{len(each.username):04}"})
    li.sync()
    zhao.sync()
    (conflict,) = zhao.client.conflicts()

    zhao.client.resolve(conflict.id, "keep")
    zhao.sync()

    assert fields(zhao, conflict.id)["resolved_by"] == named("zhao.min")
    assert_converged(office, zhao)


def test_a_copied_store_goes_on_as_a_new_device(office: Office) -> None:
    li = office.officer("li.wei")
    li.sync()
    li.store.close()
    image = li.path.read_bytes()
    li.open()
    li.client.edit(GUIYING, {"phone": "10000000021"})
    li.client.edit(GUIYING, {"phone": "10000000022"})
    li.sync()
    li.store.close()
    li.path.write_bytes(image)
    li.open()
    li.client.edit(GUIYING, {"preferences": "从旧副本来。"})
    li.client.edit(GUIYING, {"preferences": "从旧副本来。再加一句。"})

    with pytest.raises(NewDeviceError):
        li.sync()
    li.client.login("li.wei", PASSWORD, "T")
    li.sync()

    assert fields(li, GUIYING)["phone"] == "10000000022"
    assert "从旧副本来。再加一句。" in office.words()
    assert_converged(office, li)


def test_a_clock_that_is_years_off_is_no_hindrance(office: Office) -> None:
    for skew in (timedelta(days=-3650), timedelta(days=3650)):
        officer = office.officer("li.wei", skew=skew)
        officer.sync()
        officer.client.edit(GUIYING, {"phone": f"1000000{len(office.officers):04}"})
        officer.sync()

        assert results(officer) == ["applied"]
        status = officer.client.status()
        assert status.skew_seconds is not None
        assert abs(status.skew_seconds - skew.total_seconds()) < 60
        assert status.all_synced


def test_fifteen_minutes_later_the_token_is_renewed(office: Office) -> None:
    li = office.officer("li.wei")
    li.sync()
    for _ in range(3):
        office.server.clock.advance(hours=1)
        li.client.edit(GUIYING, {"phone": f"1{li.random.randrange(10**9):09}"})
        li.sync()

    assert set(results(li)) == {"applied"}


# ------------------------------------------------------------------------------------ random days

SENTENCES = [f"{it}。" for it in "甲乙丙丁戊己庚辛"]


@dataclass
class Days:
    """Random days of two officers: work, forms left open, cuts, restarts, handovers."""

    office: Office
    random: Random
    typed: list[str] = field(default_factory=list)

    def run(self, steps: int) -> None:
        """Let things happen, then let everybody sync until nothing moves."""
        officers = [
            self.office.officer(it, self.random.randrange(1000)) for it in ("li.wei", "zhao.min")
        ]
        for each in officers:
            each.sync()
        for _ in range(steps):
            self.something(self.random.choice(officers))
        for _ in range(2):
            for each in officers:
                each.link.cuts = []
                each.sync()
        for each in officers:
            assert_converged(self.office, each)
            assert [it for it in each.store.own_sets() if not it.is_answered] == []
        words = self.office.words()
        assert [
            it for it in self.typed if json.dumps(it, ensure_ascii=False)[1:-1] not in words
        ] == []

    def something(self, who: Officer) -> None:
        """Let one thing happen."""
        chance = self.random.random()
        if chance < 0.55:
            try:
                self.work(who)
            except FieldError:
                return  # what the device itself refuses is no work
        elif chance < 0.8:
            self.try_sync(who)
        elif chance < 0.85:
            who.reopen()
        elif chance < 0.9:
            self.office.assign(
                self.random.choice(LI_HAS + ZHAO_HAS), self.random.choice(["li.wei", "zhao.min"])
            )
        else:
            self.office.assign(
                self.random.choice(LI_HAS + ZHAO_HAS),
                self.random.choice(["li.wei", "zhao.min"]),
                "cover",
            )

    def try_sync(self, who: Officer) -> None:
        """Sync over a bad network."""
        who.link.cuts = [self.random.choice([None, None, None, "up", "down"]) for _ in range(4)]
        try:
            who.client.sync(page=self.random.choice([1, 2, 5, 500]))
        except OfflineError:
            return
        finally:
            who.link.cuts = []

    def work(self, who: Officer) -> None:
        """Make one set."""
        customers = who.client.records("customer")
        customer = self.random.choice(customers)
        kind = self.random.randrange(11)
        if kind == 0:
            who.client.edit(
                customer.id, {"phone": self.word(f"1{self.random.randrange(10**9):09}")}
            )
        elif kind == 1:
            who.client.edit(customer.id, {"preferences": self.prose(customer)})
        elif kind == 2:
            who.client.edit(customer.id, {"tags": self.random.sample(["a", "b", "c", "d"], 2)})
        elif kind == 3:
            place = {"home_lat_e6": self.random.randrange(99), "home_lon_e6": 1, "home_acc_m": 1}
            who.client.edit(customer.id, place)
        elif kind == 4:
            title = self.word(f"事{self.random.randrange(10**9)}")
            task = {"title": title, "due_on": "2026-06-20", "source": "manual"}
            who.client.create("task", customer.id, task)
        elif kind == 5:
            self.finish_task(who)
        elif kind == 6:
            self.decide(who)
        elif kind == 7:
            self.household(who, customer)
        elif kind == 8:
            self.asset(who, customer)
        elif kind == 9:
            self.task_title(who)
        else:
            form = who.client.open_form(customer.id)
            form["preferences"] = self.prose(customer)
            if self.random.random() < 0.5:
                form.keep()
                self.try_sync(who)
                self.work(who)
            form.save()

    def finish_task(self, who: Officer) -> None:
        """Finish or cancel a task."""
        tasks = [it for it in who.client.records("task") if it.fields["state"] == "open"]
        if tasks:
            state = self.random.choice(["done", "cancelled"])
            who.client.edit(self.random.choice(tasks).id, {"state": state})

    def household(self, who: Officer, customer: View) -> None:
        """Enter, edit or remove a member of the household."""
        members = who.client.records("household_member", customer.id)
        chance = self.random.random()
        if not members or chance < 0.3:
            name = self.word(f"人{self.random.randrange(10**9)}")
            who.client.create("household_member", customer.id, {"name": name, "relation": "child"})
        elif chance < 0.6:
            who.client.delete(self.random.choice(members).id, "登记有误")
        else:
            job = self.word(f"工{self.random.randrange(10**9)}")
            who.client.edit(self.random.choice(members).id, {"occupation": job})

    def asset(self, who: Officer, customer: View) -> None:
        """Enter, edit or remove an asset: a key of a keyed map."""
        key = self.random.choice(["a", "b"])
        leaves = [it for it in customer.fields if it.startswith(f"assets.{key}.")]
        if leaves and self.random.random() < 0.4:
            who.client.edit(customer.id, dict.fromkeys(leaves))
        else:
            leaf = self.random.choice(["label", "proof"])
            value = self.word(f"物{self.random.randrange(10**9)}")
            who.client.edit(customer.id, {f"assets.{key}.{leaf}": value})

    def task_title(self, who: Officer) -> None:
        """Give a task another title, whatever state it is in."""
        tasks = who.client.records("task")
        if tasks:
            title = self.word(f"事{self.random.randrange(10**9)}")
            who.client.edit(self.random.choice(tasks).id, {"title": title})

    def decide(self, who: Officer) -> None:
        """Settle a conflict, mend or discard a set."""
        things = who.client.attention()
        if not things:
            return
        thing = self.random.choice(things)
        if thing.reason == "conflict" and thing.record is not None:
            others = thing.record.fields["others"]
            chosen = {name: self.random.choice(others)[name] for name in ("device", "number")}
            way = self.random.choice(["keep", "other"])
            who.client.resolve(thing.record.id, way, chosen=chosen if way == "other" else None)
        elif thing.set is not None:
            decision = who.client.mend if thing.reason == "rejected" else who.client.discard
            decision(thing.set.number)

    def prose(self, customer: View) -> str:
        """Return the text with a sentence put in, taken out or moved."""
        pieces = [
            it + "。"
            for it in str(customer.fields.get("preferences", "")).split("。")
            if it.strip()
        ]
        new = self.word(f"{self.random.choice(SENTENCES)[0]}{self.random.randrange(10**6)}。")
        at = self.random.randint(0, len(pieces))
        if pieces and self.random.random() < 0.4:
            pieces.pop(self.random.randrange(len(pieces)))
        return "".join([*pieces[:at], new, *pieces[at:]])

    def word(self, made: str) -> str:
        """Remember what was typed."""
        self.typed.append(made)
        return made


@pytest.mark.parametrize("seed", range(4))
def test_after_random_days_everybody_holds_the_same_and_no_word_is_lost(
    new_office: Callable[[], Office], seed: int
) -> None:
    Days(new_office(), Random(seed)).run(steps=60)


@pytest.mark.long
def test_after_many_random_days_everybody_holds_the_same_and_no_word_is_lost(
    new_office: Callable[[], Office],
) -> None:
    for seed in range(100, 300):
        Days(new_office(), Random(seed)).run(steps=120)
