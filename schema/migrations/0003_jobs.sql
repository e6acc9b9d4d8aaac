-- Work that follows from what came in: durable, done once for its key, tried again with growing pauses.
CREATE TABLE job (
  id INTEGER PRIMARY KEY,
  -- Makes it happen once: `details:<source>:<message>`, `reconcile:<source>:<hour>`.
  key TEXT NOT NULL UNIQUE,
  -- Which handler does it.
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  -- The source it belongs to, for its page.
  source_id INTEGER REFERENCES source (id),
  -- Not before this. A job that is being done is out of reach until then, so that a crash gives it back.
  run_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  -- What went wrong the last time, in plain words.
  error TEXT,
  created_at INTEGER NOT NULL,
  done_at INTEGER,
  -- Given up: waits for a person to try it again.
  dead_at INTEGER
) STRICT;
CREATE INDEX job_due ON job (run_at) WHERE done_at IS NULL AND dead_at IS NULL;
CREATE INDEX job_dead ON job (dead_at) WHERE dead_at IS NOT NULL;
CREATE INDEX job_done ON job (done_at) WHERE done_at IS NOT NULL;
CREATE INDEX job_by_source ON job (source_id) WHERE done_at IS NULL;

-- What the sender's own API is asked with (tokens, the shop's address): JSON object of texts.
ALTER TABLE source ADD COLUMN credentials TEXT NOT NULL DEFAULT '{}';
-- How far the sender's own list has been compared with what its webhooks brought, epoch ms.
ALTER TABLE source ADD COLUMN reconciled_to INTEGER;
-- Set while the owner holds it: what comes is kept and not read.
ALTER TABLE source ADD COLUMN paused_at INTEGER;
-- The older of two secrets is valid until then; null where only one stands, or none was given an end.
ALTER TABLE source ADD COLUMN old_secret_until INTEGER;
-- Days that raw bodies are kept; null for the usual.
ALTER TABLE source ADD COLUMN body_days INTEGER;
