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
  -- The newest snapshot: total, currency, lines and cancelled_at go together.
  as_of INTEGER,
  total_minor INTEGER,
  currency TEXT,
  lines TEXT,
  cancelled_at INTEGER,
  placed_at INTEGER,
  paid_at INTEGER,
  fulfilled_at INTEGER,
  is_deleted INTEGER NOT NULL DEFAULT 0,
  refunded_minor INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (source_id, external_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX orders_by_fragment ON orders (fragment_id);
CREATE INDEX orders_by_number ON orders (number) WHERE number IS NOT NULL;

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

CREATE TABLE staff_session (
  token_hash TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What follows from a row stands here, so that no way of writing can forget it, and a batch stays a handful of statements.

-- Somebody a source has not spoken of before gets a fragment, and a customer of the same id.
CREATE VIEW new_person AS
  SELECT f.source_id, f.key, c.public_id, c.created_at FROM fragment f JOIN customer c ON c.id = f.id;
CREATE TRIGGER new_person_insert INSTEAD OF INSERT ON new_person
WHEN NOT EXISTS (SELECT 1 FROM fragment f WHERE f.source_id = NEW.source_id AND f.key = NEW.key)
BEGIN
  INSERT INTO customer (public_id, created_at) VALUES (NEW.public_id, NEW.created_at);
  INSERT INTO fragment (id, source_id, key, customer_id)
    SELECT c.id, NEW.source_id, NEW.key, c.id FROM customer c WHERE c.public_id = NEW.public_id;
END;

-- Each new touchpoint counts once; one that was there before fires nothing.
CREATE TRIGGER touchpoint_counts AFTER INSERT ON touchpoint BEGIN
  UPDATE customer SET
    touchpoints = touchpoints + 1,
    first_at = min(ifnull(first_at, NEW.occurred_at), NEW.occurred_at),
    last_at = max(ifnull(last_at, NEW.occurred_at), NEW.occurred_at)
  WHERE id = (SELECT customer_id FROM fragment WHERE id = NEW.fragment_id);
  INSERT INTO person_work (fragment_id, reason)
    SELECT id, 'place' FROM fragment WHERE id = NEW.fragment_id AND is_contested = 1;
END;

-- A new way to name somebody, or a linking value that another fragment holds as well.
CREATE TRIGGER identifier_added AFTER INSERT ON identifier BEGIN
  INSERT INTO person_work (fragment_id, reason)
    SELECT NEW.fragment_id, 'label' FROM fragment f JOIN customer c ON c.id = f.customer_id
    WHERE f.id = NEW.fragment_id
      AND (NEW.kind IN ('email', 'phone', 'customer', 'user_id') OR (c.is_known = 0 AND NEW.kind <> 'anonymous_id'));
  INSERT INTO person_work (fragment_id, reason)
    SELECT NEW.fragment_id, 'place' WHERE NEW.may_link = 1 AND (
      EXISTS (SELECT 1 FROM identifier o WHERE o.kind = NEW.kind AND o.value = NEW.value AND o.scope = NEW.scope
              AND o.may_link = 1 AND o.fragment_id <> NEW.fragment_id)
      OR (NEW.kind IN ('customer', 'user_id') AND EXISTS (
        SELECT 1 FROM fragment f JOIN fragment g ON g.customer_id = f.customer_id AND g.id <> f.id WHERE f.id = NEW.fragment_id)));
END;
CREATE TRIGGER identifier_strengthened AFTER UPDATE OF assurance, may_link ON identifier
WHEN NEW.assurance > OLD.assurance OR NEW.may_link > OLD.may_link
BEGIN
  INSERT INTO person_work (fragment_id, reason) VALUES (NEW.fragment_id, 'place');
END;

CREATE TRIGGER profile_added AFTER INSERT ON profile WHEN NEW.field IN ('name', 'company') BEGIN
  INSERT INTO person_work (fragment_id, reason) VALUES (NEW.fragment_id, 'label');
END;
CREATE TRIGGER profile_changed AFTER UPDATE ON profile
WHEN NEW.field IN ('name', 'company') AND (NEW.value <> OLD.value OR NEW.assurance <> OLD.assurance
  -- With several fragments a newer time alone can change which name is the best.
  OR EXISTS (SELECT 1 FROM fragment f JOIN fragment g ON g.customer_id = f.customer_id AND g.id <> f.id WHERE f.id = NEW.fragment_id))
BEGIN
  INSERT INTO person_work (fragment_id, reason) VALUES (NEW.fragment_id, 'label');
END;

-- What a customer's orders come to, counted anew whenever one of them changes: nothing for an order that is cancelled or
-- deleted, never less than nothing for one that is refunded.
CREATE TRIGGER order_added AFTER INSERT ON orders BEGIN
  UPDATE orders SET refunded_minor = (
    SELECT sum(r.amount_minor) FROM refund r WHERE r.source_id = NEW.source_id AND r.order_id = NEW.external_id
      AND r.currency = coalesce(NEW.currency, r.currency))
  WHERE source_id = NEW.source_id AND external_id = NEW.external_id
    AND EXISTS (SELECT 1 FROM refund r WHERE r.source_id = NEW.source_id AND r.order_id = NEW.external_id);
  UPDATE customer SET (orders, revenue) = (
    SELECT coalesce(sum(count), 0), coalesce(json_group_array(json_object('amountMinor', amount, 'currency', currency) ORDER BY currency)
      FILTER (WHERE currency IS NOT NULL), '[]')
    FROM (SELECT o.currency, count(*) AS count, sum(max(0, o.total_minor - o.refunded_minor)) AS amount
          FROM fragment f CROSS JOIN orders o ON o.fragment_id = f.id
          WHERE f.customer_id = customer.id AND o.total_minor IS NOT NULL AND o.cancelled_at IS NULL AND o.is_deleted = 0
          GROUP BY o.currency))
  WHERE NEW.total_minor IS NOT NULL AND id = (SELECT customer_id FROM fragment WHERE id = NEW.fragment_id);
END;
CREATE TRIGGER order_changed AFTER UPDATE ON orders
WHEN NEW.total_minor IS NOT OLD.total_minor OR NEW.currency IS NOT OLD.currency OR NEW.cancelled_at IS NOT OLD.cancelled_at
  OR NEW.is_deleted <> OLD.is_deleted OR NEW.refunded_minor <> OLD.refunded_minor OR NEW.fragment_id <> OLD.fragment_id
BEGIN
  UPDATE orders SET refunded_minor = (
    SELECT coalesce(sum(r.amount_minor), 0) FROM refund r WHERE r.source_id = NEW.source_id AND r.order_id = NEW.external_id
      AND r.currency = coalesce(NEW.currency, r.currency))
  WHERE source_id = NEW.source_id AND external_id = NEW.external_id AND NEW.currency IS NOT OLD.currency;
  UPDATE customer SET (orders, revenue) = (
    SELECT coalesce(sum(count), 0), coalesce(json_group_array(json_object('amountMinor', amount, 'currency', currency) ORDER BY currency)
      FILTER (WHERE currency IS NOT NULL), '[]')
    FROM (SELECT o.currency, count(*) AS count, sum(max(0, o.total_minor - o.refunded_minor)) AS amount
          FROM fragment f CROSS JOIN orders o ON o.fragment_id = f.id
          WHERE f.customer_id = customer.id AND o.total_minor IS NOT NULL AND o.cancelled_at IS NULL AND o.is_deleted = 0
          GROUP BY o.currency))
  WHERE id IN (SELECT customer_id FROM fragment WHERE id IN (NEW.fragment_id, OLD.fragment_id));
END;

CREATE TRIGGER refund_added AFTER INSERT ON refund BEGIN
  UPDATE orders SET refunded_minor = (
    SELECT coalesce(sum(r.amount_minor), 0) FROM refund r WHERE r.source_id = NEW.source_id AND r.order_id = NEW.order_id
      AND r.currency = coalesce(orders.currency, r.currency))
  WHERE source_id = NEW.source_id AND external_id = NEW.order_id;
END;
CREATE TRIGGER refund_raised AFTER UPDATE ON refund WHEN NEW.amount_minor <> OLD.amount_minor BEGIN
  UPDATE orders SET refunded_minor = (
    SELECT coalesce(sum(r.amount_minor), 0) FROM refund r WHERE r.source_id = NEW.source_id AND r.order_id = NEW.order_id
      AND r.currency = coalesce(orders.currency, r.currency))
  WHERE source_id = NEW.source_id AND external_id = NEW.order_id;
END;
