-- Hours for which the wish of a source to forget everybody waits for staff to look at it; NULL: two days.
ALTER TABLE business ADD COLUMN grace_hours INTEGER;
