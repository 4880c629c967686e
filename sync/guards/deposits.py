"""Guards of cash that is handed in (domain.md, sections 5.5 and 6.9)."""

from __future__ import annotations

from sync.guards.case import Case, Guard, Refusal, moving_to, setting


def receipts_are_one_s_own_cash(case: Case) -> Refusal | None:
    """A deposit holds cash that its officer took, and a receipt lies in one deposit at most."""
    officer, mine = case.fields.get("officer_id"), set(case.fields.get("receipt_ids") or ())
    for receipt in (case.sight.record(it) for it in sorted(mine)):
        if receipt is None or receipt.type != "repayment":
            continue  # not loaded, as this set does not add it
        taken_by = receipt.fields.get("collected_by") or receipt.created_by
        if receipt.fields.get("channel") != "cash" or taken_by != officer:
            return Refusal("invalid-value", "receipt_ids", "not-own-cash")
    for other in case.sight.of("cash_deposit"):
        if other.id != case.after.id and mine & set(other.fields.get("receipt_ids") or ()):
            return Refusal("invalid-value", "receipt_ids", "deposited-already")
    return None


def difference_has_a_reason(case: Case) -> Refusal | None:
    """Cash is confirmed when it was counted, and is what the receipts say or the difference has a reason."""
    if not case.moves_to("confirmed"):
        return None
    counted = case.fields.get("counted_fen")
    if counted is None:
        return Refusal("required", "counted_fen")
    if counted != expected_fen(case) and not case.fields.get("difference_reason"):
        return Refusal("required", "difference_reason")
    return None


def expected_fen(case: Case) -> int:
    """Return the sum of a deposit's receipts."""
    known = (case.sight.record(it) for it in case.fields.get("receipt_ids") or ())
    return sum(it.fields["amount_fen"] for it in known if it is not None)


GUARDS = {
    "deposit-receipts": Guard(
        receipts_are_one_s_own_cash, frozenset({"cash_deposit"}), setting("receipt_ids")
    ),
    "deposit-difference": Guard(difference_has_a_reason, concerns=moving_to("confirmed")),
}
"""By the name that a record type declares."""
