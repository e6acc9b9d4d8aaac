-- What makes a source mendable: held deliveries, replays, a secret on its way out.

-- The delivery that this one is another reading of. One that had brought nothing gives way to what it brings now; one that had
-- brought something stays, and a reading of it that brings nothing leaves no line.
ALTER TABLE delivery ADD COLUMN replay_of INTEGER;
CREATE INDEX delivery_held ON delivery (source_id, id) WHERE outcome = 'held';
CREATE TRIGGER IF NOT EXISTS delivery_replaced AFTER INSERT ON delivery WHEN NEW.replay_of IS NOT NULL BEGIN
  DELETE FROM delivery WHERE id = NEW.replay_of AND outcome IN ('held', 'malformed', 'dead');
  DELETE FROM delivery WHERE id = NEW.id AND NEW.stored = 0
    AND EXISTS (SELECT 1 FROM delivery o WHERE o.id = NEW.replay_of AND o.outcome = 'accepted');
END;

-- When the older of two secrets last signed something.
ALTER TABLE source ADD COLUMN old_secret_used_at INTEGER;

-- Reading kept deliveries once more, a part at a time: how far it has come.
CREATE TABLE replay (
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source (id),
  -- JSON array of the outcomes it takes.
  outcomes TEXT NOT NULL,
  since INTEGER NOT NULL,
  -- Delivery ids: the last one read, and the last to read.
  after INTEGER NOT NULL,
  upto INTEGER NOT NULL,
  -- Read again, of these what brought something new, and what still does not fit.
  done INTEGER NOT NULL DEFAULT 0,
  stored INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX replay_by_source ON replay (source_id, id);
