"""Early warning 预警 (domain.md, section 9): from a customer's records and a date to what may go wrong.

One reading for server and devices: `rules.evaluate` here, `lending/early_warning/` in the tablet app, and
`tests/vectors/early-warning.json` between them. W12, W16 and W17 are lines for supervisors (`lines.py`).
"""
