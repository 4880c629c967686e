"""The addresses under `/api/v1/` and the probes: parse, call, answer (operations.md, "Addresses")."""
