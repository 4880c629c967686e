"""The shared truth."""
