"""The tables of a business day (domain.md, sections 5.5, 8.9 and 9): receipts, visits, closed days.

Read models but for `day_close`: folded from the log up to `Branch.field_head` when somebody asks
(`field_book.py`), and rebuilt from it at any time. A push never pays for them.
"""

from __future__ import annotations

from sqlalchemy import Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.models import STRICT, Base, Number

__all__ = ["Base", "DayCloseRow", "ReceiptLineRow", "VisitEvidenceRow", "VisitPhotoRow"]


class ReceiptLineRow(Base):
    """A receipt as the cash desk sees it.

    `officer`: who took the money. `desk`, `numbered_on`, `number`: the parts of a tablet's number
    (`T1-20260616-001`); of other numbers null. `undone`: a reversal names it. `deposit`, `deposit_state`:
    where its cash was handed in. `unsettled`: cash that nobody has confirmed (who
    works at a desk has it in the till: readers leave theirs out). `position`: of its making.
    `carried`: brought along by an import or a set-up file, long after its day.
    """

    __tablename__ = "receipt_line"
    __table_args__ = (
        Index("receipt_line_by_day", "branch", "value_date"),
        Index("receipt_line_by_number", "branch", "numbered_on"),
        Index("receipt_line_by_deposit", "branch", "deposit"),
        Index("receipt_line_by_reversal", "branch", "reverses"),
        Index("receipt_line_unsettled", "branch", "unsettled", "value_date"),
        Index("receipt_line_by_arrival", "branch", "received_at"),
        STRICT,
    )

    branch: Mapped[str] = mapped_column(Text, primary_key=True)
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    loan: Mapped[str] = mapped_column(Text)
    customer: Mapped[str | None] = mapped_column(Text)
    officer: Mapped[str | None] = mapped_column(Text)
    receipt_no: Mapped[str] = mapped_column(Text)
    desk: Mapped[str | None] = mapped_column(Text)
    numbered_on: Mapped[str | None] = mapped_column(Text)
    number: Mapped[int | None] = mapped_column(Integer)
    value_date: Mapped[str] = mapped_column(Text)
    amount_fen: Mapped[int] = mapped_column(Number)
    channel: Mapped[str] = mapped_column(Text)
    reverses: Mapped[str | None] = mapped_column(Text)
    undone: Mapped[int] = mapped_column(Integer)
    deposit: Mapped[str | None] = mapped_column(Text)
    deposit_state: Mapped[str | None] = mapped_column(Text)
    unsettled: Mapped[int] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Number)
    received_at: Mapped[str] = mapped_column(Text)
    carried: Mapped[int] = mapped_column(Integer)


class VisitEvidenceRow(Base):
    """What shows that a visit took place; `skew_span_ms`: how far apart its tablet's clock stood meanwhile."""

    __tablename__ = "visit_evidence"
    __table_args__ = (Index("visit_evidence_by_day", "branch", "made_on"), STRICT)

    branch: Mapped[str] = mapped_column(Text, primary_key=True)
    visit: Mapped[str] = mapped_column(Text, primary_key=True)
    customer: Mapped[str] = mapped_column(Text)
    officer: Mapped[str | None] = mapped_column(Text)
    made_on: Mapped[str] = mapped_column(Text)
    arrived_at: Mapped[str | None] = mapped_column(Text)
    left_at: Mapped[str | None] = mapped_column(Text)
    lat_e6: Mapped[int | None] = mapped_column(Integer)
    lon_e6: Mapped[int | None] = mapped_column(Integer)
    skew_span_ms: Mapped[int] = mapped_column(Number)


class VisitPhotoRow(Base):
    """A photo of a visit, by what its bytes are: the same bytes of another visit are seen at once."""

    __tablename__ = "visit_photo"
    __table_args__ = (
        Index("visit_photo_by_hash", "branch", "sha256"),
        Index("visit_photo_by_visit", "branch", "visit"),
        STRICT,
    )

    branch: Mapped[str] = mapped_column(Text, primary_key=True)
    attachment: Mapped[str] = mapped_column(Text, primary_key=True)
    visit: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)


class DayCloseRow(Base):
    """A day that was closed for a unit: by whom, when, at which position of the log, which has the figures.

    `reason`: why it was closed although its figures could not be trusted yet; null where they could.
    """

    __tablename__ = "day_close"
    __table_args__ = (STRICT,)

    branch: Mapped[str] = mapped_column(Text, primary_key=True)
    unit: Mapped[str] = mapped_column(Text, primary_key=True)
    day: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(Number)
    closed_by: Mapped[str] = mapped_column(Text)
    closed_at: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
