"""The addresses under `/api/v1/` and the probes: parse, call, answer (operations.md, "Addresses").

One module a kind of asker; importing it puts its addresses on the blueprint.
"""

from __future__ import annotations

from flask import Flask

from server.api import (
    branch,
    core_banking,
    desk,
    exchange,
    handovers,
    outlets,
    probes,
    sign_in,
    tablets,
)
from server.api.asking import v1

RESOURCES = (sign_in, exchange, branch, tablets, desk, handovers, outlets, core_banking)


def register(app: Flask) -> None:
    """Add the addresses to *app*."""
    app.register_blueprint(v1)
    app.register_blueprint(probes.probes)
