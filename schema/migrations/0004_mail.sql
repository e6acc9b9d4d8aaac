-- A mail to a plain address (support@shop.example) finds its source by the settings that name it.
CREATE INDEX IF NOT EXISTS source_by_address ON source (settings ->> '$.address') WHERE settings ->> '$.address' IS NOT NULL;

-- What was said in conversations, apart from a long history of orders and visits.
CREATE INDEX IF NOT EXISTS touchpoint_talk ON touchpoint (fragment_id, occurred_at) WHERE channel IN ('email', 'sms', 'messenger');
