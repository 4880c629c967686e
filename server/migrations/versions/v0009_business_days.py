"""Business days: receipts and visits as pages read them, and the days that were closed."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; they are filled from the log when somebody first looks."""
    head = sa.Column("field_head", NUMBER, nullable=False, server_default="0")
    op.add_column("branch", head)
    _table(
        "receipt_line",
        ("branch", "id"),
        (
            _text("branch"), _text("id"), _text("loan"), _text("customer", True),
            _text("officer", True), _text("receipt_no"), _text("desk", True),
            _text("numbered_on", True), sa.Column("number", sa.Integer(), nullable=True),
            _text("value_date"), sa.Column("amount_fen", NUMBER, nullable=False),
            _text("channel"), _text("reverses", True),
            sa.Column("undone", sa.Integer(), nullable=False), _text("deposit", True),
            _text("deposit_state", True), sa.Column("unsettled", sa.Integer(), nullable=False),
            sa.Column("position", NUMBER, nullable=False), _text("received_at"),
            sa.Column("carried", sa.Integer(), nullable=False),
        ),
    )  # fmt: skip
    op.create_index("receipt_line_by_day", "receipt_line", ["branch", "value_date"])
    op.create_index("receipt_line_by_number", "receipt_line", ["branch", "numbered_on"])
    op.create_index("receipt_line_by_reversal", "receipt_line", ["branch", "reverses"])
    op.create_index("receipt_line_by_deposit", "receipt_line", ["branch", "deposit"])
    op.create_index("receipt_line_unsettled", "receipt_line", ["branch", "unsettled", "value_date"])
    op.create_index("receipt_line_by_arrival", "receipt_line", ["branch", "received_at"])
    _table(
        "visit_evidence",
        ("branch", "visit"),
        (
            _text("branch"), _text("visit"), _text("customer"), _text("officer", True),
            _text("made_on"), _text("arrived_at", True), _text("left_at", True),
            sa.Column("lat_e6", sa.Integer(), nullable=True),
            sa.Column("lon_e6", sa.Integer(), nullable=True),
            sa.Column("skew_span_ms", NUMBER, nullable=False),
        ),
    )  # fmt: skip
    op.create_index("visit_evidence_by_day", "visit_evidence", ["branch", "made_on"])
    _table(
        "visit_photo",
        ("branch", "attachment"),
        (_text("branch"), _text("attachment"), _text("visit"), _text("sha256")),
    )
    op.create_index("visit_photo_by_hash", "visit_photo", ["branch", "sha256"])
    op.create_index("visit_photo_by_visit", "visit_photo", ["branch", "visit"])
    _table(
        "day_close",
        ("branch", "unit", "day"),
        (
            _text("branch"), _text("unit"), _text("day"),
            sa.Column("position", NUMBER, nullable=False), _text("closed_by"),
            _text("closed_at"), _text("reason", True),
        ),
    )  # fmt: skip


def _text(name: str, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.Text(), nullable=nullable)


def _table(name: str, key: tuple[str, ...], columns: "tuple[sa.Column[Any], ...]") -> None:
    op.create_table(name, *columns, sa.PrimaryKeyConstraint(*key), sqlite_strict=True)
