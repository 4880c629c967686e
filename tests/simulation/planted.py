"""Rules broken on purpose, one at a time: what the simulator does not find here, it finds nowhere.

Each is a context manager; `PLANTED` names them all. The rules of the server's and the device's own
bookkeeping are broken in the simulator's models, those of merging and of the view in `sync`.
"""

from __future__ import annotations

from tests.simulation import (
    planted_device,
    planted_engine,
    planted_persons,
    planted_restore,
    planted_schema,
    planted_server,
    planted_wipes,
)
from tests.simulation.planting import PLANTED, Fault

PARTS = (
    planted_server, planted_engine, planted_persons, planted_device, planted_restore, planted_schema,
    planted_wipes,
)  # fmt: skip
__all__ = ["PARTS", "PLANTED", "Fault"]
