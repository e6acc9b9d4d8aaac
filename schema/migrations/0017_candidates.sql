-- Records that may be one: what each fragment is found alike by, and the pairs of customers that share some of it.

-- Ways in which fragments are alike, one row each: an address, a number, the way a mailbox or a name with its town is spelt.
-- Derived from identifiers and profile by a follower of the log; belongs to the fragment, so that merging moves nothing.
CREATE TABLE match_key (
  -- email, phone, user_id, address, name_city, name_company
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  fragment_id INTEGER NOT NULL REFERENCES fragment (id),
  -- Asserted or verified: a claim alone says less.
  is_proven INTEGER NOT NULL,
  -- The identifier it was made of; null where it was made of a name. With the identifier the key goes.
  value TEXT,
  PRIMARY KEY (kind, key, fragment_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX match_key_by_fragment ON match_key (fragment_id);

-- Fragments whose keys changed in another way than by a touchpoint.
CREATE TABLE match_due (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  fragment_id INTEGER NOT NULL REFERENCES fragment (id)
) STRICT;
CREATE TRIGGER identifier_gone AFTER DELETE ON identifier WHEN OLD.kind IN ('email', 'phone', 'user_id') BEGIN
  DELETE FROM match_key WHERE fragment_id = OLD.fragment_id AND value = OLD.value;
  INSERT INTO match_due (fragment_id) VALUES (OLD.fragment_id);
END;

-- Two customers who are alike, `customer_a` the one with the smaller id: always what the keys, the fragments and the decisions of
-- staff come to, worked out anew whenever one of those changes.
CREATE TABLE suggestion (
  customer_a INTEGER NOT NULL REFERENCES customer (id),
  customer_b INTEGER NOT NULL REFERENCES customer (id),
  -- A bit for each kind of key that both have.
  evidence INTEGER NOT NULL,
  -- Orders the list and means nothing else.
  score INTEGER NOT NULL,
  PRIMARY KEY (customer_a, customer_b)
) STRICT, WITHOUT ROWID;
CREATE INDEX suggestion_by_other ON suggestion (customer_b);
CREATE INDEX suggestion_by_score ON suggestion (score);
