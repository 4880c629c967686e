"""Customer 客户 (domain.md, sections 5.2 and 6.9): the household."""

from schemas.declare import (
    Date,
    Field,
    Integer,
    KeyedMap,
    Label,
    RecordType,
    Ref,
    States,
    Text,
    money,
)
from schemas.fields import (
    SUPERVISOR,
    highest,
    latest,
    manual,
    many,
    move,
    once,
    one_of,
    prose,
    reserved,
    state,
)
from schemas.person import ID_NUMBER, ID_NUMBER_HINT, NAME, NAME_LATIN, PHONE, PHONE_HINT
from schemas.place import HOME_ACCURACY_M, LATITUDE_E6, LONGITUDE_E6
from schemas.roles import FIELD, OFFICER

GENDERS = one_of({"f": ("Female", "女"), "m": ("Male", "男")})
SEGMENTS = one_of(
    {
        "grain": ("Grain", "粮食种植"),
        "cash_crop": ("Cash crop", "经济作物"),
        "livestock": ("Livestock", "畜禽养殖"),
        "aquaculture": ("Fish farming", "水产养殖"),
        "trade": ("Trade", "商贸"),
        "wage": ("Wages", "务工"),
        "micro_enterprise": ("Small business", "小微经营"),
        "other": ("Other", "其他"),
    }
)
ASSET_KINDS = one_of(
    {
        "house": ("House", "房屋"),
        "land_right": ("Land right", "土地经营权"),
        "machine": ("Machine", "农机具"),
        "livestock": ("Livestock", "牲畜"),
        "deposit": ("Deposit", "存款"),
        "vehicle": ("Vehicle", "车辆"),
        "other": ("Other", "其他"),
    }
)
OPINIONS = one_of(
    {
        "excellent": ("Excellent", "优秀"),
        "good": ("Good", "良好"),
        "fair": ("Fair", "一般"),
        "poor": ("Poor", "较差"),
    }
)
SOURCES = one_of(
    {
        "walk_in": ("Came by themselves", "主动上门"),
        "officer_found": ("Found by the officer", "客户经理拓展"),
        "referral": ("Referred", "他人介绍"),
        "village_list": ("Village list", "村委推荐"),
    }
)
STATES = one_of(
    {
        "prospect": ("Prospect", "潜在客户"),
        "active": ("Active", "正常"),
        "dormant": ("Dormant", "休眠"),
        "blocked": ("Blocked", "停用"),
    }
)

HEADCOUNT = Integer(0, 30)
LAND_TMU = Integer(0, 10_000_000, "tenths of a mu")
_TMU_HINT = Label("In tenths of a mu: 12 mu is 120", "以 0.1 亩为单位：12 亩填 120")

ASSETS = KeyedMap(
    "assets",
    Label("Assets", "资产"),
    {
        "label": manual("label", "What", "名称", Text(100, 1, examples=("砖房三间", "旋耕机"))),
        "kind": manual("kind", "Kind", "类型", ASSET_KINDS),
        "value_fen": manual("value_fen", "Value", "估值", money()),
        "proof": manual("proof", "Proof", "凭证", Text(200, examples=("房产证", "购机发票"))),
    },
)
DEBTS = KeyedMap(
    "debts",
    Label("Debts elsewhere", "外部负债"),
    {
        "lender": manual("lender", "Lender", "债权人", Text(100, 1, examples=("邮储银行", "堂兄"))),
        "kind": manual("kind", "Kind", "类型", Text(50, examples=("农机贷款", "民间借款"))),
        "balance_fen": manual("balance_fen", "Still owed", "余额", money()),
        "monthly_fen": manual("monthly_fen", "Paid a month", "月还款额", money()),
        "due": manual("due", "Due on", "到期日", Date(("2026-12-31", "2027-06-30"))),
    },
)

IDENTITY: tuple[Field, ...] = (
    reserved(
        "customer_no",
        "Customer number",
        "客户编号",
        Text(40, 1, examples=("KH00001", "KH00002")),
        default="@number",
    ),
    manual("name", "Name", "姓名", NAME, sensitive=True, required=True),
    once(
        "id_no",
        "Id number",
        "身份证号",
        ID_NUMBER,
        sensitive=True,
        required=True,
        hint=ID_NUMBER_HINT,
    ),
    manual(
        "id_valid_to", "Id card valid until", "身份证有效期至", Date(("2031-05-12", "2036-08-01"))
    ),
    manual("gender", "Gender", "性别", GENDERS),
    manual("phone", "Phone", "电话", PHONE, required=True, hint=PHONE_HINT),
    manual("phone_alt", "Second phone", "备用电话", PHONE, hint=PHONE_HINT),
    once("village_id", "Village", "行政村", Ref(to="org_unit"), required=True),
    prose("address_note", "How to find the house", "住址说明", ("村口第三户", "老槐树旁的砖房")),
    latest("home_lat_e6", "Latitude of the home", "住处纬度", LATITUDE_E6, group="home"),
    latest("home_lon_e6", "Longitude of the home", "住处经度", LONGITUDE_E6, group="home"),
    latest(
        "home_acc_m", "Accuracy of the home point", "住处定位精度", HOME_ACCURACY_M, group="home"
    ),
    latest("name_latin", "Name in Latin letters", "姓名拼音", NAME_LATIN),
)
LIVELIHOOD: tuple[Field, ...] = (
    manual("segment", "Segment", "客户类别", SEGMENTS, required=True),
    manual(
        "main_activity", "Main activity", "主营项目", Text(100, examples=("生猪养殖", "茶叶种植"))
    ),
    manual("years_resident", "Years in the village", "居住年限", Integer(0, 99, "years")),
    manual("household_size", "People in the household", "家庭人口", HEADCOUNT),
    manual("able_workers", "Able workers", "劳动力人数", HEADCOUNT),
    manual("annual_income_fen", "Yearly income", "家庭年收入", money(), sensitive=True),
    once("registered_on", "Registered on", "建档日期", Date(("2026-06-15", "2026-06-16"))),
    manual("land_own_tmu", "Own land", "自有耕地", LAND_TMU, hint=_TMU_HINT),
    manual("land_rented_tmu", "Rented land", "租种耕地", LAND_TMU, hint=_TMU_HINT),
)
RELATION: tuple[Field, ...] = (
    manual(
        "village_opinion", "Village opinion", "村委评议", OPINIONS, write=OFFICER, group="opinion"
    ),
    manual(
        "village_opinion_by",
        "Given by",
        "评议人",
        Text(100, examples=("村支书王建军", "妇女主任")),
        write=OFFICER,
        group="opinion",
    ),
    manual(
        "village_opinion_on",
        "Given on",
        "评议日期",
        Date(("2026-06-01", "2026-06-16")),
        write=OFFICER,
        group="opinion",
    ),
    once("consent_attachment_id", "Consent", "授权书", Ref(to="attachment"), write=OFFICER),
    reserved("group_id", "Joint-liability group", "联保小组", Ref(to="group"), SUPERVISOR, since=3),
    state(STATES, FIELD),
    once("source", "Source", "客户来源", SOURCES),
    many("tags", "Tags", "标签", Text(50, 1, examples=("脱贫户", "示范村"))),
    prose("preferences", "Preferences and remarks", "服务偏好与备注", ("晚上在家", "电话常打不通")),
    latest(
        "next_contact_on", "Next contact on", "下次联系日期", Date(("2026-07-01", "2026-08-15"))
    ),
    highest(
        "last_contact_on", "Last contact on", "最近联系日期", Date(("2026-05-20", "2026-06-16"))
    ),
)

MACHINE = States(
    "state",
    ("prospect", "active"),
    (
        move("activate", "prospect", "active", (), "Activate", "激活"),
        move("sleep", "active", "dormant", (), "Put to sleep", "转休眠"),
        move("wake", "dormant", "active", (), "Wake", "唤醒"),
        move("block", "prospect active dormant", "blocked", ("supervisor",), "Block", "停用"),
        move("unblock", "blocked", "active", ("supervisor",), "Unblock", "恢复"),
    ),
)

CUSTOMER = RecordType(
    "customer",
    Label("Customer", "客户"),
    (*IDENTITY, *LIVELIHOOD, ASSETS, DEBTS, *RELATION),
    made_by=FIELD,
    states=MACHINE,
    title_field="name",
    identity="id_no",
    guards=("group-member",),
)
