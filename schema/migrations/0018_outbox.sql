-- Mail that goes out, and the links in it by which people see and decide what is held of them.

-- Who the business is, as people read it on its pages and in its mails, and how its mails go out. At most one row.
CREATE TABLE business (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  name TEXT,
  -- Whom people write to.
  contact TEXT,
  -- 'binding' or 'source': how mails go out; NULL: not at all.
  mail_way TEXT,
  mail_source_id INTEGER REFERENCES source (id),
  -- The address mails are from.
  mail_address TEXT,
  -- The mailbox that answers come to, at addresses of its own for each person; NULL: to the address mails are from.
  reply_source_id INTEGER REFERENCES source (id)
) STRICT;

-- One row a mail, put down with the job that sends it: to whom, what kind of mail, and what became of it. The words are made from
-- the template when it is sent and are not kept.
CREATE TABLE mail (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  template TEXT NOT NULL,
  purpose TEXT NOT NULL,
  locale TEXT NOT NULL,
  -- The address of this worker that its links begin with.
  origin TEXT NOT NULL,
  -- To whom. NULL for an address that somebody typed, until it is looked up; emptied then when it is nobody's.
  fragment_id INTEGER REFERENCES fragment (id),
  address TEXT,
  -- Who had it sent: 'person', 'staff', 'system'.
  made_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  -- 'waiting', 'sent', 'not_sent'.
  state TEXT NOT NULL DEFAULT 'waiting',
  -- Why it was not sent, in plain words.
  reason TEXT,
  ended_at INTEGER,
  -- Through which source it went, and what the sender calls it.
  source_id INTEGER REFERENCES source (id),
  external_id TEXT
) STRICT;
CREATE INDEX mail_by_fragment ON mail (fragment_id);
CREATE INDEX mail_by_age ON mail (created_at);

-- Links that open the preference centre of one person, once.
CREATE TABLE preference_link (
  id INTEGER PRIMARY KEY,
  fragment_id INTEGER NOT NULL REFERENCES fragment (id),
  -- The mail it stands in; NULL when staff hand it over themselves.
  mail_id INTEGER REFERENCES mail (id) ON DELETE SET NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  -- When the person closed what it had opened.
  ended_at INTEGER,
  UNIQUE (mail_id, fragment_id)
) STRICT;
CREATE INDEX preference_link_by_fragment ON preference_link (fragment_id);
CREATE INDEX preference_link_by_age ON preference_link (expires_at);

-- Addresses that asked for a link lately, as keyed hashes: known ones and unknown ones alike. They go after a day.
CREATE TABLE mail_request (
  hash TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (hash, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX mail_request_by_age ON mail_request (at);
