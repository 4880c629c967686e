"""The four loan products of the demonstration (domain.md, section 11)."""

from __future__ import annotations

from typing import Any

from server.demo.livelihoods import ACTIVITIES

Json = Any

SMALL, GROUP, HARVEST, BUSINESS = "NH01", "LB01", "FS01", "XW01"


def _purposes(*segments: str) -> list[str]:
    """Return what households of some segments borrow for (all of them: none named)."""
    found = {
        purpose
        for it in ACTIVITIES.values()
        if not segments or it.segment in segments
        for purpose in it.purposes
    }
    return sorted(found)


_FARMING = _purposes()

PRODUCTS: tuple[dict[str, Json], ...] = (
    {
        "code": SMALL,
        "name": "农户小额信用贷",
        "methods": ["bullet", "equal_installment", "equal_principal", "interest_first"],
        "min_amount_fen": 300_000,
        "max_amount_fen": 5_000_000,
        "min_term_months": 3,
        "max_term_months": 24,
        "rate_bps_min": 720,
        "rate_bps_max": 1080,
        "security": ["guarantor", "unsecured"],
        "purposes": _FARMING,
    },
    {
        "code": GROUP,
        "name": "联保贷",
        "methods": ["bullet", "equal_installment", "seasonal"],
        "min_amount_fen": 300_000,
        "max_amount_fen": 5_000_000,
        "min_term_months": 3,
        "max_term_months": 24,
        "rate_bps_min": 780,
        "rate_bps_max": 960,
        "security": ["group"],
        "purposes": _FARMING,
    },
    {
        "code": HARVEST,
        "name": "丰收贷",
        "methods": ["bullet", "seasonal"],
        "min_amount_fen": 300_000,
        "max_amount_fen": 8_000_000,
        "min_term_months": 2,
        "max_term_months": 18,
        "rate_bps_min": 660,
        "rate_bps_max": 900,
        "security": ["guarantor", "unsecured"],
        "purposes": _FARMING,
    },
    {
        "code": BUSINESS,
        "name": "小微经营贷",
        "methods": ["equal_installment", "equal_principal", "interest_first"],
        "min_amount_fen": 1_000_000,
        "max_amount_fen": 30_000_000,
        "min_term_months": 6,
        "max_term_months": 36,
        "rate_bps_min": 600,
        "rate_bps_max": 900,
        "security": ["collateral", "guarantor"],
        "purposes": _purposes("trade", "micro_enterprise"),
    },
)  # fmt: skip
