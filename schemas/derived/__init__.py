"""What follows from records by arithmetic: nothing here is stored, and nothing here does I/O."""
