"""The checklists of the three checks 三查: one file a version (domain.md, section 7)."""
