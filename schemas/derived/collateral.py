"""Collateral 抵质押物: what may be lent against it, and when its value gives a warning."""

from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple

from schemas.derived.ratios import share_bps
from schemas.derived.rounding import BPS

Kind = Literal["house", "land_right", "machine", "livestock", "deposit"]
Severity = Literal["orange", "red"]

CAPS_BPS: Final[Mapping[Kind, int]] = {
    "house": 7000,
    "land_right": 7000,
    "machine": 5000,
    "livestock": 4000,
    "deposit": 9000,
}
"""The most that may be lent on each, of its current value; a lender may set others."""

MOST_DROP_BPS = 2000


class Valued(NamedTuple):
    """A piece of collateral at its current value."""

    kind: Kind
    value_fen: int


class Warned(NamedTuple):
    """A warning signal: its rule, and how grave it is."""

    rule: str
    severity: Severity


def ltv_bps(loan_fen: int, value_fen: int) -> int | None:
    """Return the loan as a share of the value 抵押率; None where there is no value.

    Source: domain.md, section 8.10; golden case E10.
    """
    return share_bps(loan_fen, value_fen)


def drop_bps(former_fen: int, value_fen: int) -> int:
    """Return by which share the value fell; 0 where it did not."""
    return share_bps(max(0, former_fen - value_fen), former_fen) or 0


def most_lent_fen(pieces: Iterable[Valued], caps_bps: Mapping[Kind, int] = CAPS_BPS) -> int:
    """Return the most that may be lent, in whole fen."""
    return sum(piece.value_fen * caps_bps[piece.kind] for piece in pieces) // BPS


def cap_bps(pieces: Iterable[Valued], caps_bps: Mapping[Kind, int] = CAPS_BPS) -> int | None:
    """Return the cap on the share lent; of mixed collateral the caps weighted by value.

    Source: domain.md, section 8.10.
    """
    known = list(pieces)
    weighted = sum(piece.value_fen * caps_bps[piece.kind] for piece in known)
    return share_bps(weighted, BPS * sum(piece.value_fen for piece in known))


def collateral_warnings(
    loan_fen: int,
    former_fen: int,
    pieces: Iterable[Valued],
    caps_bps: Mapping[Kind, int] = CAPS_BPS,
) -> tuple[Warned, ...]:
    """Return W08: red over the cap, orange after a fall of more than a fifth.

    Compared exactly, not by the rounded shares. One signal, with the graver of the two.

    Args:
        former_fen: What the pieces were worth together at the valuation before.
        pieces: At their present value.

    Source: domain.md, sections 8.10 and 9 (W08); golden case E10.
    """
    known = list(pieces)
    value = sum(piece.value_fen for piece in known)
    if loan_fen * BPS > sum(piece.value_fen * caps_bps[piece.kind] for piece in known):
        return (Warned("W08", "red"),)
    fell = (former_fen - value) * BPS > former_fen * MOST_DROP_BPS
    return (Warned("W08", "orange"),) if fell else ()
