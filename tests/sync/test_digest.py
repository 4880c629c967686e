"""Two copies have the same digest when they hold the same records at the same versions."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.values import uuid7
from sync.digest import BUCKETS, Digest, bucket, bucket_sums, digest_of, term

VECTORS = Path(__file__).parents[1] / "vectors" / "digest.json"


def cases() -> list[Any]:
    held = json.loads(VECTORS.read_text(encoding="utf-8"))
    assert held["count"] == len(held["vectors"])
    return [pytest.param(it, id=it["id"]) for it in held["vectors"]]


ids = st.builds(uuid7, st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
copies = st.dictionaries(ids, st.integers(1, 2**53 - 1), max_size=20)


@pytest.mark.parametrize("case", cases())
def test_a_copy_has_one_digest(case: dict[str, Any]) -> None:
    digest = digest_of((it[0], it[1]) for it in case["held"])

    assert (digest.records, digest.sum) == (case["records"], case["sum"])


@pytest.mark.parametrize("case", cases())
def test_a_copy_has_256_sums_by_the_last_byte_of_the_id(case: dict[str, Any]) -> None:
    sums = bucket_sums((it[0], it[1]) for it in case["held"])

    assert len(sums) == BUCKETS
    assert {str(at): it for at, it in enumerate(sums) if it != "0" * 16} == case["buckets"]


@given(copies)
def test_adding_one_by_one_gives_the_digest_of_all(held: dict[str, int]) -> None:
    digest = Digest()
    for record_id, version in held.items():
        digest = digest.add(record_id, version)

    assert digest == digest_of(held.items())


@given(copies, ids, st.integers(1, 2**53 - 1))
def test_removing_undoes_adding(held: dict[str, int], record_id: str, version: int) -> None:
    digest = digest_of(held.items())

    assert digest.add(record_id, version).remove(record_id, version) == digest
    assert digest.remove(record_id, version).add(record_id, version) == digest


@given(copies)
def test_the_buckets_sum_up_to_the_whole(held: dict[str, int]) -> None:
    total = sum(int(it, 16) for it in bucket_sums(held.items())) % 2**64

    assert f"{total:016x}" == digest_of(held.items()).sum


@given(copies, ids)
def test_another_version_of_one_record_shows_in_its_bucket_alone(
    held: dict[str, int], record_id: str
) -> None:
    one, other = {**held, record_id: 1}, {**held, record_id: 2}

    assert digest_of(one.items()) != digest_of(other.items())
    pairs = zip(bucket_sums(one.items()), bucket_sums(other.items()), strict=True)
    assert [at for at, (left, right) in enumerate(pairs) if left != right] == [bucket(record_id)]


@given(ids, st.integers(1, 2**53 - 1))
def test_a_term_has_64_bits(record_id: str, version: int) -> None:
    assert 0 <= term(record_id, version) < 2**64
