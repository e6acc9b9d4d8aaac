-- Decisions become a history: one that was taken back stays as it was, and deciding the same again is a row of its own.
-- SQLite cannot drop the unique key of a table, so that the table is written anew.
CREATE TABLE decision_history (
  id INTEGER PRIMARY KEY,
  action TEXT NOT NULL,
  -- 'rule' for what follows from the evidence, 'staff' for what a person decided; theirs stands over all evidence.
  actor TEXT NOT NULL,
  rule TEXT NOT NULL,
  fragment_a INTEGER NOT NULL REFERENCES fragment (id),
  fragment_b INTEGER NOT NULL REFERENCES fragment (id),
  evidence TEXT NOT NULL,
  decided_at INTEGER NOT NULL,
  revoked_at INTEGER,
  -- Who took it back, and why in their own words; null where the evidence changed.
  revoked_by TEXT,
  revoke_reason TEXT
) STRICT;
INSERT INTO decision_history (id, action, actor, rule, fragment_a, fragment_b, evidence, decided_at, revoked_at)
  SELECT id, action, actor, rule, fragment_a, fragment_b, evidence, decided_at, revoked_at FROM decision;
DROP TABLE decision;
ALTER TABLE decision_history RENAME TO decision;
CREATE UNIQUE INDEX decision_live ON decision (fragment_a, fragment_b, action, rule, actor) WHERE revoked_at IS NULL;
CREATE INDEX decision_by_fragment ON decision (fragment_a);
CREATE INDEX decision_by_other ON decision (fragment_b);
