"""Every record type of the product: the only list (domain.md, section 5.8)."""

from schemas.assignment import ASSIGNMENT
from schemas.attachment import ATTACHMENT
from schemas.checklist import CHECKLIST
from schemas.conflict import CONFLICT
from schemas.customer import CUSTOMER
from schemas.declare import Registry
from schemas.device import DEVICE
from schemas.household_member import HOUSEHOLD_MEMBER
from schemas.inspection_note import INSPECTION_NOTE
from schemas.installment import INSTALLMENT
from schemas.interaction import INTERACTION
from schemas.loan import LOAN
from schemas.org_unit import ORG_UNIT
from schemas.product import PRODUCT
from schemas.repayment import REPAYMENT
from schemas.task import TASK
from schemas.user import USER
from schemas.visit import VISIT

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
    ],
    schema=2,
)
