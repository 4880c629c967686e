"""The tables (docs/decisions/0001): branch, log, record, feed, change_set, accounts, read models.

Every key begins with, or determines, the branch; no statement of sync touches two branches.
Times are UTC texts (ISO 8601, `Z`), so that both databases hold and compare them alike.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from sqlalchemy import BigInteger, Dialect, Index, Integer, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Document(TypeDecorator[Any]):
    """A JSON value: JSONB on PostgreSQL, text on SQLite (whose STRICT tables know no JSON type)."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(JSONB())
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return json.loads(value) if isinstance(value, str) else value


STRICT: dict[str, Any] = {"sqlite_strict": True}


class Base(DeclarativeBase):
    """The base of every table; SQLite tables are STRICT, so that '12abc' never fits a number."""

    __table_args__: Any = STRICT


Number = BigInteger().with_variant(Integer, "sqlite")


class Branch(Base):
    """One row a branch: the head of its log. The row is locked to hand out positions.

    `kept_from`: tombstones and moves are gone from the feed below it; `purged_at`: when that was last done.
    `identity_key`: the hex key under which `record.identity` hashes what tells that two records are one person.
    `held`: how many sets are held; under the row's lock it is never out of date.
    `money_head`, `field_head`: up to where the read models of loans, and of receipts and visits, have seen the log.
    """

    __tablename__ = "branch"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    parent: Mapped[str | None] = mapped_column(Text)
    head: Mapped[int] = mapped_column(Number, default=0)
    head_hash: Mapped[str] = mapped_column(Text, default="")
    epoch: Mapped[str] = mapped_column(Text)
    restores: Mapped[Any] = mapped_column(Document, default=list)
    money_head: Mapped[int] = mapped_column(Number, default=0)
    kept_from: Mapped[int] = mapped_column(Number, default=0, server_default="0")
    purged_at: Mapped[str | None] = mapped_column(Text)
    identity_key: Mapped[str] = mapped_column(
        Text, default=lambda: secrets.token_hex(32), server_default=""
    )
    held: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    field_head: Mapped[int] = mapped_column(Number, default=0, server_default="0")


class Installation(Base):
    """What holds for the whole installation, by key: the organisation's name, currency and time zone."""

    __tablename__ = "installation"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[Any] = mapped_column(Document)


class LogRow(Base):
    """Every change: who, when, on which device, what was sent and what stands; hash-chained.

    `payload` and its random `payload_key` may be erased; `commitment` and the chain stay.
    """

    __tablename__ = "log"
    __table_args__ = (Index("log_by_record", "branch", "record", "position"), STRICT)

    branch: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(Number, primary_key=True)
    set_device: Mapped[str] = mapped_column(Text)
    set_number: Mapped[int] = mapped_column(Number)
    set_id: Mapped[str] = mapped_column(Text)
    device: Mapped[str] = mapped_column(Text)
    user: Mapped[str | None] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    record: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(Text)
    customer: Mapped[str | None] = mapped_column(Text)
    op: Mapped[str] = mapped_column(Text)
    altered: Mapped[int] = mapped_column(Integer)
    timer: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[str] = mapped_column(Text)
    device_made_at: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[str] = mapped_column(Text)
    stamp: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    payload: Mapped[str | None] = mapped_column(Text)
    payload_key: Mapped[str | None] = mapped_column(Text)
    commitment: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(Text)


class RecordRow(Base):
    """The current state of a record: its fields, and for each unit where it last changed.

    `subject`: the record that it is about, with which it is loaded; of an absorbed customer, the survivor.
    `identity`: the keyed hash of its identity (a customer's id number) while it is alive, else None.
    """

    __tablename__ = "record"
    __table_args__ = (
        Index("record_by_customer", "branch", "customer"),
        Index("record_by_type", "branch", "type"),
        Index("record_by_parent", "branch", "parent"),
        Index("record_by_subject", "branch", "subject"),
        Index("record_by_identity", "branch", "identity"),
        STRICT,
    )

    branch: Mapped[str] = mapped_column(Text, primary_key=True)
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    type: Mapped[str] = mapped_column(Text)
    customer: Mapped[str | None] = mapped_column(Text)
    parent: Mapped[str | None] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(Text)
    identity: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Number)
    deleted: Mapped[int] = mapped_column(Integer)
    fields: Mapped[Any] = mapped_column(Document)
    marks: Mapped[str] = mapped_column(Text)
    created: Mapped[str] = mapped_column(Text)
    changed_by: Mapped[str | None] = mapped_column(Text)
    changed_at: Mapped[str] = mapped_column(Text)
    holders: Mapped[str] = mapped_column(Text)


class FeedRow(Base):
    """What an owner (a user, or the whole branch) may pull: one row a record, at its newest position.

    `since`: where the record came into the owner's scope (negative while an upsert says "keep what is
    there"). `kind` is `record` or `left`. `hi` and `lo` are the halves of the record's digest term.
    """

    __tablename__ = "feed"
    __table_args__ = (
        Index("feed_by_position", "owner", "position"),
        Index("feed_digest", "owner", "kind", "live", "hi", "lo"),
        Index("feed_by_customer", "owner", "customer"),
        STRICT,
    )

    owner: Mapped[str] = mapped_column(Text, primary_key=True)
    record: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    type: Mapped[str] = mapped_column(Text)
    customer: Mapped[str | None] = mapped_column(Text)
    position: Mapped[int] = mapped_column(Number)
    since: Mapped[int] = mapped_column(Number)
    live: Mapped[int] = mapped_column(Integer)
    hi: Mapped[int] = mapped_column(Number)
    lo: Mapped[int] = mapped_column(Number)


class EndingRow(Base):
    """An assignment with a last day: looked at again once that day has passed (`endings.py`)."""

    __tablename__ = "ending"
    __table_args__ = (Index("ending_by_day", "branch", "until"), STRICT)

    branch: Mapped[str] = mapped_column(Text, primary_key=True)
    assignment: Mapped[str] = mapped_column(Text, primary_key=True)
    until: Mapped[str] = mapped_column(Text)


class ChangeSetRow(Base):
    """Every set a device sent: its content as sent, its result, and what later sets inherit of it."""

    __tablename__ = "change_set"
    __table_args__ = (
        Index("change_set_by_id", "user", "set_id"),
        Index("change_set_by_status", "branch", "status", "received_at"),
        STRICT,
    )

    device: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(Number, primary_key=True)
    branch: Mapped[str] = mapped_column(Text)
    user: Mapped[str | None] = mapped_column(Text)
    set_id: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    result: Mapped[str] = mapped_column(Text)
    trails: Mapped[str] = mapped_column(Text)
    received_at: Mapped[str] = mapped_column(Text)


class HeldRow(Base):
    """A set with status `held`, until it is decided for good (`held.py`).

    `names`: the ids that it names, any of which may arrive. `faults`: its own, should it end as rejected.
    `made_at`, `stamp`: the corrected times of its making, as they were known when it came, at `since`.
    """

    __tablename__ = "held"
    __table_args__ = (Index("held_by_branch", "branch", "since"), STRICT)

    device: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(Number, primary_key=True)
    branch: Mapped[str] = mapped_column(Text)
    user: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    set_id: Mapped[str] = mapped_column(Text)
    made_at: Mapped[str] = mapped_column(Text)
    stamp: Mapped[str] = mapped_column(Text)
    since: Mapped[str] = mapped_column(Text)
    names: Mapped[Any] = mapped_column(Document)
    faults: Mapped[Any] = mapped_column(Document)


class Account(Base):
    """Someone who may sign in; the same id as the record of type `user`.

    `approval_tier`: up to which tier the person approves (domain.md, section 3.3); 0: not at all.
    """

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    username: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    branch: Mapped[str] = mapped_column(Text, index=True)
    unit: Mapped[str | None] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    active: Mapped[int] = mapped_column(Integer, default=1)
    approval_tier: Mapped[int] = mapped_column(Integer, server_default="0")
    post_grade: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)


class DeviceRow(Base):
    """One user's store on one tablet, a web session, or the server itself (`kind`)."""

    __tablename__ = "device"
    __table_args__ = (Index("device_by_user", "user"), Index("device_by_branch", "branch"), STRICT)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    branch: Mapped[str] = mapped_column(Text)
    user: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text, default="")
    public_key: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="active")
    created_at: Mapped[str] = mapped_column(Text)
    last_contact_at: Mapped[str | None] = mapped_column(Text)
    clean_at: Mapped[str | None] = mapped_column(Text)
    earlier_clean_at: Mapped[str | None] = mapped_column(Text)
    head_at: Mapped[str | None] = mapped_column(Text)
    skew_ms: Mapped[int] = mapped_column(Number, default=0)
    waiting: Mapped[str | None] = mapped_column(Text)


class RefreshToken(Base):
    """A refresh token by its hash; tokens of one sign-in form a family that is revoked together."""

    __tablename__ = "refresh_token"
    __table_args__ = (Index("refresh_token_by_family", "family"), STRICT)

    hash: Mapped[str] = mapped_column(Text, primary_key=True)
    family: Mapped[str] = mapped_column(Text)
    device: Mapped[str] = mapped_column(Text)
    user: Mapped[str] = mapped_column(Text)
    predecessor: Mapped[str | None] = mapped_column(Text)
    used: Mapped[int] = mapped_column(Integer, default=0)
    revoked: Mapped[int] = mapped_column(Integer, default=0)
    expires_at: Mapped[str] = mapped_column(Text)


class RecoveryCode(Base):
    """The one code with which a user recovers what a tablet sealed, hashed like a password.

    `made_by` None: an administrator made it. `tries`: misses; `used_at`, `used_by`: its first use, a device.
    """

    __tablename__ = "recovery_code"

    user: Mapped[str] = mapped_column(Text, primary_key=True)
    code_hash: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[str] = mapped_column(Text)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    used_at: Mapped[str | None] = mapped_column(Text)
    used_by: Mapped[str | None] = mapped_column(Text)


class LoanPosition(Base):
    """Read model: what is owed on a loan, folded from its installments and repayments.

    It is brought up to the log's head when somebody asks (`Branch.money_head`), so a push never pays
    for it; days past due follow from `oldest_unpaid_on` and the day of asking. `again_on`: from this day
    a receipt dated ahead counts, and the loan is folded again.
    """

    __tablename__ = "loan_position"
    __table_args__ = (Index("loan_position_by_branch", "branch", "state"), STRICT)

    branch: Mapped[str] = mapped_column(Text, primary_key=True)
    loan: Mapped[str] = mapped_column(Text, primary_key=True)
    customer: Mapped[str] = mapped_column(Text)
    officer: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    outstanding_fen: Mapped[int] = mapped_column(Number)
    oldest_unpaid_on: Mapped[str | None] = mapped_column(Text)
    restructured_on: Mapped[str | None] = mapped_column(Text)
    again_on: Mapped[str | None] = mapped_column(Text)


class IncidentRow(Base):
    """Something that went wrong with a device and was put right, for whoever looks after the branch.

    `kind`: `digest-mismatch` (its copy was not equal to the server's, protocol.md, section 8).
    """

    __tablename__ = "incident"
    __table_args__ = (Index("incident_by_branch", "branch", "at"), STRICT)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    branch: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    device: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(Text)
    detail: Mapped[Any] = mapped_column(Document)


class BlobRow(Base):
    """Bytes of attachments that have come whole, by their SHA-256 (`blobs.py` says where they are).

    `covers`: the stretches of a picture that nobody is shown, `[offset, length, first bytes in hex]` each.
    """

    __tablename__ = "attachment_blob"

    hash: Mapped[str] = mapped_column(Text, primary_key=True)
    size: Mapped[int] = mapped_column(Number)
    covers: Mapped[Any] = mapped_column(Document)
    kept_at: Mapped[str] = mapped_column(Text)


class UploadRow(Base):
    """An upload of an attachment's bytes (tus); how far it has come, its file says (`uploads.py`)."""

    __tablename__ = "upload"
    __table_args__ = (
        Index("upload_by_user", "user"),
        Index("upload_by_expiry", "expires_at"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    branch: Mapped[str] = mapped_column(Text)
    user: Mapped[str] = mapped_column(Text)
    attachment: Mapped[str] = mapped_column(Text)
    length: Mapped[int] = mapped_column(Number)
    expires_at: Mapped[str] = mapped_column(Text)


class ImportBatch(Base):
    """One import of a spreadsheet, so that the whole of it can be undone."""

    __tablename__ = "import_batch"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    branch: Mapped[str] = mapped_column(Text, index=True)
    kind: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(Text)
    made_at: Mapped[str] = mapped_column(Text)
    first_position: Mapped[int] = mapped_column(Number)
    last_position: Mapped[int] = mapped_column(Number)
    rows: Mapped[int] = mapped_column(Integer)
    undone_at: Mapped[str | None] = mapped_column(Text)
