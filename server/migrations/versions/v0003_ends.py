"""What ends by itself: temporary assignments, and what the feed keeps of tombstones and moves."""

import sqlalchemy as sa
from alembic import op

import server.models

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of endings, fill it from the assignments there are, and note nothing as purged."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("branch", sa.Column("kept_from", number, nullable=False, server_default="0"))
    op.add_column("branch", sa.Column("purged_at", sa.Text(), nullable=True))
    ending = op.create_table(
        "ending",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("assignment", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("branch", "assignment"),
        sqlite_strict=True,
    )
    op.create_index("ending_by_day", "ending", ["branch", "until"], unique=False)
    record = sa.table(
        "record",
        sa.column("branch", sa.Text()),
        sa.column("id", sa.Text()),
        sa.column("type", sa.Text()),
        sa.column("fields", server.models.Document()),
    )
    query = sa.select(record).where(record.c.type == "assignment")
    rows = [
        {"branch": it.branch, "assignment": it.id, "until": it.fields["valid_to"]}
        for it in op.get_bind().execute(query)
        if it.fields.get("valid_to")
    ]
    if rows:
        op.bulk_insert(ending, rows)
