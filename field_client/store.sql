-- One device's store. STRICT everywhere: a number is a number.

CREATE TABLE device (
  one            INTEGER PRIMARY KEY CHECK (one = 1),
  id             TEXT    NOT NULL,
  name           TEXT    NOT NULL DEFAULT '',
  server         TEXT    NOT NULL DEFAULT '',
  user           TEXT,                          -- {"id", "username", "name", "role", "branch"}
  access_token   TEXT,
  refresh_token  TEXT,
  seal_key       TEXT,
  stamp          TEXT    NOT NULL DEFAULT '',   -- the hybrid logical clock's last stamp
  epoch          TEXT,
  cursor         TEXT,
  position       INTEGER NOT NULL DEFAULT 0,    -- of the view: the base of new sets
  whole          INTEGER NOT NULL DEFAULT 0,    -- a pull has ended at least once: the view is complete
  fresh          INTEGER NOT NULL DEFAULT 1,    -- the run under way replaces the whole server copy
  caught_up      INTEGER NOT NULL DEFAULT 0,    -- the last pull ended with more: false
  synced_at      TEXT,                          -- device time of the last complete pull
  data_as_of     TEXT,                          -- server time of the same
  skew_seconds   INTEGER                        -- what the server last said about this device's clock
) STRICT;

-- The server copy: what the server sent, never what was typed here.
CREATE TABLE record (
  id        TEXT    PRIMARY KEY,
  type      TEXT    NOT NULL,
  customer  TEXT,
  version   INTEGER NOT NULL,
  gone      INTEGER NOT NULL DEFAULT 0,         -- a tombstone kept while own work on it is pending
  fields    TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX record_by_type ON record (type);
CREATE INDEX record_by_customer ON record (customer);

-- Pages of the run under way, in the order in which they act on the server copy.
CREATE TABLE stage (
  seq   INTEGER PRIMARY KEY AUTOINCREMENT,
  step  TEXT    NOT NULL
) STRICT;

-- Every set this store ever made. Rows are never deleted; contents are kept 35 days after the result.
CREATE TABLE change_set (
  seq          INTEGER PRIMARY KEY AUTOINCREMENT,
  device       TEXT    NOT NULL,
  number       INTEGER NOT NULL,
  id           TEXT    NOT NULL UNIQUE,
  epoch        TEXT,
  base         INTEGER NOT NULL,
  action       TEXT    NOT NULL,
  made_at      TEXT    NOT NULL,
  content      TEXT,                            -- exactly as first stored; sent for ever like this
  seen         TEXT    NOT NULL DEFAULT '{}',   -- {record: {path: text in the form}}
  state        TEXT    NOT NULL CHECK (state IN ('ready', 'sent', 'answered')),
  status       TEXT,
  result       TEXT,
  answered_at  TEXT,                            -- server time
  covered      INTEGER NOT NULL DEFAULT 0,      -- the server copy includes its effect
  settled      TEXT,                            -- 'mended' or 'discarded' by the user
  mended_by    INTEGER,                         -- the number of the set that mends it
  stand_in     TEXT,                            -- it went out, and always will, as this stand-in
  UNIQUE (device, number)
) STRICT;
CREATE INDEX change_set_open ON change_set (covered, status);

-- Which records a set touches.
CREATE TABLE touched (
  seq       INTEGER NOT NULL REFERENCES change_set (seq),
  place     INTEGER NOT NULL,
  record    TEXT    NOT NULL,
  type      TEXT    NOT NULL,
  customer  TEXT,
  PRIMARY KEY (seq, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX touched_by_record ON touched (record);

CREATE TABLE draft (
  id          TEXT    PRIMARY KEY,
  record      TEXT    NOT NULL,
  type        TEXT    NOT NULL,
  customer    TEXT,
  base        INTEGER NOT NULL,
  shown       TEXT    NOT NULL,                 -- the fields when the form was opened
  newest      TEXT    NOT NULL,                 -- {unit: number}: what the form showed of own sets
  after       INTEGER NOT NULL,                 -- the last number given when the form was opened
  fields      TEXT    NOT NULL,                 -- what has been typed
  changed_at  TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- The running number of receipts, gapless for each device code and day.
CREATE TABLE receipt_series (
  code  TEXT    NOT NULL,
  day   TEXT    NOT NULL,
  last  INTEGER NOT NULL,
  PRIMARY KEY (code, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident (
  seq     INTEGER PRIMARY KEY AUTOINCREMENT,
  at      TEXT    NOT NULL,
  kind    TEXT    NOT NULL,
  detail  TEXT    NOT NULL
) STRICT;
