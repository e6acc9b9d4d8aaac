-- Erasure: what was done, what must not come back, and what goes by itself.

-- The key that hashes of the erased are made with; made with the first erasure. It stands here and not among the secrets of the
-- deployment, so that changing those forgets nobody who was erased.
CREATE TABLE erasure_key (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  key TEXT NOT NULL
) STRICT;

-- One row an erasure, with nothing personal in it: the certificate. Its id is also the generation that writers compare.
CREATE TABLE erasure (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  -- Why: a word of a fixed list, never free text.
  reason TEXT NOT NULL,
  erased_at INTEGER NOT NULL,
  -- Records that went.
  people INTEGER NOT NULL,
  -- JSON object: rows removed or emptied, by table.
  counts TEXT NOT NULL DEFAULT '{}',
  -- JSON: what is still looked for in bodies and files, and how far the search has come. Null once nothing is left to find.
  sweep TEXT,
  swept_at INTEGER
) STRICT;
CREATE INDEX erasure_unswept ON erasure (id) WHERE swept_at IS NULL;

-- Keyed hashes of what named the erased: what happened before `erased_at` is not taken in again.
CREATE TABLE tombstone (
  hash TEXT PRIMARY KEY,
  erased_at INTEGER NOT NULL,
  erasure_id INTEGER NOT NULL REFERENCES erasure (id)
) STRICT, WITHOUT ROWID;

-- Rules by which people go when nothing was heard of them for so long. No row: off.
CREATE TABLE retention (
  rule TEXT PRIMARY KEY,
  days INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  -- How far the present walk has come (internal id of a customer), and when the next one begins.
  after INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- A job about one message is found by it.
CREATE INDEX job_by_message ON job (source_id, payload ->> 'messageId') WHERE payload ->> 'messageId' IS NOT NULL;

-- What is taken out of the search index leaves no trace in it.
INSERT INTO customer_search (customer_search, rank) VALUES ('secure-delete', 1);
