-- What outlives an erasure: that an address must not be written to, as a keyed hash that names nobody. One row for each purpose and
-- channel that was refused, and for each reason why the address must not be written to at all.
CREATE TABLE kept_refusal (
  -- Of the kind and the address, under the key of erasures, for this and nothing else.
  hash TEXT NOT NULL,
  channel TEXT NOT NULL,
  -- '' where it is for whatever purpose.
  purpose TEXT NOT NULL,
  -- 'refused', 'bounce', 'complaint' or 'stop_word'.
  what TEXT NOT NULL,
  -- When it was said.
  at INTEGER NOT NULL,
  -- The rank of whose word it was. A claim is held only against those who merely claim the address, too.
  assurance INTEGER NOT NULL,
  PRIMARY KEY (hash, channel, purpose, what)
) STRICT, WITHOUT ROWID;

-- People who have such an address now: it came back, or was theirs, too. Written with what brings the address.
CREATE TABLE refused_address (
  fragment_id INTEGER NOT NULL REFERENCES fragment (id),
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  hash TEXT NOT NULL,
  -- The rank of the address on this fragment.
  assurance INTEGER NOT NULL,
  PRIMARY KEY (fragment_id, kind, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX refused_address_by_value ON refused_address (value);
