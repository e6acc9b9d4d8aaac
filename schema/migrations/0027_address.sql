-- Postal addresses as a likeness: enough to see that two records have one, too little to write a letter.
CREATE TABLE postal_address (
  fragment_id INTEGER NOT NULL REFERENCES fragment (id),
  -- Keyed hash of the address in the form addresses are compared in. No street is kept.
  likeness TEXT NOT NULL,
  -- The town and the country: Utrecht, NL.
  place TEXT,
  assurance INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (fragment_id, likeness)
) STRICT, WITHOUT ROWID;

-- The names, towns and companies that staff give are found alike by as well; what they said before now, too.
CREATE TRIGGER edit_names AFTER INSERT ON edit WHEN NEW.field IN ('name', 'city', 'company') BEGIN
  INSERT INTO match_due (fragment_id) VALUES (NEW.fragment_id);
END;
CREATE TRIGGER edit_names_ended AFTER UPDATE OF is_over ON edit
WHEN NEW.is_over <> OLD.is_over AND NEW.field IN ('name', 'city', 'company') BEGIN
  INSERT INTO match_due (fragment_id) VALUES (NEW.fragment_id);
END;
INSERT INTO match_due (fragment_id) SELECT DISTINCT fragment_id FROM edit WHERE field IN ('name', 'city', 'company');
