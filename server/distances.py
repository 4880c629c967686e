"""How far apart two places on the ground are."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

EARTH_M = 6_371_000
MICRO = 1_000_000


def metres_between(lat_e6: int, lon_e6: int, other_lat_e6: int, other_lon_e6: int) -> int:
    """Return whole metres along the great circle (haversine); places are in millionths of a degree."""
    lat, other = radians(lat_e6 / MICRO), radians(other_lat_e6 / MICRO)
    along = sin((other - lat) / 2)
    across = sin(radians((other_lon_e6 - lon_e6) / MICRO) / 2)
    share = along * along + cos(lat) * cos(other) * across * across
    return int(2 * EARTH_M * asin(min(1, sqrt(share))))
