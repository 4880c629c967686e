-- Files of this device's own attachments, until 35 days after they are at the branch. In an encrypted
-- store they are encrypted like everything else.
-- `state`: waiting; sent (the branch has it); refused (it never will: `why` is the problem's code);
-- gone (the record is deleted). `upload`: the address of the upload under way. `asked`: it may have come.

CREATE TABLE attachment (
  id        TEXT    PRIMARY KEY,
  kind      TEXT    NOT NULL,
  size      INTEGER NOT NULL,
  state     TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'refused', 'gone')),
  why       TEXT,
  upload    TEXT,
  asked     INTEGER NOT NULL DEFAULT 0,
  done_at   TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE attachment_part (
  attachment  TEXT    NOT NULL REFERENCES attachment (id) ON DELETE CASCADE,
  place       INTEGER NOT NULL,
  bytes       BLOB    NOT NULL,
  PRIMARY KEY (attachment, place)
) STRICT;
