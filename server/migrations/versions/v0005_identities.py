"""Who is registered twice: the key of each branch, and the hash of every living customer's identity."""

import hashlib
import hmac
import json
import secrets

import sqlalchemy as sa
from alembic import op

import server.models

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
BATCH = 2000


def upgrade() -> None:
    """Add both columns and fill them."""
    op.add_column("branch", sa.Column("identity_key", sa.Text(), nullable=False, server_default=""))
    op.add_column("record", sa.Column("identity", sa.Text(), nullable=True))
    op.create_index("record_by_identity", "record", ["branch", "identity"], unique=False)
    branch = sa.table("branch", sa.column("id", sa.Text()), sa.column("identity_key", sa.Text()))
    for (branch_id,) in op.get_bind().execute(sa.select(branch.c.id)).all():
        key = secrets.token_hex(32)
        wanted = sa.update(branch).where(branch.c.id == branch_id)
        op.get_bind().execute(wanted.values(identity_key=key))
        _fill(branch_id, bytes.fromhex(key))


def _fill(branch_id: str, key: bytes) -> None:
    """Hash the id numbers of a branch, as `server/identities.py` does."""
    record = sa.table(
        "record",
        sa.column("branch", sa.Text()),
        sa.column("id", sa.Text()),
        sa.column("type", sa.Text()),
        sa.column("deleted", sa.Integer()),
        sa.column("fields", server.models.Document()),
        sa.column("identity", sa.Text()),
    )
    query = sa.select(record.c.id, record.c.fields).where(
        record.c.branch == branch_id, record.c.type == "customer", record.c.deleted == 0
    )
    rows = [
        {"of": it.id, "hash": _hashed(key, it.fields["id_no"])}
        for it in op.get_bind().execute(query)
        if it.fields.get("id_no")
    ]
    mine = (record.c.branch == branch_id, record.c.id == sa.bindparam("of"))
    statement = sa.update(record).where(*mine).values(identity=sa.bindparam("hash"))
    for start in range(0, len(rows), BATCH):
        op.get_bind().execute(statement, rows[start : start + BATCH])


def _hashed(key: bytes, number: str) -> str:
    said = json.dumps(["customer", number], ensure_ascii=False, separators=(",", ":"))
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()
