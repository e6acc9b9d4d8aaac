-- Since when the job is being done; null while it waits and once it has ended. A run that ended with its process leaves it.
ALTER TABLE job ADD COLUMN begun_at INTEGER;
