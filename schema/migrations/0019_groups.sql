-- People in groups, organisations and households, and what members of staff are told of the customers they look after.

CREATE TABLE organisation (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  -- The name in small letters of any script: searched and sorted by.
  name_key TEXT NOT NULL,
  -- Whose e-mail addresses are those of its people: acme.example.
  domain TEXT,
  -- 'source' as long as only a source speaks of it; a name given by staff stands.
  named_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  -- Not shown any more, and not made again by what a source says.
  deleted_at INTEGER
) STRICT;
CREATE INDEX organisation_by_name ON organisation (name_key, id);
CREATE INDEX organisation_by_domain ON organisation (domain) WHERE domain IS NOT NULL;

-- What a source calls an organisation, and the newest that it says of it.
CREATE TABLE organisation_key (
  source_id INTEGER NOT NULL REFERENCES source (id),
  key TEXT NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id) DEFERRABLE INITIALLY DEFERRED,
  name TEXT,
  name_key TEXT,
  name_as_of INTEGER,
  domain TEXT,
  domain_as_of INTEGER,
  PRIMARY KEY (source_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX organisation_keys ON organisation_key (organisation_id);

-- Whom a source puts into an organisation. What staff say stands over it: the field organisation:<public id> of their edits.
CREATE TABLE organisation_member (
  fragment_id INTEGER NOT NULL REFERENCES fragment (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id) DEFERRABLE INITIALLY DEFERRED,
  role TEXT,
  -- When it was first said, and when last.
  first_at INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (fragment_id, organisation_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX organisation_members ON organisation_member (organisation_id);

-- People who live together; who they are stands in the edits, field household:<public id>. Its name is made of theirs.
CREATE TABLE household (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT;

-- What a member of staff is told of a customer they look after.
CREATE TABLE notice (
  id INTEGER PRIMARY KEY,
  -- What it is about, once for a rule and a member: tp:17, order:3:1001, decision:4, erasure:<certificate>.
  cause TEXT NOT NULL,
  rule TEXT NOT NULL,
  member_id INTEGER NOT NULL REFERENCES staff_member (id),
  -- Null where nobody is left to name.
  fragment_id INTEGER REFERENCES fragment (id),
  touchpoint_seq INTEGER REFERENCES touchpoint (seq),
  told_at INTEGER NOT NULL,
  read_at INTEGER,
  UNIQUE (cause, rule, member_id)
) STRICT;
CREATE INDEX notice_by_member ON notice (member_id, told_at, id);
CREATE INDEX notice_unread ON notice (member_id) WHERE read_at IS NULL;
CREATE INDEX notice_by_fragment ON notice (fragment_id) WHERE fragment_id IS NOT NULL;
