-- What the owner says about who is who: values that never join anybody, and how much one person may have.

-- A value as it is stored (`0000-TEST`, a whole address), the beginning of addresses (`reception@`) or their end (`@agency.example`).
CREATE TABLE never_join (
  value TEXT PRIMARY KEY,
  added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Limits that differ from the usual ones.
CREATE TABLE identity_limit (
  name TEXT PRIMARY KEY,
  most INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
