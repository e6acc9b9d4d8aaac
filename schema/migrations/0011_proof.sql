-- Tokens by which an owner's server vouches for a visitor, each good for the one browser that showed it first.
CREATE TABLE proof (
  source_id INTEGER NOT NULL REFERENCES source (id),
  -- SHA-256 of the token, hex.
  token_hash TEXT NOT NULL,
  -- The visitor who showed it.
  holder TEXT NOT NULL,
  first_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, token_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX proof_by_age ON proof (first_at);
