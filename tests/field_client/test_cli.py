"""The command `xiangxin-field`: machines read JSON, people read tables, and what goes wrong is one line."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from field_client.cli import NAME, cli
from field_client.console import run
from tests.field_client.branches import Branch
from tests.field_client.serving import Served, serving
from tests.field_client.tablets import CHEN, LIU, LOAN, VISIT

Json = Any
CLASH = "6501248e-2b2e-5cf8-abd0-85b266f7a0ff"


@dataclass
class Ran:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Json:
        """What it printed for a machine."""
        assert self.status == 0, self
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def served(branch: Branch) -> Iterator[Served]:
    """The branch behind HTTP."""
    with serving(branch) as made:
        yield made


@pytest.fixture
def field(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Run:
    """Run the command on a store of its own, in English."""
    monkeypatch.setenv("XIANGXIN_FIELD_STORE", str(tmp_path / "s.db"))
    monkeypatch.setenv("XIANGXIN_BUSINESS_DATE", "2026-06-16")
    monkeypatch.delenv("XIANGXIN_FIELD_PASSWORD", raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)

    def ran(*arguments: str) -> Ran:
        capfd.readouterr()
        status = run(cli, list(arguments), NAME)
        out, err = capfd.readouterr()
        return Ran(status, out, err)

    return ran


@pytest.fixture
def signed_in(field: Run, served: Served, tmp_path: Path) -> Run:
    """Li Min has signed in and synced."""
    (tmp_path / "password").write_text("correct\n")
    login = field(
        "login", served.url, "--user", "li.min", "--password-file", str(tmp_path / "password")
    )
    assert login.status == 0, login
    assert field("sync").status == 0
    return field


# ------------------------------------------------------------------------------------- the network


def test_login_and_sync_say_what_they_did(signed_in: Run, branch: Branch) -> None:
    branch.put("customer", LIU, LIU, phone="10000000032")

    synced = signed_in("--json", "sync").json

    assert (synced["sent"], synced["records"], synced["status"]["all_synced"]) == (0, 1, True)
    assert "All synced" in signed_in("sync").out
    assert "全部已同步" in signed_in("--lang", "zh", "sync").out


def test_the_password_may_come_from_the_environment(
    field: Run, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIANGXIN_FIELD_PASSWORD", "correct")

    told = field("--json", "login", served.url.removeprefix("http://"), "--user", "li.min").json

    assert told["user"]["username"] == "li.min"
    assert "correct" not in json.dumps(told)


def test_a_wrong_password_is_said_in_one_line(field: Run, served: Served, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("wrong")

    ran = field(
        "login", served.url, "--user", "li.min", "--password-file", str(tmp_path / "password")
    )

    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)


def test_without_a_network_all_but_two_commands_work(
    signed_in: Run, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("field_client.console.HttpTransport.post", _unplugged)

    for command in (
        ["status"],
        ["today"],
        ["customers"],
        ["show", CHEN],
        ["conflicts"],
        ["attention"],
    ):
        assert signed_in(*command).status == 0, command
    assert signed_in("edit", CHEN, "phone=10000000021").status == 0
    ran = signed_in("sync")
    assert (ran.status, ran.out) == (1, "")
    assert "Nothing is lost" in ran.err


def _unplugged(transport: Any, path: str, body: Json, bearer: str | None = None) -> Json:
    from field_client.faults import OfflineError

    raise OfflineError(server=transport.server, said="unplugged")


# --------------------------------------------------------------------------------------------- work


def test_an_edit_is_shown_at_once_and_sent_with_the_next_sync(
    signed_in: Run, branch: Branch
) -> None:
    assert "set 1" in signed_in("edit", CHEN, "phone=10000000021", "tags=+脱贫户").out

    shown = signed_in("--json", "show", CHEN).json
    assert (shown["fields"]["phone"], shown["fields"]["tags"], shown["pending"]) == (
        "10000000021",
        ["脱贫户"],
        [1],
    )
    assert signed_in("--json", "status").json["states"]["ready"] == 1
    signed_in("sync")
    assert branch.records[CHEN].fields["phone"] == "10000000021"


def test_a_draft_is_kept_and_finished_later(signed_in: Run) -> None:
    signed_in("edit", CHEN, "phone=1", "--draft")
    assert signed_in("--json", "status").json["states"]["draft"] == 1

    assert signed_in("edit", CHEN).status == 2  # half a phone number is no phone number
    assert signed_in("--json", "edit", CHEN, "phone=10000000021").json == {"number": 1}
    assert signed_in("--json", "status").json["states"] == {
        "draft": 0, "ready": 1, "sent": 0, "accepted": 0, "needs_attention": 0,
    }  # fmt: skip


def test_a_visit_day(signed_in: Run, branch: Branch) -> None:
    started = signed_in("--json", "visit", "start", CHEN, "--place", "30.123456,110.5,12").json
    assert started == {"id": VISIT}
    finished = signed_in(
        "visit",
        "finish",
        VISIT,
        "--summary",
        "收款。",
        "--met",
        "陈国平",
        "--promise",
        "2300:2026-06-25",
    )
    assert finished.status == 0, finished
    note = signed_in(
        "--json",
        "note",
        CHEN,
        "R01=yes",
        "R02=-35",
        "--narrative",
        "长势正常。",
        "--visit",
        VISIT,
        "--loan",
        LOAN,
    ).json
    receipt = signed_in("--json", "repay", LOAN, "3000.00", "--payer", "陈国平").json
    made = signed_in(
        "--json",
        "new",
        "task",
        "--customer",
        CHEN,
        "title=补拍照片",
        "due_on=2026-07-01",
        "source=manual",
    ).json

    assert receipt["receipt_no"] == "T1-20260616-001"
    assert (
        sum(
            part["principal_fen"] + part["interest_fen"] + part["penalty_fen"]
            for part in receipt["parts"]
        )
        == 300_000
    )
    signed_in("sync")
    assert branch.records[note["id"]].fields["answers.R02.value"] == -35
    assert branch.records[VISIT].fields["arrive_lat_e6"] == 30_123_456
    assert branch.records[made["id"]].fields["title"] == "补拍照片"
    tasks = [it for it in branch.records.values() if it.type == "task"]
    assert {it.fields["title"] for it in tasks} == {"补拍照片", "Collect ¥2,300.00"}
    assert signed_in("--json", "status").json["all_synced"]


def test_money_is_taken_only_after_the_split_was_shown_and_said_yes_to(
    signed_in: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", _typing("n\n"))
    ran = signed_in("repay", LOAN, "100")
    assert ran.status == 1
    assert "Take payment ¥100.00?" in ran.err
    assert "Installment 1" in ran.out

    assert "T1-20260616-001" in signed_in("repay", LOAN, "100", "--yes").out


def _typing(text: str) -> Any:
    import io

    return io.StringIO(text)


def test_today_and_customers_are_tables_for_people(signed_in: Run) -> None:
    day = signed_in("today").out
    assert "Chen Guoping 陈国平" in day
    assert "Money due" in day
    found = signed_in("--lang", "zh", "customers", "--search", "guop").out
    assert "陈国平" in found
    assert "刘秀英" not in found
    assert "138****0000" in found
    assert "13800000000" not in found
    assert "Nothing here" in signed_in("customers", "--search", "nobody").out


def test_today_tells_a_few_of_those_nobody_was_in_touch_with(
    signed_in: Run, branch: Branch
) -> None:
    branch.put("visit", VISIT, CHEN, state="cancelled")
    branch.put("parameter", LOAN[:-1] + "e", None, key="cash_limit_fen", value=50_00)
    for customer in (CHEN, LIU):
        branch.put("customer", customer, customer, last_contact_on="2025-03-01")
    branch.put("customer", CHEN, CHEN, id_valid_to="2026-07-01")
    signed_in("sync")

    kinds = [it["kind"] for it in signed_in("--json", "today").json]
    assert kinds.count("rhythm") == 2
    short = signed_in("today", "--contacts", "1").out
    assert short.count("Nobody was in touch") == 1
    assert "1 more whom nobody was in touch with in time: --contacts 2" in short
    assert "The id card runs out on 2026-07-01" in signed_in("show", CHEN).out

    signed_in("repay", LOAN, "100", "--yes")
    assert "You carry ¥100.00 in cash. The limit is ¥50.00" in signed_in("today").out
    status = signed_in("--json", "status").json
    assert (status["cash_fen"], status["cash_limit_fen"]) == (100_00, 50_00)


def test_a_dossier_shows_what_is_under_the_customer(signed_in: Run) -> None:
    shown = signed_in("--json", "show", CHEN).json
    assert {it["type"] for it in shown["records"]} == {"loan", "visit"}

    people = signed_in("show", CHEN).out
    assert "13800000000" in people
    assert "Grain" in people
    assert "JJ1" in people


def test_a_dossier_tells_troubles_first_and_a_month_its_figures(signed_in: Run) -> None:
    words = ["kind=complaint", "direction=in", "at=2026-06-16T01:00:00.000Z", "summary=收费不明"]
    assert signed_in("new", "interaction", "--customer", CHEN, *words).status == 0

    people = signed_in("show", CHEN).out
    assert people.index("收费不明") < people.index("13800000000")
    assert "Be in touch by" in people
    (trouble,) = signed_in("--json", "show", CHEN).json["troubles"]
    assert (trouble["kind"], trouble["state"]) == ("complaint", "open")
    figures = signed_in("--json", "targets", "--month", "2026-06").json
    assert {it["metric"] for it in figures} >= {"par30", "visit_completion"}
    assert "Accepted by the branch" in signed_in("targets").out


# ---------------------------------------------------------------------------------------- decisions


def put_conflict(branch: Branch) -> None:
    entry = {"device": "d2", "number": 4, "made_at": "2026-06-15T02:00:00.000Z", "by": None}
    fields: dict[str, Json] = {
        "record": CHEN, "record_type": "customer", "field": "phone", "kind": "field",
        "base_value": "13800000000", "kept": {**entry, "value": "10000000022"},
        "others": [{**entry, "value": "10000000021"}], "status": "open",
    }  # fmt: skip
    branch.put("conflict", CLASH, CHEN, **fields)


@pytest.mark.parametrize(
    ("ways", "written"),
    [
        (["--keep"], {"status": "resolved", "resolution": "keep"}),
        (["--other", "--chosen", "d2:4"], {"phone": "10000000021"}),
        (["--value", "10000000099", "--comment", "x"], {"phone": "10000000099"}),
    ],
)
def test_a_conflict_is_shown_and_settled(
    signed_in: Run, branch: Branch, ways: list[str], written: Json
) -> None:
    put_conflict(branch)
    signed_in("sync")
    assert "10000000022" in signed_in("conflicts").out
    (found,) = signed_in("--json", "conflicts").json

    ran = signed_in("--json", "resolve", found["id"][:8], *ways)

    assert ran.json == {"number": 1}
    signed_in("sync")
    device = next(it for it in branch.sets.values() if it)
    assert device[1][0]["changes"][0]["set"] == written
    assert "Nothing here" in signed_in("conflicts").out


def test_one_way_out_of_a_conflict_must_be_said(signed_in: Run, branch: Branch) -> None:
    put_conflict(branch)
    signed_in("sync")

    assert signed_in("resolve", CLASH).status == 2
    assert signed_in("resolve", CLASH, "--keep", "--value", "1").status == 2


def test_a_set_that_was_not_accepted_is_listed_mended_and_discarded(
    signed_in: Run, branch: Branch
) -> None:
    branch.reject = lambda one: [
        {"change": 0, "field": "phone", "code": "x", "message": "Phone: try again"}
    ]
    signed_in("edit", CHEN, "phone=10000000021")
    signed_in("edit", LIU, "phone=10000000022")
    signed_in("sync")
    branch.reject = lambda one: None
    assert "Phone: try again" in signed_in("attention").out
    assert [it["set"]["number"] for it in signed_in("--json", "attention").json] == [1, 2]

    assert signed_in("--json", "attention", "--mend", "1", "phone=10000000029").json == {
        "number": 3
    }
    assert signed_in("attention", "--discard", "2").status == 0
    assert signed_in("attention", "--discard", "2").status == 1

    signed_in("sync")
    assert branch.records[CHEN].fields["phone"] == "10000000029"
    assert "Nothing needs you" in signed_in("attention").out


# --------------------------------------------------------------------------------- PIN and rescue


def test_a_pin_encrypts_the_store(signed_in: Run, tmp_path: Path) -> None:
    (tmp_path / "pin").write_text("123456\n")
    (tmp_path / "bad").write_text("654321\n")
    assert signed_in("pin", "set", "--new-pin-file", str(tmp_path / "pin")).status == 0

    ran = signed_in("status")
    assert (ran.status, ran.out) == (1, "")
    assert "PIN" in ran.err
    assert signed_in("--pin-file", str(tmp_path / "bad"), "status").status == 1
    assert signed_in("--pin-file", str(tmp_path / "pin"), "--json", "status").json["all_synced"]
    assert "陈国平".encode() not in (tmp_path / "s.db").read_bytes()


@pytest.mark.parametrize("with_pin", [True, False])
def test_of_a_wiped_device_nothing_is_left(
    signed_in: Run, branch: Branch, tmp_path: Path, with_pin: bool
) -> None:
    from schemas.problems import DeviceWipedError

    own = {it.name for it in tmp_path.iterdir() if not it.name.startswith("s.db")}
    signed_in("edit", CHEN, "phone=10000000021")
    opened: list[str] = []
    if with_pin:
        (tmp_path / "pin").write_text("123456\n")
        signed_in("pin", "set", "--new-pin-file", str(tmp_path / "pin"))
        opened, own = ["--pin-file", str(tmp_path / "pin")], own | {"pin"}
    branch.answer_with = [DeviceWipedError()]

    wiped = signed_in(*opened, "sync")

    assert wiped.status == 1
    assert "This tablet was wiped" in wiped.err
    assert {it.name for it in tmp_path.iterdir()} == own
    assert "Nobody has signed in" in signed_in(*opened, "status").err


def test_unsent_work_is_exported(signed_in: Run, tmp_path: Path) -> None:
    signed_in("edit", CHEN, "phone=10000000021")
    file = tmp_path / "rescue.json"

    assert signed_in("--json", "export", str(file)).json["sets"] == 1

    bundle = json.loads(file.read_text("utf-8"))
    assert bundle["sealed"] is False
    assert bundle["sets"][0]["set"]["changes"][0]["set"] == {"phone": "10000000021"}
    assert file.stat().st_mode & 0o077 == 0
    assert signed_in("export", str(file)).status == 2


# ------------------------------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["edit", CHEN, "phone=12"], 2),
        (["edit", CHEN, "phon=12"], 2),
        (["edit", CHEN, "phone"], 2),
        (["edit", "ffffffff", "phone=1"], 1),
        (["edit", "0199", "phone=1"], 1),
        (["new", "cow", "a=b"], 2),
        (["new", "task", "title=x"], 2),
        (["repay", LOAN, "lots"], 2),
        (["repay", LOAN, "1", "--on", "yesterday"], 2),
        (["repay", CHEN, "1", "--yes"], 1),
        (["visit", "start", CHEN, "--place", "here"], 2),
        (["frobnicate"], 2),
        (["targets", "--month", "June"], 2),
        (["login"], 2),
        (["show"], 2),
        (["--lang", "fr", "status"], 2),
        (["note", CHEN, "R01"], 2),
        (["attention", "--mend", "9"], 1),
        (["resolve", CHEN, "--keep"], 1),
    ],
)
def test_a_mistake_is_one_line_on_stderr_and_an_exit_status(
    signed_in: Run, arguments: list[str], status: int
) -> None:
    ran = signed_in(*arguments)

    assert (ran.status, ran.out) == (status, "")
    assert ran.err.strip()
    assert ran.err.count("\n") == 1
    assert "Traceback" not in ran.err


def test_nothing_works_before_signing_in_and_nothing_is_made(field: Run, tmp_path: Path) -> None:
    ran = field("status")

    assert ran.status == 1
    assert "login" in ran.err
    assert not (tmp_path / "s.db").exists()


def test_a_store_that_is_no_store_is_said_so(field: Run, tmp_path: Path) -> None:
    (tmp_path / "s.db").write_text("hello " * 1000)

    assert field("status").status == 1


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_help_is_in_both_languages_with_an_example(field: Run, lang: str) -> None:
    whole = field("--lang", lang, "--help")
    one = field("--lang", lang, "visit", "finish", "--help")

    assert (whole.status, one.status) == (0, 0)
    assert ("离线工作" if lang == "zh" else "work without a network") in whole.out
    assert "$ xiangxin-field visit finish" in one.out
    assert ("会见人" if lang == "zh" else "Whom you met") in one.out


def test_the_environment_gives_the_language(field: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")

    assert "尚未登录" in field("status").err
