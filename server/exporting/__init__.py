"""Files and answers for a core banking system (docs/core-banking.md)."""
