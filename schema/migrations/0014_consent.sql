-- What people agreed to and refused: a ledger that is only ever added to, so that what was said, when and how can be shown.
CREATE TABLE consent (
  id INTEGER PRIMARY KEY,
  fragment_id INTEGER NOT NULL REFERENCES fragment (id),
  purpose TEXT NOT NULL,
  channel TEXT NOT NULL,
  -- 'none' takes back what the same source told before and refuses nothing: a box that is not ticked any more.
  state TEXT NOT NULL CHECK (state IN ('granted', 'denied', 'none')),
  -- When the person said it.
  at INTEGER NOT NULL,
  -- When we heard of it.
  recorded_at INTEGER NOT NULL,
  -- Who said that it was them, as the rank of an assurance. A claim speaks only where nothing better does.
  assurance INTEGER NOT NULL,
  -- How: 'source', 'preference_centre', 'unsubscribe', 'stop_word', 'bounce', 'complaint', 'form' or 'staff'.
  basis TEXT NOT NULL,
  -- The touchpoint that brought it, by its source; both null for what was said to us.
  source_id INTEGER REFERENCES source (id),
  touchpoint_seq INTEGER REFERENCES touchpoint (seq),
  -- Version of the text that was agreed to.
  wording TEXT,
  -- JSON: what shows it, such as the address of the form or the note of who took the call.
  proof TEXT
) STRICT;
-- Saying the same at the same moment twice is saying it once: senders repeat themselves with every order.
CREATE UNIQUE INDEX consent_said ON consent (fragment_id, purpose, channel, at, state, basis, assurance);

-- Addresses that must not be written to, whoever has them: what bounced for good, what was reported as spam, numbers that said STOP.
-- The latest row of an address and reason stands.
CREATE TABLE suppression (
  id INTEGER PRIMARY KEY,
  channel TEXT NOT NULL,
  -- An e-mail address or telephone number in its normal form.
  address TEXT NOT NULL,
  -- 'bounce', 'complaint' or 'stop_word'.
  reason TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('suppressed', 'lifted')),
  at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  -- Whom it was about when it was heard of.
  fragment_id INTEGER NOT NULL REFERENCES fragment (id),
  source_id INTEGER REFERENCES source (id),
  proof TEXT
) STRICT;
CREATE UNIQUE INDEX suppression_said ON suppression (channel, address, reason, at, state);
CREATE INDEX suppression_by_fragment ON suppression (fragment_id);

-- Texts that people are asked to agree to, each version in each language as it stood from some moment on.
CREATE TABLE wording (
  id INTEGER PRIMARY KEY,
  version TEXT NOT NULL,
  language TEXT NOT NULL,
  purpose TEXT NOT NULL,
  text TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  UNIQUE (version, language)
) STRICT;

-- People who are being erased: filled and emptied within the one transaction that erases them, so that nobody ever sees a row here.
-- It is the only key to the ledgers.
CREATE TABLE erasing (
  fragment_id INTEGER PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TRIGGER consent_is_not_changed BEFORE UPDATE ON consent BEGIN
  SELECT RAISE(ABORT, 'consent is only ever added to');
END;
CREATE TRIGGER consent_is_not_deleted BEFORE DELETE ON consent
WHEN NOT EXISTS (SELECT 1 FROM erasing e WHERE e.fragment_id = OLD.fragment_id)
BEGIN
  SELECT RAISE(ABORT, 'consent is only ever added to');
END;
CREATE TRIGGER suppression_is_not_changed BEFORE UPDATE ON suppression BEGIN
  SELECT RAISE(ABORT, 'suppression is only ever added to');
END;
CREATE TRIGGER suppression_is_not_deleted BEFORE DELETE ON suppression
WHEN NOT EXISTS (SELECT 1 FROM erasing e WHERE e.fragment_id = OLD.fragment_id)
BEGIN
  SELECT RAISE(ABORT, 'suppression is only ever added to');
END;
CREATE TRIGGER wording_is_not_changed BEFORE UPDATE ON wording BEGIN
  SELECT RAISE(ABORT, 'a wording that was in use stays as it was');
END;
CREATE TRIGGER wording_is_not_deleted BEFORE DELETE ON wording BEGIN
  SELECT RAISE(ABORT, 'a wording that was in use stays as it was');
END;
