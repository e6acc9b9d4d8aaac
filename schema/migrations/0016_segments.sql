-- Segments: customers by a rule, as it holds at the moment somebody looks.
CREATE TABLE segment (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  -- What other rules refer to it by.
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  rule TEXT NOT NULL,
  -- Since when it asks for a person's attention when somebody enters; null: it does not.
  watched_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

-- Who was last seen in a watched segment, so that entering is told from being there. Of a customer any fragment will do.
CREATE TABLE segment_member (
  segment_id INTEGER NOT NULL REFERENCES segment (id),
  fragment_id INTEGER NOT NULL REFERENCES fragment (id),
  since INTEGER NOT NULL,
  PRIMARY KEY (segment_id, fragment_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX segment_member_by_fragment ON segment_member (fragment_id);
