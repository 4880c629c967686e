"""The page of a customer's photos and other attachments, and the bytes behind it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, render_template, request

from schemas import problems
from schemas.values import is_record_id
from server import attachment_views
from server.context import context
from server.db import reading
from server.web import queries, visitor
from server.web.listed import name_of
from server.web.photo_page import photo_of
from server.web.site import pages, speech
from server.web.views import paged

PHOTOS_A_PAGE = 24


@pages.get("/customers/<customer_id>/photos")
def photos(customer_id: str) -> str:
    """Show a customer's attachments, newest first; `?of=` those of one record, a visit for instance."""
    who, parts, said = visitor.present(), context(), speech()
    of = request.args.get("of")
    if not is_record_id(customer_id) or not (of is None or is_record_id(of)):
        raise problems.NotFoundError
    wish = request.args.get("page")
    with reading(parts.engine) as connection:
        customer = queries.records_by_id(connection, who.branch, {customer_id}).get(customer_id)
        if customer is None or customer.type != "customer":
            raise problems.NotFoundError
        count = queries.count_attachments(connection, who.bearer(), customer_id, of)
        page, all_pages = paged(count, wish, PHOTOS_A_PAGE)
        rows = queries.attachments_of(
            connection, who.bearer(), customer_id, of, PHOTOS_A_PAGE, (page - 1) * PHOTOS_A_PAGE
        )
        records = queries.records_by_id(
            connection, who.branch, {it.fields["record"] for it in rows}
        )
        makers = {it.fields["captured_by"] for it in rows if it.fields.get("captured_by")}
        people = queries.names_of_people(connection, makers)
        open_conflicts = queries.count_conflicts(connection, who.branch).get("open", 0)
    days = _days(records)
    return render_template(
        "photos.html", customer=name_of(customer), customer_id=customer_id, of=of, count=count,
        photos=[photo_of(said, who.user, it, customer_id, people, days) for it in rows],
        page=page, pages=all_pages, open_conflicts=open_conflicts,
    )  # fmt: skip


def _days(records: Mapping[str, Any]) -> dict[str, str]:
    """Return the days of visits as people read them."""
    planned = {key: it.fields.get("planned_on") for key, it in records.items()}
    return {key: speech().day(date.fromisoformat(it)) for key, it in planned.items() if it}


@pages.get("/attachments/<attachment_id>")
def attachment(attachment_id: str) -> Response:
    """Send an attachment's bytes to whom the API would send them."""
    return attachment_views.sent(visitor.present().bearer(), attachment_id)
