"""What records and messages are."""
