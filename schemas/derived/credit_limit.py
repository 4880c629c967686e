"""How much a household may borrow 授信额度: the least of what grade, assets and cash flow bear."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal
from fractions import Fraction

from schemas.derived.capacity import YEAR, CashFlow
from schemas.derived.rounding import BPS, half_up
from schemas.derived.scorecard import Grade

_PRECISE = Context(prec=60)

GRADE_CAPS_FEN: Mapping[Grade, int] = {
    "AAA": 100_000_00,
    "AA": 80_000_00,
    "A": 50_000_00,
    "B": 20_000_00,
    "C": 0,
}


@dataclass(frozen=True, slots=True)
class LimitRules:
    """A lender's own numbers; it may set others by `Parameter`."""

    grade_caps_fen: Mapping[Grade, int] = field(default_factory=lambda: GRADE_CAPS_FEN)
    service_share_bps: int = 6000
    assets_share_bps: int = 5000
    step_fen: int = 1_000_00


@dataclass(frozen=True, slots=True)
class CreditLimit:
    """The limit, and each of the caps that it is the least of; amounts in fen."""

    grade_cap_fen: int
    product_cap_fen: int
    assets_cap_fen: int
    service_cap_fen: int
    capacity_limit_fen: int
    limit_fen: int


def service_cap_fen(cash_flow: CashFlow, share_bps: int = 6000) -> int:
    """Return the new debt service a year that the household bears beside what it has.

    Source: domain.md, section 8.7 (S); golden case E8.
    """
    existing = sum(cash_flow.service_fen[:YEAR])
    net = cash_flow.yearly_net_fen + existing
    bearable = half_up(Fraction(net * share_bps, BPS)) - existing
    return max(0, min(bearable, cash_flow.stressed_yearly_net_fen))


def capacity_limit_fen(yearly_service_fen: int, rate_bps: int, term_months: int) -> int:
    """Return the loan that *yearly_service_fen* pays back: S × (1 − (1+r)^−T)/r, T a year or more.

    Source: domain.md, section 8.7; golden case E8.
    """
    years = max(Fraction(1), Fraction(term_months, 12))
    if rate_bps == 0:
        return half_up(yearly_service_fen * years)
    rate = Fraction(rate_bps, BPS)
    return half_up(yearly_service_fen * (1 - 1 / _power(1 + rate, years)) / rate)


def credit_limit(
    grade: Grade,
    cash_flow: CashFlow,
    *,
    net_assets_fen: int,
    product_cap_fen: int,
    rate_bps: int,
    term_months: int,
    exposure_fen: int = 0,
    rules: LimitRules = LimitRules(),
) -> CreditLimit:
    """Return the limit: the least of the caps, less what is owed already, in whole thousands.

    Source: domain.md, section 8.7; golden case E8.
    """
    grade_cap = rules.grade_caps_fen[grade]
    assets_cap = max(0, net_assets_fen) * rules.assets_share_bps // BPS
    service = service_cap_fen(cash_flow, rules.service_share_bps)
    capacity = capacity_limit_fen(service, rate_bps, term_months)
    room = max(0, min(grade_cap, product_cap_fen, assets_cap, capacity) - exposure_fen)
    return CreditLimit(
        grade_cap_fen=grade_cap,
        product_cap_fen=product_cap_fen,
        assets_cap_fen=assets_cap,
        service_cap_fen=service,
        capacity_limit_fen=capacity,
        limit_fen=room // rules.step_fen * rules.step_fen,
    )


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    """Raise exactly by whole years, and to sixty digits by a part of one."""
    if exponent.denominator == 1:
        return base ** int(exponent)
    over, under = (_decimal(part) for part in (base, exponent))
    return Fraction(_PRECISE.power(over, under))


def _decimal(exact: Fraction) -> Decimal:
    return _PRECISE.divide(Decimal(exact.numerator), Decimal(exact.denominator))
