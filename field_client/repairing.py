"""Where the digests differ: the copy's sums by bucket go out, what the server holds comes in (section 8)."""

from __future__ import annotations

from field_client import session
from field_client.store import Store
from field_client.transport import Transport
from schemas import problems

REPAIR = "/api/v1/sync/repair"
MOST_CALLS = 300
"""More than there are buckets, of which every answer holds one at least."""


def repair(store: Store, transport: Transport) -> int | None:
    """Make the server copy equal to the server's, bucket by bucket; own sets are left alone.

    Returns:
        How many requests it took; None where the server does not help, and all must be fetched anew.

    Raises:
        OfflineError: the link broke; the next sync finds the same again.
    """
    for calls in range(1, MOST_CALLS + 1):
        request = {
            "cursor": store.identity().cursor,
            "buckets": store.bucket_sums(),
            "continued": calls > 1,
        }
        try:
            answer = session.post(store, transport, REPAIR, request)
        except problems.XiangxinError:
            return None
        store.mend(answer)
        if not answer["more"]:
            return calls
    return None
