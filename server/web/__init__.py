"""The supervisor's pages."""

from flask import Flask


def register(app: Flask) -> None:
    """Add the pages to *app*."""
    from server.web import conflict_views, sign_in, site, views

    assert all(
        (conflict_views, sign_in, views)
    )  # importing them puts their routes on the blueprint
    site.attach(app)
