"""Alembic migrations, one idea a file."""
