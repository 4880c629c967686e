"""Every page at its address: importing the views puts them on the blueprint."""

from __future__ import annotations

from flask import Flask

from server.web import (
    api_page,
    conflict_views,
    day_views,
    exceptional_views,
    handover_new,
    handover_views,
    photo_views,
    quarantine_views,
    recovery_views,
    reversal_views,
    sign_in,
    site,
    tablet_views,
    views,
    watch_views,
)

VIEWS = (
    sign_in, views, conflict_views, recovery_views, api_page, quarantine_views, tablet_views,
    photo_views, handover_new, handover_views, reversal_views, day_views,
    watch_views, exceptional_views,
)  # fmt: skip


def register(app: Flask) -> None:
    """Add the pages to *app*."""
    site.attach(app)
