"""Who gets in, for how long, and what a form must carry."""

from __future__ import annotations

import pytest

from server.web.visitor import safe_path
from tests.server.branch import Server
from tests.server.web.village import WANG, Village
from tests.server.web.visiting import Visitor, words


def test_the_pages_ask_for_a_sign_in_and_come_back_afterwards(village: Village) -> None:
    visitor = Visitor(village.server)
    asked = visitor.get("/conflicts?show=settled")
    visitor.get(asked.headers["Location"])

    done = visitor.post(
        "/sign-in",
        username="wang.jianguo",
        password="correct horse",
        next="/conflicts?show=settled",
    )

    assert asked.headers["Location"] == "/sign-in?next=/conflicts?show%3Dsettled"
    assert (done.status_code, done.headers["Location"]) == (303, "/conflicts?show=settled")


@pytest.mark.parametrize(
    "wish",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)",
        "/api/v1/hello", "/\r\nX: 1", "", None,
    ],
)  # fmt: skip
def test_nobody_is_sent_elsewhere_after_signing_in(wish: str | None) -> None:
    assert safe_path(wish) == "/"


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(village: Village) -> None:
    visitor = Visitor(village.server)
    visitor.get("/sign-in")

    unknown = visitor.post("/sign-in", username="no.one", password="correct horse")
    wrong = visitor.post("/sign-in", username="wang.jianguo", password="wrong horse")

    assert unknown.status_code == wrong.status_code == 401
    assert words(unknown) == words(wrong)
    assert "do not go together" in words(wrong)


def test_sign_in_is_limited(village: Village) -> None:
    limited = Server(village.server.url, village.server.data, village.clock, {"rate_limit": True})
    visitor = Visitor(limited)
    visitor.get("/sign-in")

    answers = [
        visitor.post("/sign-in", username="sun.fang", password="x").status_code for _ in range(21)
    ]
    limited.close()

    assert answers == [401] * 20 + [429]


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/language"])
def test_a_form_from_elsewhere_is_refused(village: Village, path: str) -> None:
    visitor = Visitor(village.server).sign_in()

    answer = visitor.post(path, csrf_token="made up", lang="zh", username="a", password="b")

    assert answer.status_code == 400
    assert "The form is no longer good" in words(answer)


def test_a_decision_from_elsewhere_is_refused(village: Village) -> None:
    conflict = village.phone_conflict()
    visitor = Visitor(village.server).sign_in()

    answer = visitor.settle(conflict, choice="other-0", csrf_token="made up")

    assert answer.status_code == 400
    assert "Which shall stand?" in words(visitor.get(f"/conflicts/{conflict}"))


def test_the_cookie_is_for_this_site_and_no_script(village: Village) -> None:
    visitor = Visitor(village.server)
    visitor.get("/sign-in")

    cookie = visitor.post("/sign-in", username="wang.jianguo", password="correct horse").headers[
        "Set-Cookie"
    ]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("username", ["li.min", "xu.na"])
def test_other_roles_are_told_where_their_work_is(village: Village, username: str) -> None:
    page = Visitor(village.server).sign_in(username).get("/")

    assert page.status_code == 403
    assert "Your own work is in the tablet app" in words(page)
    assert 'href="/field/"' in page.text


@pytest.mark.parametrize("username", ["wang.jianguo", "qian.bo", "sun.yan"])
def test_supervisors_auditors_and_reviewers_read(village: Village, username: str) -> None:
    visitor = Visitor(village.server).sign_in(username)

    assert [visitor.get(it).status_code for it in ("/", "/arrears", "/conflicts")] == [200] * 3


def test_a_sign_in_lasts_twelve_hours(village: Village) -> None:
    village.at()
    visitor = Visitor(village.server).sign_in()
    village.clock.advance(hours=11, minutes=59)
    late = visitor.get("/")
    village.clock.advance(minutes=2)

    assert late.status_code == 200
    assert visitor.get("/").status_code == 303


def test_a_closed_account_is_out_at_once(village: Village) -> None:
    visitor = Visitor(village.server).sign_in()

    village.deactivate(WANG)

    assert visitor.get("/").headers["Location"].startswith("/sign-in")


def test_a_copied_cookie_ends_with_the_sign_out(village: Village) -> None:
    visitor = Visitor(village.server).sign_in()
    visitor.get("/")
    cookie = visitor.client.get_cookie("session")
    assert cookie is not None

    visitor.post("/sign-out")
    visitor.client.set_cookie("session", cookie.value)

    assert visitor.get("/").headers["Location"].startswith("/sign-in")


def test_every_sign_in_is_a_device_of_its_own(village: Village) -> None:
    before = village.web_devices()

    Visitor(village.server).sign_in()
    Visitor(village.server).sign_in()

    assert len(village.web_devices()) == len(before) + 2


def test_the_language_is_kept_and_the_reader_stays_where_they_are(village: Village) -> None:
    visitor = Visitor(village.server).sign_in()
    visitor.get("/arrears")

    answer = visitor.post("/language", lang="zh", next="/arrears")
    page = visitor.get("/arrears")

    assert answer.headers["Location"] == "/arrears"
    assert '<html lang="zh-CN">' in page.text
    assert "逾期贷款" in words(page)


def test_pages_forbid_what_they_do_not_need(village: Village) -> None:
    page = Visitor(village.server).sign_in().get("/")

    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "path", ["/nowhere", "/conflicts/nothing", "/conflicts/00000000-0000-5000-8000-000000000000"]
)
def test_an_unknown_address_is_answered_with_a_page(village: Village, path: str) -> None:
    page = Visitor(village.server).sign_in().get(path)

    assert page.status_code == 404
    assert page.mimetype == "text/html"
    assert "Nothing is here" in words(page)


def test_the_api_still_answers_with_problem_documents(village: Village) -> None:
    answer = Visitor(village.server).client.get("/api/v1/nowhere")

    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize("path", ["/sign-out", "/language", "/conflicts/x/reopen"])
def test_the_address_of_a_button_is_no_dead_end(village: Village, path: str) -> None:
    assert Visitor(village.server).sign_in().get(path).status_code == 303
