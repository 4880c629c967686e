"""Organisational unit 机构 (domain.md, sections 3.1 and 5.1): head office down to the village."""

from schemas.declare import Flag, Label, RecordType, Ref, Text
from schemas.fields import ADMIN, one_of, reserved

KINDS = one_of(
    {
        "hq": ("Head office", "总行"),
        "tier1_branch": ("First-tier branch", "一级分行"),
        "tier2_branch": ("County branch", "二级分行/县支行"),
        "outlet": ("Outlet", "网点"),
        "village": ("Village", "行政村"),
    }
)

CODE = Text(40, 1, examples=("QH", "QH-HK", "QH-HK-01"))

ORG_UNIT = RecordType(
    "org_unit",
    Label("Unit", "机构"),
    (
        reserved(
            "name",
            "Name",
            "名称",
            Text(100, 1, examples=("河口网点", "柳树湾")),
            ADMIN,
            required=True,
        ),
        reserved("code", "Code", "代码", CODE, ADMIN, required=True),
        reserved("kind", "Kind", "类型", KINDS, ADMIN, required=True),
        reserved("parent_id", "Belongs to", "上级机构", Ref(to="org_unit"), ADMIN),
        reserved(
            "lending_suspended",
            "New applications stopped",
            "暂停新申请",
            Flag(),
            ("admin", "supervisor"),  # from a unit above (RSP-2)
        ),
        reserved("active", "In use", "启用", Flag(), ADMIN),
    ),
    made_by=ADMIN,
    reference="branch",
    guards=("RSP-2-suspend", "subtree-unit"),
    title_field="name",
)
