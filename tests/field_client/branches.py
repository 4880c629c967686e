"""A branch to sync with, in memory: it follows the protocol, merges nothing and obeys the test.

It is no server: edits simply stand in the order in which they come, everyone sees everything. What a
device must do with cuts, pages, problems, tokens and numbers can be told with it in microseconds.
"""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from field_client.faults import OfflineError
from schemas import problems
from schemas.registry import REGISTRY
from sync.digest import bucket, bucket_sums, digest_of

Json = Any
SERVER_TIME = "2026-06-16T04:00:00.000Z"
USERS = {
    name: {"id": f"01990000-0000-7000-8000-0000000f000{n}", "username": name, "role": role}
    for n, (name, role) in enumerate(
        [("li.min", "officer"), ("zhao.lei", "officer"), ("wang", "supervisor")]
    )
}


@dataclass
class Kept:
    """A record, with the position at which each field was last changed."""

    type: str
    id: str
    customer: str | None
    version: int = 0
    fields: dict[str, Json] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)
    created: int = 0
    removed: bool = False


@dataclass
class Branch:
    """The branch's log, its devices' sets, and what the test wants to go wrong.

    Attributes:
        reject: tells why a set is rejected, or None.
        answer_with: problems for the coming requests, the first first; None: all is well.
        holds: the ids of the sets that a restored server says it holds.
        cut: for the coming requests: "up" the request is lost, "down" the answer is; None: neither.
    """

    epoch: str = "epoch-1"
    head: int = 0
    records: dict[str, Kept] = field(default_factory=dict)
    left: list[tuple[int, str]] = field(default_factory=list)
    sets: dict[str, dict[int, tuple[Json, Json]]] = field(default_factory=dict)
    refresh_tokens: dict[str, tuple[str, str]] = field(default_factory=dict)
    access_tokens: set[str] = field(default_factory=set)
    reject: Callable[[Json], list[Json] | None] = lambda one: None
    statuses: dict[int, str] = field(default_factory=dict)
    answer_with: list[problems.XiangxinError | None] = field(default_factory=list)
    cut: list[str | None] = field(default_factory=list)
    holds: list[str] = field(default_factory=list)
    requests: list[Json] = field(default_factory=list)
    refuse_sign_in: problems.XiangxinError | None = None
    wrong_digest: int = 0
    repairs: bool = True
    tokens_given: int = 0

    # ------------------------------------------------------------------------ what the test does

    def put(self, type_name: str, record: str, customer: str | None, /, **fields: Json) -> None:
        """Write a record, as somebody else's work."""
        self._write(type_name, record, customer, fields)

    def remove(self, record: str) -> None:
        """Delete a record, as somebody else's work."""
        self.head += 1
        self.records[record].removed = True
        self.records[record].version = self.head

    def take_away(self, customer: str) -> None:
        """Hand a customer over to somebody else."""
        self.head += 1
        self.left.append((self.head, customer))
        for name in [it.id for it in self.records.values() if it.customer == customer]:
            del self.records[name]

    def restore(self, epoch: str, lost_above: dict[str, int]) -> None:
        """Come back from a backup: a new epoch, and of each device only the sets up to a number."""
        self.epoch = epoch
        for device, through in lost_above.items():
            held = self.sets.get(device, {})
            self.sets[device] = {n: it for n, it in held.items() if n <= through}

    def expire_access(self) -> None:
        """Let fifteen minutes pass."""
        self.access_tokens.clear()

    def known_through(self, device: str) -> int:
        """Return the greatest number had from a device."""
        return max(self.sets.get(device, {}), default=0)

    # ------------------------------------------------------------------------------ what it serves

    def serve(self, path: str, body: Json, bearer: str | None) -> Json:
        """Answer a request as it arrives; *body* and the answer are plain JSON, never shared."""
        body = json.loads(json.dumps(body))
        self.requests.append({"path": path, "body": body})
        cut = self.cut.pop(0) if self.cut else None
        if cut == "up":
            raise OfflineError(server="branch", said="cut")
        answer = deepcopy(self._route(path, body, bearer))
        if cut == "down":
            raise OfflineError(server="branch", said="cut")
        return answer

    def _route(self, path: str, body: Json, bearer: str | None) -> Json:
        if path.endswith("/auth/login"):
            return self._login(body)
        if path.endswith("/auth/refresh"):
            return self._refresh(body["refresh_token"])
        if path.endswith("/auth/logout"):
            return self.refresh_tokens.pop(body["refresh_token"], None) and None
        if bearer not in self.access_tokens:
            raise problems.TokenExpiredError
        if path.endswith("/sync/repair"):
            return self._repair(body)
        return self._sync(body, str(bearer).split()[1])

    def _login(self, body: Json) -> Json:
        if self.refuse_sign_in is not None:
            raise self.refuse_sign_in
        if body["password"] != "correct":
            raise problems.UnauthenticatedError
        device = body["device"]["id"]
        if device not in self.records:
            code = f"T{sum(it.type == 'device' for it in self.records.values()) + 1}"
            self.put("device", device, None, user_id=USERS[body["username"]]["id"], code=code)
        return self._tokens(body["username"], device)

    def _tokens(self, username: str, device: str) -> Json:
        self.tokens_given += 1
        access, refresh = f"access {device} {self.tokens_given}", f"refresh {self.tokens_given}"
        self.access_tokens = {access}
        self.refresh_tokens[refresh] = (username, device)
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": 900,
            "refresh_token": refresh,
            "user": {**USERS[username], "name": username, "branch": "b"},
            "device": {
                "id": device,
                "known_through": self.known_through(device),
                "held": self.holds,
            },
            "epoch": self.epoch,
            "seal_key": "",
        }

    def _refresh(self, token: str) -> Json:
        if token not in self.refresh_tokens:
            raise problems.UnauthenticatedError
        return self._tokens(*self.refresh_tokens[token])

    def _sync(self, body: Json, device: str) -> Json:
        problem = self.answer_with.pop(0) if self.answer_with else None
        pull_only = isinstance(
            problem, problems.BadCursorError | problems.StartOverError | problems.DeviceLockedError
        )
        if problem is not None and not pull_only:
            raise problem
        if body["epoch"] not in (None, self.epoch):
            known = self.known_through(device)
            raise problems.EpochChangedError(epoch=self.epoch, known_through=known, held=self.holds)
        results = self._apply(device, body["sets"])
        if problem is not None:
            problem.extra = {"results": results, "known_through": self.known_through(device)}
            raise problem
        return {**self._page(body), **self._facts(device, results)}

    def _facts(self, device: str, results: list[Json]) -> Json:
        return {
            "server_time": SERVER_TIME,
            "epoch": self.epoch,
            "known_through": self.known_through(device),
            "results": results,
            "notices": [],
        }

    # -------------------------------------------------------------------------------------- push

    def _apply(self, device: str, sets: list[Json]) -> list[Json]:
        held = self.sets.setdefault(device, {})
        numbers = [it["number"] for it in sets]
        start = self.known_through(device) + 1
        if numbers and (
            numbers[0] > start or numbers != list(range(numbers[0], numbers[0] + len(numbers)))
        ):
            raise problems.SetsOutOfOrderError(next=start, known_through=start - 1)
        for one in sets:
            content = {"id": one["id"], "changes": one["changes"]}
            if one["number"] in held and held[one["number"]][0] != content:
                raise problems.SetChangedError(known_through=start - 1)
        return [self._decide(held, one) for one in sets]

    def _decide(self, held: dict[int, tuple[Json, Json]], one: Json) -> Json:
        number = one["number"]
        if number in held:
            return {**held[number][1], "number": number, "repeated": True}
        twin = [
            it for sets in self.sets.values() for it in sets.values() if it[0]["id"] == one["id"]
        ]
        result = twin[0][1] if twin else self._result(one)
        held[number] = ({"id": one["id"], "changes": one["changes"]}, result)
        return {**result, "number": number, "repeated": bool(twin)}

    def _result(self, one: Json) -> Json:
        errors = self.reject(one)
        if one["action"] in ("too-large", "unreadable", "withdrawn"):
            errors = [{"change": None, "field": None, "code": one["action"], "message": "…"}]
        if errors:
            return {"status": "rejected", "errors": errors}
        status = self.statuses.get(one["number"], "applied")
        if status == "held":
            return {"status": "held", "changes": []}
        told = [self._change(it, status) for it in one["changes"]]
        return {"status": status, "changes": told}

    def _change(self, change: Json, status: str) -> Json:
        if change["op"] == "delete":
            self.remove(change["id"])
        else:
            self._write(change["type"], change["id"], change["customer"], change["set"])
        version = self.records[change["id"]].version
        return {"id": change["id"], "version": version, "status": status, "conflicts": []}

    def _write(
        self, type_name: str, record: str, customer: str | None, fields: dict[str, Json]
    ) -> None:
        self.head += 1
        if record not in self.records:
            self.records[record] = Kept(type_name, record, customer, created=self.head)
        kept = self.records[record]
        kept.version = self.head
        for path, value in fields.items():
            declared = REGISTRY[type_name].field(path)
            if declared is not None and declared.policy == "set":
                value = _edited(kept.fields.get(path, []), value)
            kept.fields[path] = value
            kept.marks[path] = self.head

    # -------------------------------------------------------------------------------------- pull

    def _page(self, body: Json) -> Json:
        start, at, run = json.loads(body["cursor"] or "[0, 0, 0]")
        run = run or self.head
        rows = sorted(
            [(it.version, it) for it in self.records.values() if it.version > at]
            + [(position, name) for position, name in self.left if position > at],
            key=lambda it: it[0],
        )
        page, more = rows[: body["page"]], len(rows) > body["page"]
        end = page[-1][0] if more else self.head
        cursor = [start, end, run] if more else [end, end, 0]
        gone = [it for _, it in page if isinstance(it, str) and body["cursor"]]
        answer = {
            "left": [{"customer": it, "reason": "handover"} for it in gone],
            "records": [_shape(it, start) for _, it in page if isinstance(it, Kept)],
            "cursor": json.dumps(cursor),
            "position": run if more else self.head,
            "more": more,
        }  # fmt: skip
        return answer if more else {**answer, "digest": self._digest()}

    def _repair(self, body: Json) -> Json:
        """Send one bucket that differs; an earlier server knows no such address."""
        if not self.repairs:
            raise problems.NotFoundError
        live = [it for it in self.records.values() if not it.removed]
        here = bucket_sums((it.id, it.version) for it in live)
        differing = [it for it in range(256) if here[it] != body["buckets"][it]]
        sent = [it for it in live if differing and bucket(it.id) == differing[0]]
        held = [[it.id, it.version] for it in sent]
        return {
            "buckets": [{"bucket": it, "held": held} for it in differing[:1]],
            "records": [_shape(it, 0) for it in sent],
            "more": len(differing) > 1,
        }

    def _digest(self) -> Json:
        live = [(it.id, it.version) for it in self.records.values() if not it.removed]
        found = digest_of(live)
        self.wrong_digest -= 1
        return {"records": found.records + (self.wrong_digest >= 0), "sum": found.sum}


def _edited(held: list[Json], value: Json) -> list[Json]:
    if isinstance(value, list):
        return sorted(value)
    return sorted((set(held) - set(value.get("remove", ()))) | set(value.get("add", ())))


def _shape(kept: Kept, start: int) -> Json:
    named = {
        "type": kept.type, "id": kept.id, "customer": kept.customer, "version": kept.version,
    }  # fmt: skip
    if kept.removed:
        return {**named, "removed": True}
    if kept.created > start:
        return {**named, "whole": True, "set": kept.fields}
    changed = {path: kept.fields[path] for path, at in kept.marks.items() if at > start}
    return {**named, "whole": False, "set": changed}
