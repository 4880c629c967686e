"""Lines about a large borrower are one severity up (domain.md, section 9, W14)."""

from __future__ import annotations

import pytest

from schemas.derived.early_warning.lines import Line, graver
from schemas.derived.early_warning.signals import Severity


@pytest.mark.parametrize(
    ("severity", "expected"), [("yellow", "orange"), ("orange", "red"), ("red", "red")]
)
def test_a_line_about_a_large_borrower_is_one_severity_up(
    severity: Severity, expected: Severity
) -> None:
    line = Line("W12", severity, "visit", "too-short", 60)

    assert graver(line) == line._replace(severity=expected)
