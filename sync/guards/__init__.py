"""Rules over several records: who may do what to which others (domain.md, sections 3.3, 4 and 6)."""
