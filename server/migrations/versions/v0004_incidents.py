"""What went wrong and was put right: copies that were not equal."""

import sqlalchemy as sa
from alembic import op

import server.models

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of incidents."""
    op.create_table(
        "incident",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("detail", server.models.Document(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index("incident_by_branch", "incident", ["branch", "at"], unique=False)
