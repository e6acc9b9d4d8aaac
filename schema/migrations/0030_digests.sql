-- A mail each morning of what is new about the customers somebody looks after.
-- Since when they want it, epoch ms; null: they do not.
ALTER TABLE staff_member ADD COLUMN digest_since INTEGER;
-- The morning whose mail tells of it, epoch ms; null: none has.
ALTER TABLE notice ADD COLUMN mailed_at INTEGER;
CREATE INDEX notice_unmailed ON notice (member_id, told_at) WHERE read_at IS NULL AND mailed_at IS NULL;
