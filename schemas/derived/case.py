"""One case for the calculators: a JSON object, its members read by name or refused by name."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from fractions import Fraction

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Case:
    """A JSON object and where it stands, so that every error names the member at fault.

    Every reader raises ``ValueError`` where the member is missing or not of its kind.
    """

    def __init__(self, members: object, where: str = "") -> None:
        if not isinstance(members, Mapping):
            raise ValueError(f"{where.rstrip('.') or 'case'}: expected an object")
        self._members: Mapping[str, object] = members
        self._where = where

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def names(self) -> Iterable[str]:
        """List the members that are there."""
        return self._members.keys()

    def fault(self, name: str, sentence: str) -> ValueError:
        """Make the error about the member *name*."""
        return ValueError(f"{self._where}{name}: {sentence}")

    def text(self, name: str, allowed: Iterable[str] = ()) -> str:
        """Read a string, one of *allowed* where that is given."""
        value = self._read(name)
        if not isinstance(value, str):
            raise self.fault(name, f"expected a text, got {value!r}")
        if (known := list(allowed)) and value not in known:
            raise self.fault(name, f"{value!r} is not supported (only {', '.join(known)})")
        return value

    def integer(self, name: str, default: int | None = None) -> int:
        """Read a whole number."""
        return self._integer(name, self._read(name, default))

    def integers(self, name: str) -> tuple[int, ...]:
        """Read a list of whole numbers."""
        return tuple(self._integer(name, value) for value in self._list(name))

    def boolean(self, name: str) -> bool:
        """Read true or false."""
        value = self._read(name)
        if not isinstance(value, bool):
            raise self.fault(name, f"expected true or false, got {value!r}")
        return value

    def decimal(self, name: str, default: str | None = None) -> Fraction:
        """Read a decimal string exactly; JSON numbers are refused, they may have been floats."""
        return self._decimal(name, self._read(name, default))

    def decimals(self, name: str) -> tuple[Fraction, ...]:
        """Read a list of decimal strings."""
        return tuple(self._decimal(name, value) for value in self._list(name))

    def quotient(self, name: str) -> Fraction:
        """Read a decimal string, or two of them divided, like ``0.08/12``."""
        over, divided, under = self.text(name).partition("/")
        whole = self._decimal(name, under) if divided else Fraction(1)
        if whole == 0:
            raise self.fault(name, "is divided by 0")
        return self._decimal(name, over) / whole

    def _decimal(self, name: str, value: object) -> Fraction:
        if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
            raise self.fault(name, f'expected a decimal in quotes, like "12.50", got {value!r}')
        return Fraction(value)

    def money(self, name: str, digits: int, default: str | None = None) -> int:
        """Read a decimal string as a whole number of the smallest coin (*digits* decimals)."""
        coins = self.decimal(name, default) * 10**digits
        if coins.denominator != 1:
            raise self.fault(name, f"has more than {digits} decimals")
        return int(coins)

    def day(self, name: str) -> date:
        """Read a date, YYYY-MM-DD."""
        return self._day(name, self._read(name))

    def days(self, name: str) -> tuple[date, ...]:
        """Read a list of dates."""
        return tuple(self._day(name, value) for value in self._list(name))

    def _day(self, name: str, value: object) -> date:
        if isinstance(value, str) and _DAY.fullmatch(value):
            with suppress(ValueError):
                return date.fromisoformat(value)
        raise self.fault(name, f"expected a date like 2026-06-16, got {value!r}")

    def within(self, name: str) -> "Case":
        """Read an object."""
        return Case(self._read(name), f"{self._where}{name}.")

    def cases(self, name: str) -> list["Case"]:
        """Read a list of objects; its rows are counted from 1 in errors."""
        rows = enumerate(self._list(name), start=1)
        return [Case(row, f"{self._where}{name}[{number}].") for number, row in rows]

    def length(self, name: str) -> int:
        """Count the entries of a list."""
        return len(self._list(name))

    def _read(self, name: str, default: object = None) -> object:
        value = self._members.get(name, default)
        if value is None:
            raise self.fault(name, "is missing")
        return value

    def _list(self, name: str) -> list[object]:
        value = self._read(name)
        if not isinstance(value, list):
            raise self.fault(name, f"expected a list, got {value!r}")
        return value

    def _integer(self, name: str, value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.fault(name, f"expected a whole number, got {value!r}")
        return value


def as_money(coins: int, digits: int) -> str:
    """Write a whole number of the smallest coin as a decimal string."""
    sign, coins = ("-" if coins < 0 else ""), abs(coins)
    if digits == 0:
        return f"{sign}{coins}"
    return f"{sign}{coins // 10**digits}.{coins % 10**digits:0{digits}d}"
