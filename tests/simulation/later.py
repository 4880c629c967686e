"""What is not simulated: what the engine does not do yet, and what others test.

Nothing here passes for a check: `python -m tests.simulation` says that these are missing.
"""

from __future__ import annotations

from collections.abc import Mapping

NOT_YET: Mapping[str, str] = {
    "renamed and divided fields": "protocol 9: tests/server/test_schema_versions.py; here versions add",
    "several server processes": "tests/server/test_no_gaps.py: here one server works at a time",
    "the hash chain": "tests/server/test_chain.py: the log here is replayed, not chained",
}
