"""What a scenario expects of the end, compared with what there is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from server import store
from tests.scenarios.declared import ident, meant
from tests.scenarios.replay import Replay
from tests.scenarios.tablet import Answer, Tablet

Json = Any


def fits(value: Json, wanted: Json) -> bool:
    """Tell whether *value* is *wanted*, or one of them where it is a list."""
    return value in wanted if isinstance(wanted, list) else bool(value == wanted)


def texts(value: Json) -> Iterator[str]:
    """Yield every text within a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


@dataclass
class Checked:
    """A played scenario, with every way in which it is not as expected."""

    replay: Replay

    def faults(self) -> list[str]:
        """Return what is wrong, key by key of `expected`, in words; at last whether all agree."""
        expected = self.replay.scenario["expected"]
        found: list[str] = []
        for key, wanted in expected.items():
            if key not in ("all_devices_equal_server", "conflicts", "quarantine"):
                check = getattr(self, f"_{key}")
                found += [f"{key}: {it}" for it in check(wanted)]
        found += self._conflicts(expected.get("conflicts", []))
        found += self._quarantine(expected.get("quarantine", []))
        if expected["all_devices_equal_server"]:
            found += self._all_equal()
        return [*found, *(it for one in self._tablets for it in one.mismatches)]

    @property
    def _tablets(self) -> list[Tablet]:
        return list(self.replay.tablets.values())

    # --------------------------------------------------------------------------------- what came

    def _results(self, wanted: Sequence[Json]) -> Iterator[str]:
        for one in wanted:
            came = [
                result
                for tablet in self._tablets
                for answer in tablet.answers
                for result in answer.body.get("results", ())
                if answer.step == one["step"] and result["number"] == one["set"]
            ]
            if not any(_result_fits(it, one) for it in came):
                yield f"{one}, came {came}"

    def _web(self, wanted: Sequence[Json]) -> Iterator[str]:
        for one in wanted:
            status, code = self.replay.at_web[one["step"]]
            if not fits(status, one.get("status", status)) or not fits(code, one.get("code", code)):
                yield f"{one}, came {status} {code}"

    def _http(self, wanted: Sequence[Json]) -> Iterator[str]:
        for one in wanted:
            came = [
                it for tablet in self._tablets for it in tablet.answers if it.step == one["step"]
            ]
            if not any(_answer_fits(it, one) for it in came):
                yield f"{one}, came {[(it.status, it.body) for it in came]}"

    def _same_records(self, steps: Sequence[int]) -> Iterator[str]:
        came = [
            [answer.body["records"] for answer in tablet.answers if answer.step == step]
            for step in steps
            for tablet in self._tablets
            if any(it.step == step for it in tablet.answers)
        ]
        if any(it != came[0] for it in came):
            yield f"{came}"

    def _max_records_sent_twice(self, most: int) -> Iterator[str]:
        for tablet in self._tablets:
            sent = Counter(
                it["id"] for answer in tablet.answers for it in answer.body.get("records", ())
            )
            twice = sum(count - 1 for count in sent.values())
            if twice > most:
                yield f"{tablet.name}: {twice}"

    # --------------------------------------------------------------------------------- the server

    def _server(self, wanted: Mapping[str, Json]) -> Iterator[str]:
        held = {it.id: it for it in self.replay.world.records() if not it.deleted}
        for name, fields in wanted.items():
            row = held.get(ident(name))
            if fields is None or row is None:
                if (fields is None) != (row is None):
                    yield f"{name} {'is there' if row else 'is not there'}"
                continue
            for path, value in fields.items():
                stored = row.customer if path == "customer" else row.fields.get(path)
                want = ident(value) if path == "customer" else meant(value)
                if stored != want:
                    yield f"{name}.{path} is {stored!r}, not {want!r}"

    def _server_contains(self, wanted: Mapping[str, Mapping[str, Sequence[str]]]) -> Iterator[str]:
        held = {it.id: it for it in self.replay.world.records() if not it.deleted}
        for name, fields in wanted.items():
            for path, parts in fields.items():
                text, at = held[ident(name)].fields.get(path) or "", 0
                for part in parts:
                    at = text.find(part, at)
                    if at < 0:
                        yield f"{name}.{path} is {text!r} without {part!r}"
                        break
                    at += len(part)

    def _counts(self, wanted: Mapping[str, int]) -> Iterator[str]:
        live = Counter(it.type for it in self.replay.world.records() if not it.deleted)
        for kind, count in wanted.items():
            if live[kind] != count:
                yield f"{live[kind]} of {kind}, not {count}"

    def _still_readable(self, wanted: Sequence[str]) -> Iterator[str]:
        world = self.replay.world
        held = [it.fields for it in world.records()]
        held += [json.loads(it.payload) for it in world.read(store.log) if it.payload]
        sets = world.read(store.change_set)
        held += [json.loads(it.content) for it in sets if it.status in ("rejected", "held")]
        found = list(texts(held))
        for word in wanted:
            if not any(word in it for it in found):
                yield f"{word!r} is lost"

    def _conflicts(self, wanted: Sequence[Json]) -> list[str]:
        rows = [
            it for it in self.replay.world.records() if it.type == "conflict" and not it.deleted
        ]
        shown = [it.fields for it in rows]
        fitting = len(shown) == len(wanted) and any(
            all(map(_conflict_fits, order, wanted)) for order in permutations(shown)
        )
        return [] if fitting else [f"conflicts: {shown}, wanted {wanted}"]

    def _quarantine(self, wanted: Sequence[Json]) -> list[str]:
        names = {
            it.id.removesuffix(it.id[-6:]) + f"{life:06d}": it.name
            for it in self._tablets
            for life in range(1, it.life + 1)
        }
        found = sorted(
            (names[it.device], it.number)
            for it in self.replay.world.read(store.change_set)
            if it.status in ("rejected", "held") and it.device in names
        )
        asked = sorted((it["device"], it["set"]) for it in wanted)
        return [] if found == asked else [f"quarantine: {found}, wanted {asked}"]

    # -------------------------------------------------------------------------------- the tablets

    def _devices(self, wanted: Mapping[str, Mapping[str, Json]]) -> Iterator[str]:
        for name, keys in wanted.items():
            tablet = self.replay.tablets[name]
            for key, value in keys.items():
                for fault in getattr(self, f"_tablet_{key}")(tablet, value):
                    yield f"{name} {key} {fault}"

    def _tablet_has(self, tablet: Tablet, names: Sequence[str]) -> Iterator[str]:
        view = tablet.view()
        yield from (it for it in names if ident(it) not in view)

    def _tablet_lacks(self, tablet: Tablet, names: Sequence[str]) -> Iterator[str]:
        view = tablet.view()
        yield from (it for it in names if ident(it) in view)

    def _tablet_values(self, tablet: Tablet, wanted: Mapping[str, Json]) -> Iterator[str]:
        view = tablet.view()
        for name, fields in wanted.items():
            for path, value in fields.items():
                shown = view.get(ident(name), {}).get(path)
                if shown != meant(value):
                    yield f"{name}.{path} is {shown!r}, not {value!r}"

    def _tablet_pending(self, tablet: Tablet, count: int) -> Iterator[str]:
        if tablet.pending != count:
            yield f"{tablet.pending}, not {count}"

    def _tablet_attention(self, tablet: Tablet, count: int) -> Iterator[str]:
        if tablet.attention != count:
            yield f"{tablet.attention}, not {count}"

    def _tablet_left(self, tablet: Tablet, names: Sequence[str]) -> Iterator[str]:
        left = _left(tablet)
        yield from (it for it in names if ident(it) not in left)

    def _tablet_never_left(self, tablet: Tablet, names: Sequence[str]) -> Iterator[str]:
        left = _left(tablet)
        yield from (it for it in names if ident(it) in left)

    def _tablet_whole(self, tablet: Tablet, names: Sequence[str]) -> Iterator[str]:
        whole = {it["id"] for it in _records(tablet.answers) if it.get("whole")}
        yield from (it for it in names if ident(it) not in whole)

    def _tablet_never_mentioned(self, tablet: Tablet, words: Sequence[str]) -> Iterator[str]:
        for word in words:
            for answer in tablet.answers:
                said = (ident(word.removeprefix("@")), json.dumps(word, ensure_ascii=False)[1:-1])
                if any(it in answer.text for it in said):
                    yield f"{word} in step {answer.step}"

    def _tablet_not_echoed(self, tablet: Tablet, wanted: Sequence[Json]) -> Iterator[str]:
        for one in wanted:
            answers = [it for it in tablet.answers if it.step == one["step"]]
            if any(it["id"] == ident(one["record"]) for it in _records(answers)):
                yield f"{one}"

    def _tablet_notice(self, tablet: Tablet, code: str) -> Iterator[str]:
        codes = {n["code"] for it in tablet.answers for n in it.body.get("notices", ())}
        if code not in codes:
            yield f"{codes}"

    def _tablet_digest_equal(self, tablet: Tablet, equal: bool) -> Iterator[str]:
        last = [it.body["digest"] for it in tablet.answers if "digest" in it.body][-1]
        if (tablet.digest() == last) != equal:
            yield f"{tablet.digest()} and {last}"

    # -------------------------------------------------------------------------- all as the server

    def _all_equal(self) -> list[str]:
        """Sync each tablet once more, then compare field by field with an oracle for its scope."""
        found: list[str] = []
        for tablet in self._tablets:
            tablet.step = len(self.replay.scenario["steps"]) + 1
            tablet.sync({})
        for tablet in self._tablets:
            oracle = self._scope_of(tablet)
            held = {
                it: (one.customer, one.version, one.fields)
                for it, one in (tablet.copy or {}).items()
            }
            found += [
                f"{tablet.name} holds {held.get(it)}, the server {oracle.get(it)}"
                for it in sorted(held.keys() | oracle.keys())
                if held.get(it) != oracle.get(it)
            ]
        return found

    def _scope_of(self, tablet: Tablet) -> dict[str, Json]:
        rows = [it for it in self.replay.world.records() if not it.deleted]
        user = ident(tablet.user)
        mine = {
            it.id
            for it in rows
            if it.type == "customer"
            for holder in json.loads(it.holders)
            if holder[0] == user and holder[4] is None
        }
        about_me = {"assignment": "officer_id", "device": "user_id"}
        return {
            it.id: (it.customer, it.version, it.fields)
            for it in rows
            if it.customer in mine
            or it.type in ("org_unit", "user")
            or (it.type in about_me and it.fields[about_me[it.type]] == user)
        }


def _records(answers: Sequence[Answer]) -> Iterator[Json]:
    for answer in answers:
        yield from answer.body.get("records", ())


def _left(tablet: Tablet) -> set[str]:
    return {it["customer"] for answer in tablet.answers for it in answer.body.get("left", ())}


def _result_fits(result: Json, wanted: Json) -> bool:
    codes = [it["code"] for it in result.get("errors", ())]
    return (
        fits(result["status"], wanted.get("status", result["status"]))
        and result["repeated"] == wanted.get("repeated", result["repeated"])
        and ("code" not in wanted or any(fits(it, wanted["code"]) for it in codes))
    )


def _answer_fits(answer: Answer, wanted: Json) -> bool:
    members = {it: answer.body.get(it) for it in ("next", "known_through")}
    has = {"status": answer.status, "code": answer.code, **members}
    return all(fits(has[key], value) for key, value in wanted.items() if key != "step")


def _conflict_fits(fields: Mapping[str, Json], wanted: Mapping[str, Json]) -> bool:
    others = [it["value"] for it in fields["others"]]
    kept = fields["kept"].get("value")
    every = sorted([kept, *others], key=json.dumps)
    has = {
        "record": fields["record"], "field": fields.get("field"), "kind": fields["kind"],
        "status": fields["status"], "base": fields.get("base_value"), "kept": kept,
        "others": others, "values": every, "resolved_by": fields.get("resolved_by"),
    }  # fmt: skip
    want = {
        **{key: meant(value) for key, value in wanted.items()},
        "record": ident(wanted["record"]),
        "values": sorted(meant(wanted.get("values", every)), key=json.dumps),
    }
    if "resolved_by" in want:
        want["resolved_by"] = ident(want["resolved_by"])
    including = want.pop("others_include", [])
    return all(has[key] == value for key, value in want.items()) and all(
        any(_holds(one, it) for one in others) for it in including
    )


def _holds(value: Json, wanted: Json) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(value, Mapping) and all(
            key in value and value[key] == it for key, it in wanted.items()
        )
    return bool(value == wanted)
