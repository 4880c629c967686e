"""The page that shows a code for a forgotten PIN, once."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from schemas import problems
from schemas.values import is_record_id
from server import recovery
from server.context import context
from server.db import reading, writing
from server.web import queries, visitor
from server.web.site import pages


@pages.get("/devices/<device_id>/recovery-code", endpoint="recovery_code_shown")
def back_to_summary(device_id: str) -> Response:
    """Send whoever opens the address of the button to the summary: a code is not shown twice."""
    return redirect(url_for("web.summary"), 303)


@pages.post("/devices/<device_id>/recovery-code")
def recovery_code(device_id: str) -> str:
    """Make a code for the user of a tablet and show it with what to do."""
    who, parts = visitor.present(), context()
    if not who.decides:
        raise problems.NotPermittedError
    if not is_record_id(device_id):
        raise problems.NotFoundError
    with writing(parts.engine) as connection:
        given = recovery.give_code(connection, device_id, who.branch, who.user, parts.now())
    with reading(parts.engine) as connection:
        counts = queries.count_conflicts(connection, who.branch)
    return render_template("pin_code.html", given=given, open_conflicts=counts.get("open", 0))
