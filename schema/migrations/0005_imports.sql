-- A file that staff bring in: how it is read, and how far it has come.
CREATE TABLE import (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  source_id INTEGER NOT NULL REFERENCES source (id),
  file_name TEXT NOT NULL,
  -- What tells the file from others: a hash of its content.
  fingerprint TEXT NOT NULL,
  -- JSON: kind, header, columns and how cells are read.
  plan TEXT NOT NULL,
  rows_total INTEGER NOT NULL,
  -- Rows judged so far; moves in the batch that writes what they brought.
  rows_done INTEGER NOT NULL DEFAULT 0,
  rows_new INTEGER NOT NULL DEFAULT 0,
  rows_refused INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
-- Beginning the same unfinished file twice is going on with it.
CREATE UNIQUE INDEX import_under_way ON import (fingerprint, source_id, plan) WHERE finished_at IS NULL;

-- Rows that were not taken, with their cells, so that they can be mended and brought again.
CREATE TABLE import_refusal (
  import_id INTEGER NOT NULL REFERENCES import (id),
  line INTEGER NOT NULL,
  field TEXT,
  reason TEXT NOT NULL,
  cells TEXT NOT NULL,
  PRIMARY KEY (import_id, line)
) STRICT, WITHOUT ROWID;
