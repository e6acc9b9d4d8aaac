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

-- People are found by their town as well: what names them and where they live is put into the index anew when it changes.
DROP TRIGGER profile_added;
CREATE TRIGGER profile_added AFTER INSERT ON profile WHEN NEW.field IN ('name', 'company', 'city') BEGIN
  INSERT INTO person_work (fragment_id, reason) VALUES (NEW.fragment_id, 'label');
END;
DROP TRIGGER profile_changed;
CREATE TRIGGER profile_changed AFTER UPDATE ON profile
WHEN NEW.field IN ('name', 'company', 'city') AND (NEW.value <> OLD.value OR NEW.assurance <> OLD.assurance
  -- With several fragments a newer time alone can change which name is the best.
  OR (NEW.field <> 'city' AND EXISTS (
    SELECT 1 FROM fragment f JOIN fragment g ON g.customer_id = f.customer_id AND g.id <> f.id WHERE f.id = NEW.fragment_id)))
BEGIN
  INSERT INTO person_work (fragment_id, reason) VALUES (NEW.fragment_id, 'label');
END;
UPDATE customer_search SET text = text || char(10) || (
    SELECT group_concat(DISTINCT p.value) FROM fragment f CROSS JOIN profile p ON p.fragment_id = f.id AND p.field = 'city'
    WHERE f.customer_id = customer_search.rowid)
  WHERE rowid IN (SELECT f.customer_id FROM profile p CROSS JOIN fragment f ON f.id = p.fragment_id WHERE p.field = 'city');
