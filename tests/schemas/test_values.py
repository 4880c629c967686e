"""Values that cannot be wrong: a constructor or a parser that succeeds is a proof."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.values import (
    MAX_MILLIS,
    NAMESPACE,
    Hlc,
    canonical_json,
    derived_id,
    format_instant,
    from_millis,
    is_national_id,
    is_record_id,
    json_equal,
    parse_date,
    parse_instant,
    to_millis,
    uuid7,
)

DEVICE = "0198f2c4-a1b3-7abc-9def-0123456789ab"
ten_bytes = st.binary(min_size=10, max_size=10)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip

NO_TEXT = [None, 17, 1.5, True, b"0198", ["x"]]


# ------------------------------------------------------------------------------------------ ids


def test_the_example_of_the_rfc_is_made() -> None:
    """RFC 9562, appendix A.6."""
    made = uuid7(0x017F22E279B0, bytes.fromhex("0cc3 18c4 dc0c 0c07 398f"))

    assert made == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@given(st.integers(-(2**60), 2**60), ten_bytes)
def test_every_made_id_is_a_version_7_uuid_of_its_time(now_ms: int, random_bytes: bytes) -> None:
    made = UUID(uuid7(now_ms, random_bytes))

    assert (made.version, made.variant) == (7, RFC_4122)
    assert made.int >> 80 == min(max(now_ms, 0), MAX_MILLIS)
    assert is_record_id(str(made))


@given(st.integers(0, MAX_MILLIS - 1), ten_bytes, ten_bytes)
def test_ids_sort_by_the_time_they_were_made(now_ms: int, one: bytes, other: bytes) -> None:
    assert uuid7(now_ms, one) < uuid7(now_ms + 1, other)


@given(ten_bytes, ten_bytes)
def test_74_random_bits_tell_ids_of_one_millisecond_apart(one: bytes, other: bytes) -> None:
    mask = ~(0xF << 76 | 0x3 << 62)
    differ = (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")) & mask

    assert (uuid7(5, one) == uuid7(5, other)) == (differ == 0)


@pytest.mark.parametrize("size", [0, 9, 11])
def test_an_id_takes_ten_random_bytes(size: int) -> None:
    with pytest.raises(ValueError, match="ten random bytes"):
        uuid7(0, bytes(size))


@pytest.mark.parametrize("version", range(1, 9))
def test_uuids_of_every_version_are_ids(version: int) -> None:
    assert is_record_id(f"0198f2c4-a1b3-{version}abc-9def-0123456789ab")


@pytest.mark.parametrize(
    "text",
    [
        *NO_TEXT,
        "",
        DEVICE.upper(),
        f"{{{DEVICE}}}",
        f"urn:uuid:{DEVICE}",
        DEVICE.replace("-", ""),
        DEVICE + "\n",
        " " + DEVICE,
        DEVICE[:-1],
        "０" + DEVICE[1:],
        "0198f2c4-a1b3-7abc-1def-0123456789ab",  # another variant
        "0198f2c4-a1b3-0abc-9def-0123456789ab",  # no such version
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ],
)
def test_anything_but_the_canonical_form_is_no_id(text: object) -> None:
    assert not is_record_id(text)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=4))
def test_equal_parts_make_equal_derived_ids(parts: list[str]) -> None:
    made = UUID(derived_id(*parts))

    assert str(made) == derived_id(*parts)
    assert (made.version, made.variant) == (5, RFC_4122)
    assert is_record_id(str(made))


awkward_parts = st.lists(st.text('ab,"[]\\', max_size=4), max_size=4)


@given(awkward_parts, awkward_parts)
def test_parts_are_joined_without_ambiguity(one: list[str], other: list[str]) -> None:
    assert (derived_id(*one) == derived_id(*other)) == (one == other)


def test_derived_ids_never_change() -> None:
    """Golden: ids made last year must be found again. The tablet makes the same."""
    assert str(NAMESPACE) == "6f0c2b52-3f4e-5c0a-9d0e-7d9a3b1e8c41"
    assert derived_id("conflict", "甲", "1") == "c2a782e4-3c79-5a5a-a192-5605fbdbaf71"


# --------------------------------------------------------------------------------------- stamps


@given(st.integers(0, MAX_MILLIS), st.integers(0, 0xFFFF), st.uuids().map(str))
def test_a_stamp_is_read_as_it_is_written(millis: int, counter: int, device: str) -> None:
    stamp = Hlc(millis, counter, device)

    assert Hlc.parse(str(stamp)) == stamp
    assert len(str(stamp)) == 12 + 1 + 4 + 1 + 36


@given(
    st.tuples(st.integers(0, 20), st.integers(0, 20), st.sampled_from(["a", "b", "b-c"])),
    st.tuples(st.integers(0, 20), st.integers(0, 20), st.sampled_from(["a", "b", "b-c"])),
)
def test_stamps_sort_alike_as_values_and_as_text(
    one: tuple[int, int, str], other: tuple[int, int, str]
) -> None:
    first, second = Hlc(*one), Hlc(*other)

    assert (first < second) == (str(first) < str(second))


def test_the_protocols_example_is_a_stamp() -> None:
    stamp = Hlc.parse(f"0198f2c4a1b3-0002-{DEVICE}")

    assert stamp == Hlc(0x0198F2C4A1B3, 2, DEVICE)


@pytest.mark.parametrize(
    "text",
    [
        *NO_TEXT,
        "",
        "0198f2c4a1b3",
        "0198f2c4a1b3-0002",
        "0198f2c4a1b3-0002-",
        f"0198f2c4a1b-0002-{DEVICE}",
        f"0198F2C4A1B3-0002-{DEVICE}",
        f"0198f2c4a1b3-2-{DEVICE}",
        f"0198f2c4a1b3-0002-{DEVICE.upper()}",
        f"0198f2c4a1b3-0002-{DEVICE}\n",
        f" 0198f2c4a1b3-0002-{DEVICE}",
        f"0198f2c4a1b3-0002--{DEVICE}",
        f"-198f2c4a1b3-0002-{DEVICE}",
        f"0198f2c4a1b3-０002-{DEVICE}",
        "0198f2c4a1b3-0002-" + "a" * 65,
    ],
)
def test_a_malformed_stamp_is_a_value_error(text: object) -> None:
    with pytest.raises(ValueError, match=r"^not a"):
        Hlc.parse(text)


@pytest.mark.parametrize(("millis", "counter"), [(-1, 0), (2**48, 0), (0, -1), (0, 2**16)])
def test_a_stamp_out_of_range_cannot_be_made(millis: int, counter: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        Hlc(millis, counter, DEVICE)


# ---------------------------------------------------------------------------- instants and dates


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-23T09:15:02Z", datetime(2026, 11, 23, 9, 15, 2, tzinfo=UTC)),
        ("2026-11-23T09:15:02.1Z", datetime(2026, 11, 23, 9, 15, 2, 100_000, tzinfo=UTC)),
        ("2026-11-23T09:15:02.120Z", datetime(2026, 11, 23, 9, 15, 2, 120_000, tzinfo=UTC)),
        ("2026-11-23T09:15:02.123456Z", datetime(2026, 11, 23, 9, 15, 2, 123_456, tzinfo=UTC)),
        ("2024-02-29T23:59:59.999Z", datetime(2024, 2, 29, 23, 59, 59, 999_000, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_an_instant_is_utc_and_ends_in_z(text: str, instant: datetime) -> None:
    assert parse_instant(text) == instant
    assert parse_instant(text).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    [
        *NO_TEXT,
        "",
        "2026-11-23",
        "2026-11-23T09:15:02",
        "2026-11-23T09:15Z",
        "2026-11-23 09:15:02Z",
        "2026-11-23t09:15:02z",
        "2026-11-23T09:15:02+00:00",
        "2026-11-23T09:15:02+08:00",
        "0001-01-01T00:00:00+14:00",
        "20261123T091502Z",
        "2026-W48-1T09:15:02Z",
        "2026-11-23T09:15:02.Z",
        "2026-11-23T09:15:02,120Z",
        "2026-11-23T09:15:02.1234567Z",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-11-23T24:00:00Z",
        "2026-11-23T23:60:00Z",
        "2026-12-31T23:59:60Z",
        "0000-01-01T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "-001-01-01T00:00:00Z",
        "２026-11-23T09:15:02Z",
        "2026-11-23T09:15:02Z\n",
    ],
)
def test_anything_else_is_no_instant(text: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_instant(text)


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_is_read_as_it_is_written_to_the_millisecond(instant: datetime) -> None:
    whole = instant.replace(microsecond=instant.microsecond // 1000 * 1000)

    assert parse_instant(format_instant(instant)) == whole
    assert from_millis(to_millis(instant)) == whole


def test_an_instant_of_another_zone_is_written_in_utc() -> None:
    shanghai = timezone(timedelta(hours=8))

    assert format_instant(datetime(2026, 1, 1, 7, tzinfo=shanghai)) == "2025-12-31T23:00:00.000Z"


def test_a_naive_time_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="naive"):
        format_instant(datetime(2026, 1, 1))  # noqa: DTZ001 - the fault under test


def test_milliseconds_count_from_1970() -> None:
    assert to_millis(parse_instant("1970-01-01T00:00:00Z")) == 0
    assert to_millis(parse_instant("1969-12-31T23:59:59.999Z")) == -1
    assert to_millis(parse_instant("2026-11-22T03:10:44.001Z")) == 1_795_317_044_001


@pytest.mark.parametrize(
    ("millis", "text"),
    [(-(2**60), "0001-01-01T00:00:00.000Z"), (MAX_MILLIS, "9999-12-31T23:59:59.999Z")],
)
def test_milliseconds_beyond_the_calendar_are_its_end(millis: int, text: str) -> None:
    assert format_instant(from_millis(millis)) == text


@given(st.dates())
def test_a_date_is_read_as_it_is_written(day: date) -> None:
    assert parse_date(day.isoformat()) == day


@pytest.mark.parametrize(
    "text",
    [
        *NO_TEXT, "", "20261123", "2026-W48-1", "2026-327", "2026-1-3", "2026-02-30", "0000-01-01",
        "2026-11-23T00:00:00Z", " 2026-11-23", "2026-11-23\n", "２026-11-23", "26-11-23",
    ],
)  # fmt: skip
def test_anything_else_is_no_date(text: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_date(text)


# ---------------------------------------------------------------------------------- national ids


@pytest.mark.parametrize(
    "text",
    [
        "999901197805120013",  # domain.md, section 2
        "999901198509230028",
        "999901199011040037",
        "11010519491231002X",  # the example of GB 11643
        "440524188001010014",
    ],
)
def test_a_national_id_with_its_check_digit_is_accepted(text: str) -> None:
    assert is_national_id(text)


@pytest.mark.parametrize("digit", [it for it in "0123456789X" if it != "3"])
def test_any_other_check_digit_is_refused(digit: str) -> None:
    assert not is_national_id("99990119780512001" + digit)


@pytest.mark.parametrize(
    "text",
    [
        *NO_TEXT,
        "",
        "11010519491231002x",
        "99990119780512001",
        "9999011978051200130",
        "999901197805120013\n",
        "９99901197805120013",
        "99990X197805120013",
    ],
)
def test_another_form_is_no_national_id(text: object) -> None:
    assert not is_national_id(text)


def with_check_digit(first: str) -> str:
    weights = [pow(2, 17 - at, 11) for at in range(17)]
    rest = sum(int(digit) * weight for digit, weight in zip(first, weights, strict=True)) % 11
    return first + "10X98765432"[rest]


@pytest.mark.parametrize("born", ["19780230", "19781301", "19780500", "20010229", "00000101"])
def test_a_birth_date_must_exist(born: str) -> None:
    assert not is_national_id(with_check_digit("999901" + born + "001"))


@given(st.dates(), st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(day: date, order: int, at: int, off: int) -> None:
    good = with_check_digit(f"999901{day.isoformat().replace('-', '')}{order:03d}")
    wrong = good[:at] + str((int(good[at]) + off) % 10) + good[at + 1 :]

    assert is_national_id(good)
    assert not is_national_id(wrong)


# ------------------------------------------------------------------------------------------ JSON


def test_canonical_json_sorts_keys_and_keeps_chinese() -> None:
    value = {"乙": [1, True, None], "b": {"d": "甲\n", "c": 0.5}}

    assert canonical_json(value) == '{"b":{"c":0.5,"d":"甲\\n"},"乙":[1,true,null]}'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")]])
def test_what_is_no_json_number_has_no_canonical_form(value: Any) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json(value)


@given(json_values)
def test_canonical_json_is_json_and_stable(value: Any) -> None:
    text = canonical_json(value)

    assert canonical_json(json.loads(text)) == text
    assert json_equal(json.loads(text), value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (True, 1), (False, 0), (1, 1.0), (0, None), ("1", 1), ("", None), ([], {}),
        ([1, 2], [2, 1]),
        ({"a": None}, {}), ({"a": [True]}, {"a": [1]}), ("é", "e\u0301"), ([1], [1, 1]),
    ],
)  # fmt: skip
def test_values_of_other_kinds_or_order_are_not_the_same(one: Any, other: Any) -> None:
    assert not json_equal(one, other)
    assert not json_equal(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, 1), (None, None), ({"a": 1, "b": [{}]}, {"b": [{}], "a": 1}), ([1, 2], (1, 2))],
)
def test_the_order_of_keys_does_not_matter(one: Any, other: Any) -> None:
    assert json_equal(one, other)
