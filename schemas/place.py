"""Where something happened: WGS-84 in micro-degrees, accuracy in metres (domain.md, section 2)."""

from schemas.declare import Field, Integer
from schemas.fields import fixed

LATITUDE_E6 = Integer(-90_000_000, 90_000_000, "e-6 degrees")
LONGITUDE_E6 = Integer(-180_000_000, 180_000_000, "e-6 degrees")
ACCURACY_M = Integer(0, 100_000, "m")
HOME_ACCURACY_M = Integer(0, 50, "m")
"""A home point is stored only where it is known to 50 m (domain.md, section 5.2)."""


def fixed_place(write: tuple[str, ...]) -> tuple[Field, ...]:
    """Return the group `place` of a create-only record."""
    return (
        fixed("lat_e6", "Latitude", "纬度", LATITUDE_E6, write=write, group="place"),
        fixed("lon_e6", "Longitude", "经度", LONGITUDE_E6, write=write, group="place"),
        fixed("acc_m", "Accuracy", "定位精度", ACCURACY_M, write=write, group="place"),
    )
