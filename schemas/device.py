"""Device 设备 (domain.md, section 5.1): one user's store on one tablet; its id is its own."""

from schemas.declare import Flag, Label, RecordType, Ref, Text
from schemas.fields import ADMIN, NOBODY, reserved

CODE = Text(12, 1, "[A-Z0-9]{1,12}", examples=("T1", "T2"))

DEVICE = RecordType(
    "device",
    Label("Device", "设备"),
    (
        reserved("user_id", "User", "使用人", Ref(to="user"), required=True),
        reserved("code", "Code", "代码", CODE, required=True),
        reserved("name", "Name", "名称", Text(100, examples=("李敏的平板", "Tab 1")), ADMIN),
        reserved("active", "In use", "启用", Flag(), ADMIN),
    ),
    made_by=NOBODY,
    reference="user",
    users=("user_id",),
    title_field="code",
)
