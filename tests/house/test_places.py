"""Each place that ``tests/places.py`` gives is what it says it is."""

import socket

import psycopg
import pytest
import requests
from playwright.sync_api import Page
from sqlalchemy import create_engine, text
from sqlcipher3 import dbapi2 as sqlite

from tests.places import Cluster, NetworkForbiddenError

SAFE_SQLITE = (3, 51, 3)  # the first without the WAL-reset bug


def test_every_database_answers(database_url: str) -> None:
    options = {"module": sqlite} if database_url.startswith("sqlite") else {}
    engine = create_engine(database_url, **options)

    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE village (name VARCHAR(20))"))
        connection.execute(text("INSERT INTO village VALUES ('青禾')"))
        names = connection.scalars(text("SELECT name FROM village")).all()
    engine.dispose()

    assert names == ["青禾"]


def test_sqlite_is_past_the_wal_reset_bug() -> None:
    assert sqlite.sqlite_version_info >= SAFE_SQLITE


@pytest.mark.postgres
def test_postgresql_is_reached_over_psycopg_3(postgres_url: str) -> None:
    engine = create_engine(postgres_url)

    assert engine.dialect.driver == "psycopg"


@pytest.mark.postgres
def test_a_template_is_prepared_once_and_copied(postgres_cluster: Cluster) -> None:
    prepared = []

    def prepare(url: str) -> None:
        prepared.append(url)
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE village (name TEXT)")

    for _ in range(2):
        template = postgres_cluster.template("template_of_one_village", prepare)
        with postgres_cluster.database(template) as url, psycopg.connect(url) as connection:
            connection.execute("INSERT INTO village VALUES ('青禾')")
            (rows,) = connection.execute("SELECT count(*) FROM village").fetchone() or (0,)

            assert rows == 1

    assert len(prepared) == 1


@pytest.mark.postgres
@pytest.mark.long  # PostgreSQL waits five seconds before it says so
def test_a_connection_left_open_is_reported(postgres_cluster: Cluster) -> None:
    place = postgres_cluster.database()
    connection = psycopg.connect(place.__enter__())

    with pytest.raises(AssertionError, match="left a connection open"):
        place.__exit__(None, None, None)
    connection.close()


@pytest.mark.browser
def test_chromium_renders_a_page_and_runs_its_script(page: Page) -> None:
    page.goto("data:text/html;charset=utf-8,<p>今天</p><script>document.title = 6 * 7</script>")

    assert page.inner_text("p") == "今天"
    assert page.title() == "42"


def test_a_connection_beyond_loopback_is_refused() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outward,
        pytest.raises(NetworkForbiddenError, match=r"192\.0\.2\.1"),
    ):
        outward.connect(("192.0.2.1", 443))


def test_a_name_is_not_looked_up() -> None:
    with pytest.raises(NetworkForbiddenError, match=r"bank\.example"):
        requests.get("https://bank.example/", timeout=1)


def test_loopback_is_reached_by_name_and_by_number() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        for host in ("localhost", "127.0.0.1"):
            socket.create_connection((host, port)).close()
