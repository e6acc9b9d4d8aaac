-- Whatever anybody may send by a public key, who is vouched for is found without reading past it.

CREATE INDEX touchpoint_vouched ON touchpoint (seq) WHERE assurance > 1;
CREATE INDEX match_key_proven ON match_key (kind, key) WHERE is_proven = 1;
