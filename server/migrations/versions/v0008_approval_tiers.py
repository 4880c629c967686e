"""What an account says of its owner that only the server keeps: approval tier, post grade, phone."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; nobody approves anything until the set-up file says so."""
    tier = sa.Column("approval_tier", sa.Integer(), nullable=False, server_default="0")
    op.add_column("account", tier)
    op.add_column("account", sa.Column("post_grade", sa.Text(), nullable=True))
    op.add_column("account", sa.Column("phone", sa.Text(), nullable=True))
