"""The tablet app's files: sent as they were built, kept as long as their names allow."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.branch import Reply, Server

PAGE = "<!doctype html><title>乡信 Xiangxin</title>" + " " * 400
SCRIPT = "export const name = '乡信';" * 40
HASHED = "assets/index-GKDRJRyz.js"
FILES = {
    "index.html": PAGE,
    "sw.js": "addEventListener('fetch', () => {});",
    "manifest.webmanifest": '{"name": "乡信"}',
    "icon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "icon-192.png": "PNG",
    HASHED: SCRIPT,
    "assets/style-Ab12Cd34.css": "body { margin: 0 }" * 40,
    "assets/argon2-Ab12Cd34.wasm": "WASM",
    ".stamp-0123": "",
}
PACKED = ("index.html", "sw.js", HASHED)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the build leaves it; what lies beside it is nobody's to read."""
    folder = tmp_path_factory.mktemp("app") / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder.parent / "secret.txt").write_text("for nobody")
    for name, content in FILES.items():
        (folder / name).write_text(content)
    for name in PACKED:
        (folder / f"{name}.gz").write_bytes(gzip.compress(FILES[name].encode()))
        (folder / f"{name}.br").write_bytes(b"brotli of " + name.encode())
    return folder


@pytest.fixture(scope="module")
def app(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the app, whose database nobody asks."""
    data = tmp_path_factory.mktemp("data")
    found = Server(f"sqlite:///{data}/none.sqlite3", data, settings={"field_app": built})
    yield found
    found.close()


@pytest.fixture
def unbuilt(tmp_path: Path) -> Iterator[Server]:
    """A server beside which no app was built."""
    url = f"sqlite:///{tmp_path}/none.sqlite3"
    found = Server(url, tmp_path, settings={"field_app": tmp_path / "dist"})
    yield found
    found.close()


def get(server: Server, path: str, method: str = "GET", **headers: str) -> Reply:
    return server.send(
        method, path, None, {it.replace("_", "-"): value for it, value in headers.items()}
    )


# ------------------------------------------------------------------------------------------- files

KINDS = {
    "": "text/html; charset=utf-8",
    "index.html": "text/html; charset=utf-8",
    "sw.js": "text/javascript; charset=utf-8",
    "manifest.webmanifest": "application/manifest+json",
    "icon.svg": "image/svg+xml; charset=utf-8",
    "icon-192.png": "image/png",
    HASHED: "text/javascript; charset=utf-8",
    "assets/style-Ab12Cd34.css": "text/css; charset=utf-8",
    "assets/argon2-Ab12Cd34.wasm": "application/wasm",
}


@pytest.mark.parametrize("name", KINDS)
def test_a_file_is_sent_as_it_is_with_its_kind(app: Server, name: str) -> None:
    reply = get(app, f"/field/{name}")

    assert (reply.status, reply.headers["Content-Type"]) == (200, KINDS[name])
    assert reply.body.decode() == FILES[name or "index.html"]


@pytest.mark.parametrize("name", KINDS)
def test_a_file_is_guarded_and_sets_no_cookie(app: Server, name: str) -> None:
    headers = get(app, f"/field/{name}").headers

    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:"
        " blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action"
        " 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types xiangxin"
    )
    assert headers["Permissions-Policy"] == "geolocation=(self), camera=(self), microphone=()"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize(
    ("name", "kept"),
    [(it, "no-cache") for it in ("", "index.html", "sw.js", "manifest.webmanifest", "icon-192.png")]
    + [(it, "public, max-age=31536000, immutable") for it in FILES if it.startswith("assets/")],
)
def test_only_a_name_with_a_hash_is_kept_without_asking(app: Server, name: str, kept: str) -> None:
    assert get(app, f"/field/{name}").headers["Cache-Control"] == kept


def test_the_worker_may_act_on_the_app_alone(app: Server) -> None:
    allowed = {it: get(app, f"/field/{it}").headers.get("Service-Worker-Allowed") for it in FILES}

    assert {it: found for it, found in allowed.items() if found} == {"sw.js": "/field/"}


def test_what_did_not_change_is_not_sent_again(app: Server) -> None:
    mark = get(app, "/field/").headers["ETag"]

    again = get(app, "/field/", If_None_Match=mark)

    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == mark
    assert again.headers["Cache-Control"] == "no-cache"


def test_a_new_build_of_the_same_size_and_time_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text("index-AAAAAAAA.js")
    at = page.stat()
    found = Server(f"sqlite:///{tmp_path}/none.sqlite3", tmp_path, settings={"field_app": tmp_path})
    mark = get(found, "/field/").headers["ETag"]

    page.write_text("index-BBBBBBBB.js")
    os.utime(page, ns=(at.st_atime_ns, at.st_mtime_ns))
    again = get(found, "/field/", If_None_Match=mark)
    found.close()

    assert (again.status, again.body) == (200, b"index-BBBBBBBB.js")


def test_a_head_is_a_get_without_its_body(app: Server) -> None:
    whole, head = get(app, "/field/"), get(app, "/field/", "HEAD")

    assert (head.status, head.body) == (200, b"")
    assert head.headers["ETag"] == whole.headers["ETag"]


# -------------------------------------------------------------------------------------- packed files

ACCEPTED = {
    "br, gzip": "br",
    "gzip, deflate, br, zstd": "br",
    "gzip": "gzip",
    "gzip;q=1.0, br;q=0.5": "gzip",
    "br;q=0, gzip": "gzip",
    "*": "br",
    "zstd": None,
    "identity": None,
    "gzip;q=0, br;q=0": None,
    "": None,
    ";;q=x": None,
}


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize(("accepted", "encoding"), ACCEPTED.items(), ids=ACCEPTED)
def test_a_file_is_sent_packed_as_the_reader_likes_it(
    app: Server, name: str, accepted: str, encoding: str | None
) -> None:
    reply = get(app, f"/field/{name}", Accept_Encoding=accepted)

    assert reply.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in reply.headers["Vary"]
    assert reply.headers["Content-Type"] == KINDS[name]
    assert reply.headers["Content-Length"] == str(len(reply.body))
    if encoding == "br":
        assert reply.body == b"brotli of " + name.encode()
    else:
        assert reply.plain.decode() == FILES[name]


def test_the_forms_of_a_file_are_told_apart(app: Server) -> None:
    marks = [
        get(app, "/field/", Accept_Encoding=it).headers["ETag"] for it in ("br", "gzip", "identity")
    ]

    assert len(set(marks)) == 3
    assert get(app, "/field/", Accept_Encoding="gzip", If_None_Match=marks[0]).status == 200


def test_what_was_not_packed_is_sent_plain(app: Server) -> None:
    reply = get(app, "/field/assets/style-Ab12Cd34.css", Accept_Encoding="br, gzip, zstd")

    assert "Content-Encoding" not in reply.headers
    assert reply.body.decode() == FILES["assets/style-Ab12Cd34.css"]


# ------------------------------------------------------------------------------------------ no files

NOWHERE = {
    "no such file": "nothing.js",
    "no such asset": "assets/index-00000000.js",
    "a folder": "assets",
    "a folder with its slash": "assets/",
    "a packed form": "index.html.br",
    "another packed form": f"{HASHED}.gz",
    "a stamp": ".stamp-0123",
    "above": "../secret.txt",
    "above, escaped": "%2e%2e/secret.txt",
    "above, the slash escaped": "..%2fsecret.txt",
    "above, twice escaped": "%252e%252e/secret.txt",
    "above, from below": "assets/../../secret.txt",
    "above, backwards": "..%5csecret.txt",
    "from the root": "%2fetc%2fpasswd",
    "from the root, doubled": "%2f%2fetc/passwd",
    "a NUL": "index.html%00.png",
    "no UTF-8": "%ff%fe",
    "an endless name": "a" * 5000,
    "endless folders": "a/" * 2000,
}


@pytest.mark.parametrize("name", NOWHERE.values(), ids=NOWHERE)
def test_nothing_else_is_sent(app: Server, name: str) -> None:
    reply = get(app, f"/field/{name}")

    assert reply.status in (308, 404)  # doubled slashes lead to the single one
    assert b"for nobody" not in reply.plain
    assert b"root:" not in reply.plain


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/field", "/field/", "/field/sw.js"])
def test_files_are_only_read(app: Server, method: str, path: str) -> None:
    assert get(app, path, method).status == 405


def test_the_address_without_its_slash_leads_to_the_app(app: Server) -> None:
    reply = get(app, "/field?source=homescreen")

    assert (reply.status, reply.headers["Location"]) == (308, "/field/")


def test_nobody_is_slowed_down(app: Server) -> None:
    settings = {**app.settings, "rate_limit": True}
    limited = Server(app.url, app.data, settings=settings)

    found = {get(limited, "/field/").status for _ in range(60)}
    limited.close()

    assert found == {200}


# ---------------------------------------------------------------------------------------- not built


@pytest.mark.parametrize(
    ("lang", "title", "what"),
    [
        ("en", "The tablet app is not built here", "Run “make build” on the server"),
        ("zh-CN", "此处尚未构建平板应用", "请在服务器上运行 make build"),
    ],
)
def test_an_app_that_was_not_built_is_said_in_words(
    unbuilt: Server, lang: str, title: str, what: str
) -> None:
    reply = get(unbuilt, "/field/", Accept_Language=lang)

    assert (reply.status, reply.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert title in reply.plain.decode()
    assert what in reply.plain.decode()
    assert reply.headers["Cache-Control"] == "no-store"


def test_an_app_that_is_built_later_needs_no_restart(unbuilt: Server) -> None:
    assert get(unbuilt, "/field/").status == 404
    folder = unbuilt.settings["field_app"]
    folder.mkdir()
    (folder / "index.html").write_text(PAGE)

    assert get(unbuilt, "/field/").body.decode() == PAGE


def test_the_package_is_where_the_app_is_looked_for(tmp_path: Path) -> None:
    found = Server(f"sqlite:///{tmp_path}/none.sqlite3", tmp_path)

    reply = get(found, "/field/")
    found.close()

    assert reply.status in (200, 404)  # built or not
    assert b"Xiangxin" in reply.plain
