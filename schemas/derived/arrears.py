"""What is late, and by how many days."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple


class Unpaid(NamedTuple):
    """What is still owed of one installment: principal, interest and fee, without penalty."""

    due_date: date
    amount_fen: int


def days_past_due(unpaid: Iterable[Unpaid], as_of: date) -> int:
    """Count days 逾期天数 since the oldest installment with something unpaid fell due.

    Args:
        unpaid: Installments in any order; those fully paid may be among them.
        as_of: Business date of the branch, not an instant.

    Returns:
        0 when nothing is overdue, and on the due date itself.

    Source: domain.md, section 8.4; golden case E5.
    """
    due = [row.due_date for row in unpaid if row.amount_fen > 0]
    return max(0, (as_of - min(due, default=as_of)).days)


def arrears_fen(unpaid: Iterable[Unpaid], as_of: date) -> int:
    """Add up what fell due before *as_of* 欠款: above 0 exactly when days past due are.

    Source: domain.md, section 8.3; vectors/README.md, `overdue_amount`.
    """
    return sum(row.amount_fen for row in unpaid if row.due_date < as_of)
