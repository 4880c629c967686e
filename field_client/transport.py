"""HTTP to the server: gzip out and in, time limits, problems turned back into their classes.

It knows nothing of sets and cursors. A link that breaks anywhere is one `OfflineError`: whoever
called sends the same again, and the protocol sees to it that nothing happens twice.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, NoReturn, Protocol, runtime_checkable

import requests
from requests.auth import AuthBase

from field_client.faults import OfflineError
from schemas import problems

Json = Any
CONNECT_SECONDS, READ_SECONDS = 10.0, 60.0
SMALLEST_GZIP_BYTES = 200
MOST_TRIES = 4
LONGEST_WAIT_SECONDS = 60.0
LARGEST_ANSWER_BYTES = 256 << 20


class Transport(Protocol):
    """What a client needs of a network; tests bring their own."""

    server: str
    """The address that the user gave at sign-in."""

    def post(self, path: str, body: Json, bearer: str | None = None) -> Json:
        """Send *body* and return the answer's JSON (None: no content).

        Raises:
            OfflineError: no answer, or not the whole of one.
            problems.XiangxinError: the server's problem, in its class.
        """
        ...


@dataclass(frozen=True)
class Carried:
    """What a server answered to a request of an upload; names of headers are lower case."""

    status: int
    headers: Mapping[str, str]


@runtime_checkable
class Carrier(Transport, Protocol):
    """What sending files needs of a network, beside what a sync needs."""

    def carry(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, bearer: str | None
    ) -> Carried:
        """Send a request with bytes; raises what `Transport.post` raises."""
        ...


class _Bearer(AuthBase):
    """Sets the token, or nothing: without it requests would look for passwords in ~/.netrc."""

    def __init__(self, token: str | None) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self.token is not None:
            request.headers["Authorization"] = f"Bearer {self.token}"
        return request


@dataclass
class HttpTransport:
    """`Transport` over HTTP.

    Args:
        sleep: waits some seconds; tests pass one that only counts.
        jitter: gives a number from 0 to 1, so that a branch's tablets do not come back at once.
    """

    server: str
    sleep: Callable[[float], None]
    jitter: Callable[[], float]
    language: str = "zh"
    session: requests.Session = field(default_factory=requests.Session)

    def post(self, path: str, body: Json, bearer: str | None = None) -> Json:
        """Send *body*; where the server is busy, wait as it asks and try again a few times."""
        for tried in range(MOST_TRIES):
            response = self._send(path, body, bearer)
            if response.status_code not in (429, 503) or tried == MOST_TRIES - 1:
                return _read(response)
            wait = self._wait_seconds(response, tried)
            if wait > LONGEST_WAIT_SECONDS:
                return _read(response)
            self.sleep(wait)
        raise AssertionError("unreachable")

    def carry(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, bearer: str | None
    ) -> Carried:
        """Send a request with bytes, piece by piece: each has its own time to get through."""
        known = {"Accept-Language": self.language, "User-Agent": "xiangxin-field"}
        try:
            response = self.session.request(
                method,
                self.server.rstrip("/") + path,
                data=BytesIO(body) if body else b"",
                headers={**known, **headers},
                auth=_Bearer(bearer),
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise OfflineError(server=self.server, said=type(error).__name__) from error
        if response.status_code >= 300:
            raise _problem(response)
        return Carried(
            response.status_code, {key.lower(): it for key, it in response.headers.items()}
        )

    def close(self) -> None:
        """Close idle connections."""
        self.session.close()

    def _send(self, path: str, body: Json, bearer: str | None) -> requests.Response:
        raw = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "Accept-Language": self.language,
            "User-Agent": "xiangxin-field",
        }
        if len(raw) >= SMALLEST_GZIP_BYTES:
            raw = gzip.compress(raw, mtime=0)
            headers["Content-Encoding"] = "gzip"
        try:
            return self.session.post(
                self.server.rstrip("/") + path,
                data=raw,
                headers=headers,
                auth=_Bearer(bearer),
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise OfflineError(server=self.server, said=type(error).__name__) from error

    def _wait_seconds(self, response: requests.Response, tried: int) -> float:
        asked = response.headers.get("Retry-After", "")
        least = float(asked) if asked.isascii() and asked.isdigit() else float(2**tried)
        return least * (1 + self.jitter() / 2)


def _problem(response: requests.Response) -> problems.XiangxinError:
    """Return the problem that an answer is; one to HEAD has no body, so its status must do."""
    if response.content:
        try:
            return problems.from_answer(json.loads(response.content, parse_constant=_no_json))
        except (ValueError, RecursionError):
            pass
    kinds = [it for it in problems.CATALOGUE.values() if it.status == response.status_code]
    return kinds[0]() if kinds else problems.InternalError()


def _read(response: requests.Response) -> Json:
    if response.status_code == 204:
        return None
    try:
        body = json.loads(response.content, parse_constant=_no_json)
    except (ValueError, RecursionError) as error:
        if response.status_code >= 400:
            raise problems.from_answer(None) from error
        raise OfflineError(server=response.url, said="cut answer") from error
    if response.status_code >= 300:
        raise problems.from_answer(body)
    return body


def _no_json(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")
