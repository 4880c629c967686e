"""What an import brings that was over long ago: nothing follows from it a second time (domain.md, section 6.1)."""

from __future__ import annotations

import pytest

from schemas.values import derived_id
from tests.sync.lending import ASKED, Desk, named


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_an_imported_application_that_was_paid_out_makes_no_loan(desk: Desk) -> None:
    desk.make("loan_application", "old", **ASKED, officer_id=named("li"), state="disbursed")

    assert desk.all("loan") == []


def test_one_that_is_paid_out_here_makes_it(desk: Desk) -> None:
    desk.make("loan_application", "new", **ASKED, officer_id=named("li"), state="contracted")
    desk.does(None, desk.edit("loan_application", "new", state="disbursed"))

    assert [it.id for it in desk.all("loan")] == [derived_id("loan", named("new"))]
