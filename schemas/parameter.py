"""Parameter 参数 (domain.md, section 5.1): every number that an institution may set for itself.

The nearest unit above counts, and of its values the one that came into force last (`sync/guards/sight.py`).
"""

from collections.abc import Mapping

from schemas.declare import Date, Label, RecordType, Ref, Text, Value
from schemas.derived.early_warning.numbers import NUMBERS as EARLY_WARNING
from schemas.fields import ADMIN, reserved

KEY = Text(
    100,
    1,
    "[a-z][a-z0-9_.-]{0,99}",
    examples=("two_investigators_above_fen", "first_followup_days"),
)

DEFAULTS: Mapping[str, int] = {
    # approval tiers (domain.md, section 3.3), fen; above the last is tier 4
    "tier1_unsecured_fen": 50_000_00,
    "tier1_secured_fen": 100_000_00,
    "tier2_unsecured_fen": 200_000_00,
    "tier2_secured_fen": 500_000_00,
    "tier3_unsecured_fen": 500_000_00,
    "tier3_secured_fen": 1_000_000_00,
    "committee_members": 3,
    "expedited_limit_fen": 20_000_00,
    "expedited_review_days": 5,
    # separation of duties (section 4)
    "age_least": 18,
    "age_most": 65,
    "two_investigators_above_fen": 50_000_00,
    "second_signer_above_fen": 50_000_00,
    "co_investigation_days": 90,
    # groups and guarantors (section 5.3)
    "group_members_least": 5,
    "guarantee_share_bps": 5000,
    # five classes (section 8.5): the fewest days past due of each
    "class_special_mention_days": 1,
    "class_substandard_days": 91,
    "class_doubtful_days": 271,
    "class_loss_days": 361,
    "technical_delay_days": 7,
    # back to a better class: on time for so long, and for so many installments
    "better_class_months": 6,
    "better_class_installments": 2,
    # as days pass (sections 6, 7 and 8.8)
    "lapse_days": 60,
    "miss_after_days": 2,
    "escalate_again_days": 7,
    "dormant_months": 12,
    "sample_percent": 5,
    "sample_least": 2,
    "handover_days": 90,
    # the end of a business day (section 8.9): a tablet has reported for the day from this hour on
    "close_reports_from_hour": 16,
    "value_date_late_days": 3,
    # in the field (sections 5.2 and 5.5): cash that one officer may carry, and how far ahead an id card
    # that runs out is told
    "cash_limit_fen": 20_000_00,
    "id_card_warn_days": 60,
    # until when a finding is to be put right (section 6.5)
    "finding_minor_days": 30,
    "finding_major_days": 15,
    "finding_critical_days": 5,
    # after the loan (sections 6.6, 7 and 9)
    **EARLY_WARNING,
}
"""Every number marked [own] that a rule of the engine asks for, as it is where nobody set another."""

PARAMETER = RecordType(
    "parameter",
    Label("Parameter", "参数"),
    (
        reserved("key", "Key", "参数名", KEY, ADMIN, required=True),
        reserved("value", "Value", "参数值", Value(), ADMIN),
        reserved("unit_id", "For the unit", "适用机构", Ref(to="org_unit"), ADMIN),
        reserved("valid_from", "From", "生效日期", Date(), ADMIN),
    ),
    made_by=ADMIN,
    reference="branch",
    title_field="key",
    guards=("SOD-13", "subtree-parameter"),
    since=3,
)
