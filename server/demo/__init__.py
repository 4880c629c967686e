"""The demonstration branch (domain.md, section 11): made by replaying change sets, never written by hand."""
