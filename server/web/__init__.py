"""The supervisor's pages."""

from flask import Flask


def register(app: Flask) -> None:
    """Add the pages to *app*."""
