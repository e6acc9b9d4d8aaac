-- The record: what came through the doors, who it was, and the numbers kept on each customer.
-- Times are epoch milliseconds UTC. Money is integer minor units beside its ISO 4217 currency.

CREATE TABLE source (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  -- JSON array, newest first; two are valid while one is rotated out.
  secrets TEXT NOT NULL,
  settings TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- One row a request that reached a door, whatever became of it. The body is kept for replay and for the eye.
CREATE TABLE delivery (
  -- Arrival in ms times 2048 plus eleven random bits: sorts by time and is known before the row is written.
  id INTEGER PRIMARY KEY,
  -- Null when the key named no source.
  source_id INTEGER REFERENCES source (id),
  outcome TEXT NOT NULL,
  reason TEXT,
  -- Touchpoints that were new with it.
  stored INTEGER NOT NULL DEFAULT 0,
  headers TEXT,
  -- Text where it is text, else the bytes.
  body ANY
) STRICT;
CREATE INDEX delivery_by_source ON delivery (source_id, id, outcome);

CREATE TABLE customer (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  -- Something identifies it, if only by a claim; an anonymous browser is not listed.
  is_known INTEGER NOT NULL DEFAULT 0,
  -- False when its fragment belongs to another customer; its id still answers.
  is_current INTEGER NOT NULL DEFAULT 1,
  party TEXT NOT NULL DEFAULT 'customer',
  display_name TEXT,
  touchpoints INTEGER NOT NULL DEFAULT 0,
  first_at INTEGER,
  last_at INTEGER,
  orders INTEGER NOT NULL DEFAULT 0,
  -- JSON array of {amountMinor, currency}, by currency.
  revenue TEXT NOT NULL DEFAULT '[]',
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX customer_listed ON customer (last_at, id) WHERE is_known = 1 AND is_current = 1;

-- A person as one source knows them. Born with a customer of the same id; linking moves customer_id, never touchpoints.
CREATE TABLE fragment (
  id INTEGER PRIMARY KEY REFERENCES customer (id),
  source_id INTEGER NOT NULL REFERENCES source (id),
  key TEXT NOT NULL,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  -- True while evidence about it was refused: then any news asks the question again.
  is_contested INTEGER NOT NULL DEFAULT 0,
  UNIQUE (source_id, key)
) STRICT;
CREATE INDEX fragment_by_customer ON fragment (customer_id);

CREATE TABLE touchpoint (
  -- Order of arrival. Append-only: the greatest row is never deleted, so a number is never given twice.
  seq INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source (id),
  message_id TEXT NOT NULL,
  fragment_id INTEGER NOT NULL REFERENCES fragment (id),
  delivery_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  channel TEXT NOT NULL,
  direction TEXT NOT NULL,
  initiator TEXT NOT NULL,
  phase TEXT,
  handler TEXT,
  purpose TEXT,
  occurred_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  subject TEXT,
  value_minor INTEGER,
  currency TEXT,
  cost_minor INTEGER,
  cost_currency TEXT,
  score INTEGER,
  text TEXT,
  data TEXT,
  UNIQUE (source_id, message_id)
) STRICT;
CREATE INDEX touchpoint_by_fragment ON touchpoint (fragment_id, occurred_at);

CREATE TABLE identifier (
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  -- 0 for what means the same everywhere (an e-mail address), else the source whose namespace it belongs to.
  scope INTEGER NOT NULL,
  fragment_id INTEGER NOT NULL REFERENCES fragment (id),
  assurance INTEGER NOT NULL,
  -- False for values that many people share (info@): shown, never a reason to link.
  may_link INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (kind, value, scope, fragment_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX identifier_by_fragment ON identifier (fragment_id);

CREATE TABLE profile (
  fragment_id INTEGER NOT NULL REFERENCES fragment (id),
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  assurance INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (fragment_id, field)
) STRICT, WITHOUT ROWID;

-- An order, folded from its touchpoints so that neither their order nor their repetition matters.
CREATE TABLE orders (
  source_id INTEGER NOT NULL REFERENCES source (id),
  external_id TEXT NOT NULL,
  fragment_id INTEGER NOT NULL REFERENCES fragment (id),
  -- How well its person is known, so that the best-known fragment owns the order.
  person_rank INTEGER NOT NULL,
  person_as_of INTEGER NOT NULL,
  number TEXT,
  -- The newest snapshot: total, currency, lines, cancelled_at and is_void go together.
  as_of INTEGER,
  total_minor INTEGER,
  currency TEXT,
  lines TEXT,
  cancelled_at INTEGER,
  -- Brings nothing as it stands: not paid, or a test.
  is_void INTEGER NOT NULL DEFAULT 0,
  placed_at INTEGER,
  paid_at INTEGER,
  fulfilled_at INTEGER,
  -- The latest deletion; a newer snapshot means that the shop has restored the order.
  deleted_at INTEGER,
  refunded_minor INTEGER NOT NULL DEFAULT 0,
  is_deleted INTEGER AS (deleted_at IS NOT NULL AND (as_of IS NULL OR deleted_at >= as_of)) VIRTUAL,
  -- Whether it is one of its customer's orders and its total is revenue.
  counts INTEGER AS (total_minor IS NOT NULL AND cancelled_at IS NULL AND is_void = 0 AND is_deleted = 0) VIRTUAL,
  PRIMARY KEY (source_id, external_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX orders_by_fragment ON orders (fragment_id);
CREATE INDEX orders_by_number ON orders (number COLLATE NOCASE) WHERE number IS NOT NULL;

CREATE TABLE refund (
  source_id INTEGER NOT NULL REFERENCES source (id),
  order_id TEXT NOT NULL,
  external_id TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  PRIMARY KEY (source_id, order_id, external_id)
) STRICT, WITHOUT ROWID;

-- Answers with a score, by kind and time: what a series is read from.
CREATE TABLE answer (
  kind TEXT NOT NULL,
  occurred_at INTEGER NOT NULL,
  seq INTEGER NOT NULL REFERENCES touchpoint (seq),
  question TEXT NOT NULL,
  fragment_id INTEGER NOT NULL REFERENCES fragment (id),
  score INTEGER NOT NULL,
  PRIMARY KEY (kind, occurred_at, seq, question)
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_by_fragment ON answer (fragment_id);

-- Each link and refusal with its rule and evidence. A link can be revoked, by rule or by a person.
CREATE TABLE decision (
  id INTEGER PRIMARY KEY,
  action TEXT NOT NULL,
  actor TEXT NOT NULL,
  rule TEXT NOT NULL,
  fragment_a INTEGER NOT NULL REFERENCES fragment (id),
  fragment_b INTEGER NOT NULL REFERENCES fragment (id),
  evidence TEXT NOT NULL,
  decided_at INTEGER NOT NULL,
  revoked_at INTEGER,
  UNIQUE (fragment_a, fragment_b, action, rule, actor)
) STRICT;
CREATE INDEX decision_by_other ON decision (fragment_b);

-- What has changed about a fragment and is not yet worked out: 'label' (what its customer is called and found by) or 'place'
-- (whom it belongs to). Written with the change itself, so that it outlives a request that ends too early.
CREATE TABLE person_work (
  id INTEGER PRIMARY KEY,
  fragment_id INTEGER NOT NULL REFERENCES fragment (id),
  reason TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE customer_search USING fts5 (text, tokenize = 'trigram');

-- How far each follower of the touchpoint log has read.
CREATE TABLE log_cursor (
  name TEXT PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What asks for a person's attention, raised once for a touchpoint and a rule.
CREATE TABLE attention (
  id INTEGER PRIMARY KEY,
  touchpoint_seq INTEGER NOT NULL REFERENCES touchpoint (seq),
  rule TEXT NOT NULL,
  fragment_id INTEGER NOT NULL REFERENCES fragment (id),
  raised_at INTEGER NOT NULL,
  closed_at INTEGER,
  UNIQUE (touchpoint_seq, rule)
) STRICT;
CREATE INDEX attention_open ON attention (raised_at) WHERE closed_at IS NULL;
CREATE INDEX attention_by_fragment ON attention (fragment_id) WHERE closed_at IS NULL;

CREATE TABLE staff_session (
  token_hash TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
