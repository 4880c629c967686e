"""Every record type of the product: the only list (domain.md, section 5.8)."""

from schemas.assignment import ASSIGNMENT
from schemas.attachment import ATTACHMENT
from schemas.case import CASE
from schemas.cash_deposit import CASH_DEPOSIT
from schemas.cashflow_survey import CASHFLOW_SURVEY
from schemas.checklist import CHECKLIST
from schemas.classification import CLASSIFICATION
from schemas.collateral import COLLATERAL
from schemas.conflict import CONFLICT
from schemas.credit_rating import CREDIT_RATING
from schemas.customer import CUSTOMER
from schemas.decision import DECISION
from schemas.declare import Registry
from schemas.device import DEVICE
from schemas.finding import FINDING
from schemas.group import GROUP
from schemas.guarantor import GUARANTOR
from schemas.handover import HANDOVER
from schemas.household_member import HOUSEHOLD_MEMBER
from schemas.inspection_note import INSPECTION_NOTE
from schemas.installment import INSTALLMENT
from schemas.interaction import INTERACTION
from schemas.loan import LOAN
from schemas.loan_application import LOAN_APPLICATION
from schemas.officer_audit import OFFICER_AUDIT
from schemas.org_unit import ORG_UNIT
from schemas.parameter import PARAMETER
from schemas.product import PRODUCT
from schemas.relationship import RELATIONSHIP
from schemas.repayment import REPAYMENT
from schemas.target import TARGET
from schemas.task import TASK
from schemas.user import USER
from schemas.visit import VISIT
from schemas.warning_signal import WARNING_SIGNAL
from schemas.watchlist_entry import WATCHLIST_ENTRY

REGISTRY = Registry(
    [
        ORG_UNIT,
        USER,
        PRODUCT,
        CHECKLIST,
        DEVICE,
        ASSIGNMENT,
        CUSTOMER,
        HOUSEHOLD_MEMBER,
        LOAN,
        INSTALLMENT,
        REPAYMENT,
        VISIT,
        INSPECTION_NOTE,
        INTERACTION,
        TASK,
        ATTACHMENT,
        CONFLICT,
        PARAMETER,
        WATCHLIST_ENTRY,
        GROUP,
        TARGET,
        CASH_DEPOSIT,
        OFFICER_AUDIT,
        HANDOVER,
        RELATIONSHIP,
        CASHFLOW_SURVEY,
        CREDIT_RATING,
        LOAN_APPLICATION,
        GUARANTOR,
        COLLATERAL,
        DECISION,
        FINDING,
        CASE,
        WARNING_SIGNAL,
        CLASSIFICATION,
    ],
    schema=3,
)
