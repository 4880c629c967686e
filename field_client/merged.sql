-- Customers that were registered twice and merged by a supervisor: under whom their work is found now.
-- `conflicts`: the duplicates (JSON list of ids) that were on this device, and that the merge has settled.

CREATE TABLE merged (
  customer TEXT PRIMARY KEY,
  survivor TEXT,
  conflicts TEXT NOT NULL
) STRICT;
