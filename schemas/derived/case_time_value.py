"""The time value of money asked for in JSON (vectors/README.md): a function and its ``args``."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final, cast

from schemas.derived.case import Case
from schemas.derived.rounding import half_even
from schemas.derived.time_value import (
    When,
    future_value,
    irr,
    nper_of,
    npv,
    pmt,
    ppmt,
    present_value,
    rate_of,
)

DECIMALS: Final = 28
"""An answer is written with this many decimals at most."""


def time_value_answer(case: Case) -> dict[str, object]:
    """Answer a case: ``expected`` is a decimal in quotes, or null where there is no answer."""
    found = _FUNCTIONS[case.text("function", _FUNCTIONS)](case.within("args"))
    return {"expected": None if found is None else _as_decimal(found)}


def _when(args: Case) -> When:
    return cast(When, args.text("when", ("end", "begin"))) if "when" in args else "end"


def _amount(args: Case, name: str) -> Fraction:
    return args.decimal(name, default="0")


_FUNCTIONS: Final[Mapping[str, Callable[[Case], Fraction | None]]] = {
    "pmt": lambda args: pmt(
        args.quotient("rate"),
        args.integer("nper"),
        args.decimal("pv"),
        _amount(args, "fv"),
        _when(args),
    ),
    "ppmt": lambda args: ppmt(
        args.quotient("rate"),
        args.integer("per"),
        args.integer("nper"),
        args.decimal("pv"),
        _amount(args, "fv"),
        _when(args),
    ),
    "pv": lambda args: present_value(
        args.quotient("rate"),
        args.integer("nper"),
        args.decimal("pmt"),
        _amount(args, "fv"),
        _when(args),
    ),
    "fv": lambda args: future_value(
        args.quotient("rate"),
        args.integer("nper"),
        args.decimal("pmt"),
        args.decimal("pv"),
        _when(args),
    ),
    "nper": lambda args: nper_of(
        args.quotient("rate"),
        args.decimal("pmt"),
        args.decimal("pv"),
        _amount(args, "fv"),
        _when(args),
    ),
    "rate": lambda args: rate_of(
        args.integer("nper"),
        args.decimal("pmt"),
        args.decimal("pv"),
        _amount(args, "fv"),
        _when(args),
    ),
    "irr": lambda args: irr(args.decimals("values")),
    "npv": lambda args: npv(args.quotient("rate"), args.decimals("values")),
}


def _as_decimal(exact: Fraction) -> str:
    units = half_even(exact * 10**DECIMALS)
    digits = f"{abs(units):0{DECIMALS + 1}d}"
    whole, decimals = digits[:-DECIMALS], digits[-DECIMALS:].rstrip("0")
    return f"{'-' if units < 0 else ''}{whole}{'.' if decimals else ''}{decimals}"
