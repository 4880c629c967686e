"""The hybrid logical clock: state in, wall time in, new state out (protocol.md, section 3).

Kulkarni, Demirbas, Madappa, Avva, Leone: Logical Physical Clocks (2014), figure 5, with the full
receive rule. Stamps only break the ties that a policy gives to time; nothing here may fail
because a clock is wrong, so every result is held within what a stamp can say.
"""

from __future__ import annotations

from datetime import datetime

from schemas.values import MAX_COUNTER, MAX_MILLIS, Hlc, parse_instant, to_millis


def stamp_at(millis: int, device: str, counter: int = 0) -> Hlc:
    """Return the stamp of a moment; a full counter carries into the milliseconds.

    Before 1970 it is the first stamp of all, after the year 10889 the last.
    """
    if millis < 0:
        return Hlc(0, 0, device)
    carried, left = divmod(counter, MAX_COUNTER + 1)
    if millis + carried > MAX_MILLIS:
        return Hlc(MAX_MILLIS, MAX_COUNTER, device)
    return Hlc(millis + carried, left, device)


def tick(last: Hlc, now_ms: int) -> Hlc:
    """Return the stamp of a local event: later than *last* even where the wall clock went back."""
    if now_ms > last.millis:
        return stamp_at(now_ms, last.device)
    return stamp_at(last.millis, last.device, last.counter + 1)


def receive(last: Hlc, remote: Hlc, now_ms: int) -> Hlc:
    """Return the stamp of hearing of *remote*: later than *last* and *remote*, not before now."""
    if now_ms > max(last.millis, remote.millis):
        return stamp_at(now_ms, last.device)
    millis, counter = max((last.millis, last.counter), (remote.millis, remote.counter))
    return stamp_at(millis, last.device, counter + 1)


def clamp(stamp: Hlc, low_ms: int, high_ms: int) -> Hlc:
    """Return *stamp*, or the nearer end where it lies outside [*low_ms*, *high_ms*].

    The ends are the first stamps of their milliseconds, so a clock that runs ahead gains nothing,
    and clamping never puts two stamps of a device the other way round. Where the ends are crossed
    (the server's own clock went back), *high_ms* stands.
    """
    low, high = stamp_at(low_ms, stamp.device), stamp_at(high_ms, stamp.device)
    return min(max(stamp, low), high)


def estimate_skew_ms(sent_at: datetime, received_at: datetime) -> int:
    """Return by how much the device's clock is ahead of the server's; negative where it is behind.

    The time on the way counts as slowness of the device: seconds against the two minutes that
    matter.
    """
    return to_millis(sent_at) - to_millis(received_at)


def correct(stamp: Hlc, skew_ms: int) -> Hlc:
    """Return *stamp* as a device would have made it whose clock had no skew."""
    return stamp_at(stamp.millis - skew_ms, stamp.device, stamp.counter)


def read_stamp(clock: object, made_at: object, received_ms: int, device: str) -> Hlc:
    """Return the stamp of a set as its *device* gave it, never refusing any (protocol, section 3).

    A malformed stamp, or one in another device's name, is replaced from *made_at*; a malformed
    *made_at* from the time of receipt.
    """
    try:
        stamp = Hlc.parse(clock)
    except ValueError:
        return stamp_at(_millis_or(made_at, received_ms), device)
    return stamp if stamp.device == device else stamp_at(_millis_or(made_at, received_ms), device)


def _millis_or(made_at: object, received_ms: int) -> int:
    try:
        return to_millis(parse_instant(made_at))
    except ValueError:
        return received_ms
