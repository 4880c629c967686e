"""The bytes of attachments, and uploads on their way."""

import sqlalchemy as sa
from alembic import op

import server.models

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of uploads and of what has come whole."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "attachment_blob",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("size", number, nullable=False),
        sa.Column("covers", server.models.Document(), nullable=False),
        sa.Column("kept_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
        sqlite_strict=True,
    )
    op.create_table(
        "upload",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("attachment", sa.Text(), nullable=False),
        sa.Column("length", number, nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index("upload_by_user", "upload", ["user"], unique=False)
    op.create_index("upload_by_expiry", "upload", ["expires_at"], unique=False)
