-- What staff themselves say of a person. Only ever added to: what stands is the latest word of each field over the fragments of
-- the customer, so that it is the log of changes too, and joining and parting records moves none of it.
CREATE TABLE edit (
  id INTEGER PRIMARY KEY,
  -- The fragment that carries the customer's own id when it was said.
  fragment_id INTEGER NOT NULL REFERENCES fragment (id),
  field TEXT NOT NULL,
  -- Null: taken back, so that the sources speak again.
  value TEXT,
  -- Stands until then, if it ends by itself; what was said before stands again afterwards.
  until_at INTEGER,
  at INTEGER NOT NULL,
  -- Public id of a member of staff, or a word for who else it was.
  actor TEXT NOT NULL,
  reason TEXT,
  -- Its time is up: set by the minute, and what follows from it with it.
  is_over INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX edit_by_fragment ON edit (fragment_id, field, id);
CREATE INDEX edit_by_value ON edit (field, value, fragment_id);
CREATE INDEX edit_ending ON edit (until_at) WHERE until_at IS NOT NULL AND is_over = 0;

CREATE TRIGGER edit_said AFTER INSERT ON edit BEGIN
  INSERT INTO person_work (fragment_id, reason) VALUES (NEW.fragment_id, 'label');
END;
CREATE TRIGGER edit_ended AFTER UPDATE OF is_over ON edit WHEN NEW.is_over <> OLD.is_over BEGIN
  INSERT INTO person_work (fragment_id, reason) VALUES (NEW.fragment_id, 'label');
END;

-- Who works here: who says something, and who looks after whom.
CREATE TABLE staff_member (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  email TEXT,
  is_active INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL DEFAULT 0
) STRICT;
ALTER TABLE staff_session ADD COLUMN member_id INTEGER REFERENCES staff_member (id);
ALTER TABLE decision ADD COLUMN decided_by TEXT;

-- What the business keeps of people beside what every business does.
CREATE TABLE custom_field (
  key TEXT PRIMARY KEY,
  label TEXT NOT NULL,
  kind TEXT NOT NULL,
  -- JSON array of texts, for a field of kind choice.
  choices TEXT NOT NULL DEFAULT '[]',
  is_archived INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Kept on the customer: what staff say, and what follows where they say nothing.
ALTER TABLE customer ADD COLUMN relationship TEXT;
ALTER TABLE customer ADD COLUMN owner TEXT;
CREATE INDEX customer_by_owner ON customer (owner) WHERE owner IS NOT NULL;

-- Who has paid or subscribed, or has an order that counts, is a customer; anybody else is a prospect, until staff say otherwise.
ALTER TABLE fragment ADD COLUMN has_paid INTEGER NOT NULL DEFAULT 0;
UPDATE fragment SET has_paid = 1 WHERE id IN (
  SELECT t.fragment_id FROM touchpoint t WHERE t.kind IN ('payment_succeeded', 'subscription_started', 'subscription_renewed'));
UPDATE customer SET party = 'prospect' WHERE orders = 0
  AND NOT EXISTS (SELECT 1 FROM fragment f WHERE f.customer_id = customer.id AND f.has_paid = 1);

CREATE TRIGGER touchpoint_pays AFTER INSERT ON touchpoint
WHEN NEW.kind IN ('payment_succeeded', 'subscription_started', 'subscription_renewed') BEGIN
  UPDATE fragment SET has_paid = 1 WHERE id = NEW.fragment_id AND has_paid = 0;
END;
CREATE TRIGGER fragment_paid AFTER UPDATE OF has_paid ON fragment WHEN NEW.has_paid <> OLD.has_paid BEGIN
  UPDATE customer SET party = coalesce(
    (SELECT e.value FROM fragment f CROSS JOIN edit e ON e.fragment_id = f.id AND e.field = 'party' AND e.is_over = 0
     WHERE f.customer_id = customer.id ORDER BY e.at DESC, e.id DESC LIMIT 1), 'customer')
  WHERE id = NEW.customer_id;
END;
CREATE TRIGGER customer_ordered AFTER UPDATE OF orders ON customer WHEN (NEW.orders > 0) <> (OLD.orders > 0) BEGIN
  UPDATE customer SET party = coalesce(
    (SELECT e.value FROM fragment f CROSS JOIN edit e ON e.fragment_id = f.id AND e.field = 'party' AND e.is_over = 0
     WHERE f.customer_id = NEW.id ORDER BY e.at DESC, e.id DESC LIMIT 1),
    iif(NEW.orders > 0 OR EXISTS (SELECT 1 FROM fragment f WHERE f.customer_id = NEW.id AND f.has_paid = 1), 'customer', 'prospect'))
  WHERE id = NEW.id;
END;

-- Somebody a source has not spoken of before is a prospect until more is known.
DROP TRIGGER new_person_insert;
CREATE TRIGGER new_person_insert INSTEAD OF INSERT ON new_person
WHEN NOT EXISTS (SELECT 1 FROM fragment f WHERE f.source_id = NEW.source_id AND f.key = NEW.key)
BEGIN
  INSERT INTO customer (public_id, party, created_at) VALUES (NEW.public_id, 'prospect', NEW.created_at);
  INSERT INTO fragment (id, source_id, key, customer_id)
    SELECT c.id, NEW.source_id, NEW.key, c.id FROM customer c WHERE c.public_id = NEW.public_id;
END;
