"""Free text is merged by whole sentences: no word lost, no sentence invented."""

import json
import re
import unicodedata
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sync.text import Block, align, merge, merge_view, split

VECTORS = Path(__file__).parents[1] / "vectors"


def cases(name: str) -> list[Any]:
    held = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    assert held["count"] == len(held["vectors"])
    return [pytest.param(it, id=it["id"]) for it in held["vectors"]]


def pieces(text: str) -> list[str]:
    return [it.text for it in split(text)]


# Hostile: every character that means something, so that pieces meet in every way.
noise = st.text(alphabet="甲乙不a8。！；.!;”)\"'“ \n\r\u2028\u3000\u0301", max_size=24)
sentences = st.sampled_from(
    [
        "甲。",
        "乙！",
        "丙",
        "他说：“好。”",
        "利率8.40%。",
        "Good.",
        "Really?!",
        "a.b",
        "！",
        '"丁',
        "丁",
    ]
)
blanks = st.sampled_from(["", "", " ", "\n", "\n\n", "\r\n", "\u3000", " \n "])


def glued(parts: Sequence[tuple[str, str]]) -> str:
    return "".join(blank + sentence for blank, sentence in parts)


notes = st.lists(st.tuples(blanks, sentences), max_size=7).map(glued)
texts = st.one_of(notes, notes, noise)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str, str]:
    """A base and two edits of it that delete, change and add a little."""
    base = draw(st.lists(st.tuples(blanks, sentences), max_size=7))

    def edit() -> str:
        parts = list(base)
        for _ in range(draw(st.integers(0, 3))):
            start = draw(st.integers(0, len(parts)))
            stop = draw(st.integers(start, min(len(parts), start + 2)))
            parts[start:stop] = draw(st.lists(st.tuples(blanks, sentences), max_size=2))
        return glued(parts)

    return glued(base), edit(), edit()


triples = st.one_of(edited(), edited(), st.tuples(texts, texts, texts))


# ------------------------------------------------------------------------------------- splitting


@pytest.mark.parametrize("case", cases("sentence-split"))
def test_text_splits_into_lines_and_sentences(case: dict[str, Any]) -> None:
    assert pieces(case["text"]) == case["pieces"]


@pytest.mark.parametrize("sign", ["\x1c", "\x1f", "\ufeff", "\u200b"])
def test_what_only_some_language_calls_white_space_belongs_to_a_piece(sign: str) -> None:
    assert pieces(f"{sign}甲{sign}\n{sign}") == [f"{sign}甲{sign}", sign]


@given(texts)
def test_pieces_and_the_white_space_between_them_are_the_text(text: str) -> None:
    rest = text
    for piece in reversed(split(text)):
        assert text[piece.start : piece.stop] == piece.text
        assert not rest[piece.stop :].strip()
        rest = rest[: piece.start]
    assert not rest.strip()


@given(texts)
def test_a_piece_alone_is_one_piece(text: str) -> None:
    for piece in pieces(text):
        assert pieces(piece) == [piece]


@given(st.text())
def test_any_text_can_be_split(text: str) -> None:
    assert all(pieces(text)) or not text.strip()


# -------------------------------------------------------------------------------------- aligning


def every_alignment(base: str, side: str) -> list[list[tuple[int, int]]]:
    """All longest alignments, by trying every subset: an oracle that shares no code."""
    for size in range(min(len(base), len(side)), -1, -1):
        found = [
            list(zip(ours, theirs, strict=True))
            for ours in combinations(range(len(base)), size)
            for theirs in combinations(range(len(side)), size)
            if [base[it] for it in ours] == [side[it] for it in theirs]
        ]
        if found:
            return found
    raise AssertionError("the empty alignment always fits")


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
@example("abc", "ba")
def test_pieces_are_aligned_by_the_longest_common_subsequence_earliest_first(
    base: str, side: str
) -> None:
    assert align(base, side) == min(every_alignment(base, side))


# --------------------------------------------------------------------------------------- merging


@pytest.mark.parametrize("case", cases("text-merge"))
def test_two_edits_of_one_text_merge_or_conflict(case: dict[str, Any]) -> None:
    assert merge(case["base"], case["server"], case["device"]) == case["expected"]


@pytest.mark.parametrize("case", cases("text-merge"))
def test_a_conflict_does_not_depend_on_who_syncs_first(case: dict[str, Any]) -> None:
    swapped = merge(case["base"], case["device"], case["server"])

    assert (swapped is None) == (case["expected"] is None)


@given(texts, texts)
def test_merging_with_an_unchanged_side_gives_the_other_byte_for_byte(base: str, side: str) -> None:
    assert merge(base, side, base) == side
    assert merge(base, base, side) == side
    assert merge(base, side, side) == side


def test_the_white_space_after_a_deleted_sentence_goes_with_it() -> None:
    base, server, device = "甲。 乙。 丙。", "甲。 乙。\n丙。", "甲。丙。"

    assert merge(base, server, device) == "甲。丙。"


@given(triples)
def test_whether_two_edits_overlap_is_the_same_in_either_order(
    triple: tuple[str, str, str],
) -> None:
    base, server, device = triple

    assert (merge(base, server, device) is None) == (merge(base, device, server) is None)


@given(triples)
def test_no_word_is_lost(triple: tuple[str, str, str]) -> None:
    base, server, device = triple
    merged = merge(base, server, device)
    if merged is None:
        return

    ours, theirs, before = set(pieces(server)), set(pieces(device)), pieces(base)
    # Of a sentence that stood twice, each side may have deleted another one.
    kept = {it for it in ours & theirs if before.count(it) < 2}
    assert (ours | theirs) - set(before) | kept <= set(pieces(merged))


@given(triples)
@example(("", "好。", "！"))
@example(("", "Good.", "Bad."))
@example(("", "真的？!", "丁"))
def test_no_sentence_is_invented(triple: tuple[str, str, str]) -> None:
    base, server, device = triple
    merged = merge(base, server, device)

    assert set(pieces(merged or "")) <= set(pieces(server)) | set(pieces(device))


@given(triples)
def test_no_sentence_stands_more_often_than_both_wrote_it(triple: tuple[str, str, str]) -> None:
    base, server, device = triple
    merged = pieces(merge(base, server, device) or "")
    written = pieces(server) + pieces(device)

    assert all(merged.count(it) <= written.count(it) for it in merged)


def is_subsequence(some: list[str], whole: list[str]) -> bool:
    rest = iter(whole)
    return all(it in rest for it in some)


@given(edited())
def test_each_sides_own_words_keep_their_order(triple: tuple[str, str, str]) -> None:
    base, server, device = triple
    merged = merge(base, server, device)
    if merged is None:
        return

    before = pieces(base)
    for side in (server, device):
        new = [it for it in pieces(side) if it not in before]
        assert is_subsequence(new, pieces(merged))


@given(st.lists(sentences, min_size=1, max_size=5), st.lists(sentences, min_size=1, max_size=5))
def test_insertions_at_one_point_both_stand_whole(server: list[str], device: list[str]) -> None:
    ours, theirs = "\n".join(server), "\n".join(device)
    merged = merge("", ours, theirs)

    assert merged is not None
    assert is_subsequence(pieces(ours), pieces(merged))
    assert is_subsequence(pieces(theirs), pieces(merged))


@given(triples)
def test_merged_text_is_nfc_when_all_texts_are(triple: tuple[str, str, str]) -> None:
    base, server, device = (unicodedata.normalize("NFC", it) for it in triple)
    merged = merge(base, server, device) or ""

    assert unicodedata.is_normalized("NFC", merged)


@given(st.text(), st.text(), st.text())
@example("\ud800", "\ud800.", "\udfff。")
def test_any_three_texts_can_be_merged(base: str, server: str, device: str) -> None:
    assert merge(base, server, device) == merge(base, server, device)


@pytest.mark.parametrize("unit", ["甲。", "a\n", "。x", "。\n", '"。', ".x", "x "])
def test_texts_of_the_greatest_length_merge(unit: str) -> None:
    """2,000 pieces a side; with a table of n times m this test is the slowest of the file."""
    base = (unit * 4000)[:4000]
    server, device = "子。" + base[2:3998] + "丑。", base[7:] + "\n寅。"

    assert merge(base, base, device) == device
    assert merge_view(base, device, server)


# ------------------------------------------------------------------------------------ for people


def seen(blocks: list[Block]) -> list[dict[str, str]]:
    return [{"by": it.by, "text": it.text} for it in blocks]


@pytest.mark.parametrize("case", [it for it in cases("text-merge") if "view" in it.values[0]])
def test_a_screen_shows_who_added_what(case: dict[str, Any]) -> None:
    assert seen(merge_view(case["base"], case["device"], case["server"])) == case["view"]


@given(triples)
def test_the_blocks_together_are_the_merged_text(triple: tuple[str, str, str]) -> None:
    base, server, device = triple
    merged = merge(base, server, device)
    shown = "".join(it.text for it in merge_view(base, device, server))

    assert merged is None or shown == merged or (not pieces(merged) and not shown)


@given(triples)
def test_a_conflict_shows_the_new_words_of_both(triple: tuple[str, str, str]) -> None:
    base, server, device = triple
    blocks = merge_view(base, device, server)

    shown = {it for block in blocks for it in pieces(block.text)}
    assert (set(pieces(server)) | set(pieces(device))) - set(pieces(base)) <= shown


@given(triples)
def test_neighbouring_blocks_have_different_authors(triple: tuple[str, str, str]) -> None:
    base, server, device = triple
    authors = [it.by for it in merge_view(base, device, server)]

    assert not re.search(r"(both|mine|theirs) \1", " ".join(authors))


@pytest.mark.parametrize(
    ("server", "device", "merged"),
    [
        ("甲。丁。\n\n戊。", "乙。丁。戊。", "甲。乙。丁。\n\n戊。"),
        ("甲。丁。戊。己。", "乙。丙。丁。戊。己。", "甲。乙。丙。丁。戊。己。"),
        ("甲。\n丁。戊。", "乙。 丁。戊。", "甲。\n乙。 丁。戊。"),
    ],
)
def test_a_shared_ending_of_two_insertions_stands_once_with_its_white_space(
    server: str, device: str, merged: str
) -> None:
    assert merge("", server, device) == merged


def test_changes_that_overlap_in_a_chain_are_shown_as_one_place() -> None:
    base = "一。二。三。四。五。六。"

    shown = merge_view(base, "丁。三。四。五。六。", "一。戊。六。")

    assert [(it.by, it.text) for it in shown] == [
        ("theirs", "一。戊。"), ("mine", "丁。三。四。五。"), ("both", "六。"),
    ]  # fmt: skip
