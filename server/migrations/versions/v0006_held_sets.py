"""Sets that wait for what a restored server has lost."""

import sqlalchemy as sa
from alembic import op

import server.models

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of held sets, and count none in any branch."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("branch", sa.Column("held", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "held",
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("number", number, nullable=False),
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("set_id", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("names", server.models.Document(), nullable=False),
        sa.Column("faults", server.models.Document(), nullable=False),
        sa.PrimaryKeyConstraint("device", "number"),
        sqlite_strict=True,
    )
    op.create_index("held_by_branch", "held", ["branch", "since"], unique=False)
