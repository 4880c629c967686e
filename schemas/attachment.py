"""Attachment 附件 (domain.md, section 5.6): what is known of a photo, signature or recording.

Its bytes go up separately (protocol.md, section 11).
"""

from schemas.declare import Instant, Integer, Label, RecordType, Ref, Text
from schemas.fields import fixed, one_of
from schemas.place import fixed_place
from schemas.subject import SUBJECT_TYPES

MADE_BY = ("officer", "supervisor", "reviewer", "approver", "clerk", "auditor")
KINDS = one_of(
    {
        "id_front": ("Id card, front", "身份证正面"),
        "id_back": ("Id card, back", "身份证反面"),
        "consent": ("Consent", "授权书"),
        "contract": ("Contract", "合同"),
        "photo_home": ("Photo of the home", "住处照片"),
        "photo_asset": ("Photo of an asset", "资产照片"),
        "photo_with_customer": ("Photo with the customer", "与客户合影"),
        "signature": ("Signature", "签名"),
        "receipt": ("Receipt", "收据"),
        "audio": ("Recording", "录音"),
        "other": ("Other", "其他"),
    }
)
SHA256 = Text(64, 64, "[0-9a-f]{64}", examples=("0" * 64, "f" * 64))
MEDIA_TYPE = Text(100, 3, "[a-z]+/[a-z0-9][a-z0-9.+-]*", examples=("image/jpeg", "audio/mp4"))

ATTACHMENT = RecordType(
    "attachment",
    Label("Attachment", "附件"),
    (
        fixed("record_type", "Of (kind)", "所属类型", SUBJECT_TYPES, write=MADE_BY, required=True),
        fixed("record", "Of", "所属记录", Ref(), write=MADE_BY, required=True),
        fixed("kind", "Kind", "类型", KINDS, write=MADE_BY, required=True),
        fixed("sha256", "SHA-256", "SHA-256", SHA256, write=MADE_BY, required=True),
        fixed("size", "Size", "大小", Integer(1, 2**40, "bytes"), write=MADE_BY, required=True),
        fixed("media_type", "Media type", "文件类型", MEDIA_TYPE, write=MADE_BY, required=True),
        fixed("captured_at", "Taken at", "拍摄时间", Instant(), write=MADE_BY, required=True),
        fixed("captured_by", "Taken by", "拍摄人", Ref(to="user"), write=MADE_BY),
        *fixed_place(MADE_BY),
    ),
    made_by=MADE_BY,
    create_only=True,
    deletable=True,
    late_fact=True,
    title_field="kind",
)
