"""How a rule is broken on purpose for a while."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

Fault = Callable[[], AbstractContextManager[object]]
PLANTED: dict[str, Fault] = {}
"""Every fault by its name."""


def planted(make: Fault) -> Fault:
    """Enter a fault under its name."""
    PLANTED[make.__name__] = make
    return make


def swap(target: Any, name: str, value: Any) -> AbstractContextManager[object]:
    """Put something else in the place of an attribute of a module or a class."""
    return patch.object(target, name, value)
