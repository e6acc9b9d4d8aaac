-- A mail to a plain address (support@shop.example) finds its source by the settings that name it.
CREATE INDEX IF NOT EXISTS source_by_address ON source (settings ->> '$.address') WHERE settings ->> '$.address' IS NOT NULL;
