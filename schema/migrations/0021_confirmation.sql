-- Codes that visitors of a site asked for to prove that an address is theirs. Whose browser and which address stand as keyed hashes,
-- known ones and unknown ones alike; the code itself stands nowhere, it is made anew from the row. They go after a day.
CREATE TABLE confirmation (
  id INTEGER PRIMARY KEY,
  -- Also the id of the mail that brings the code.
  public_id TEXT NOT NULL UNIQUE,
  source_id INTEGER NOT NULL REFERENCES source (id),
  visitor TEXT NOT NULL,
  address TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  -- Codes that were tried, right or wrong.
  tries INTEGER NOT NULL DEFAULT 0,
  used_at INTEGER
) STRICT;
CREATE INDEX confirmation_by_address ON confirmation (address, created_at);
CREATE INDEX confirmation_by_visitor ON confirmation (visitor, created_at);
CREATE INDEX confirmation_by_age ON confirmation (created_at);
