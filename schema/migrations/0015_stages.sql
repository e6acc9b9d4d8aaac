-- Stages of a relationship: the rules that say them, how each customer stands and the course that led there. All of it is worked
-- out from touchpoints, rules and what staff have set, and can be emptied and built anew.

-- One row a version, never changed; the latest stands.
CREATE TABLE stage_rules (
  version INTEGER PRIMARY KEY,
  -- JSON object: stage to condition, in the language of segments. Awareness is what remains.
  rules TEXT NOT NULL,
  -- Epoch ms from which on it judges: 0 for the whole past, else the past stays as earlier versions judged it.
  valid_from INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO stage_rules (version, rules, valid_from, created_at, actor, note) VALUES (1, json_object(
  'exploration', 'two-way contacts >= 1 or orders >= 1',
  'expansion', 'orders >= 2 and not (overdue >= 1.5 and last order before 45 days)',
  'commitment', 'subscriptions >= 1 or orders >= 4 and (nps >= 9 or referrals >= 1) and not (overdue >= 1 and last order before 30 days)',
  'dissolution', 'account closed or complaint lost or subscriptions = 0 and (unsubscribed or overdue >= 3 and last order before 90 days or overdue unknown and last order before 270 days)'),
  0, 0, 'rapport', 'As delivered');

ALTER TABLE customer ADD COLUMN stage TEXT;
-- Since when without a break, epoch ms.
ALTER TABLE customer ADD COLUMN stage_since INTEGER;
-- When time alone would next change it, epoch ms. Below zero: it is to be worked out anew; each time another number, so that who
-- writes what was read before notices. Null: only news will change it.
ALTER TABLE customer ADD COLUMN next_stage_at INTEGER;
CREATE INDEX customer_by_stage ON customer (stage) WHERE is_known = 1 AND is_current = 1;
CREATE INDEX customer_stage_due ON customer (next_stage_at) WHERE next_stage_at IS NOT NULL;

-- The course of each relationship, rewritten as a whole where it differs.
CREATE TABLE stage_change (
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  from_at INTEGER NOT NULL,
  to_at INTEGER,
  stage TEXT NOT NULL,
  -- Which version of the rules said so; null where staff set it.
  version INTEGER REFERENCES stage_rules (version),
  -- Who brought it about: customer, company, neither (time alone, or new rules), staff (set by hand).
  initiator TEXT NOT NULL,
  -- The tests that held, JSON: [{field, argument, value}].
  because TEXT NOT NULL,
  -- The touchpoints these rest on, JSON array of seq.
  evidence TEXT NOT NULL,
  -- In staff's own words, where they set it.
  reason TEXT,
  actor TEXT,
  PRIMARY KEY (customer_id, from_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX stage_change_by_stage ON stage_change (stage, from_at, to_at);

-- What rules ask of a customer that no other table holds in one row, kept beside the stage.
CREATE TABLE standing (
  customer_id INTEGER PRIMARY KEY REFERENCES customer (id),
  two_way INTEGER NOT NULL,
  subscriptions INTEGER NOT NULL,
  referrals INTEGER NOT NULL,
  is_closed INTEGER NOT NULL,
  is_unsubscribed INTEGER NOT NULL,
  is_complaint_lost INTEGER NOT NULL
) STRICT;

-- A stage is worked out anew when fragments move, when somebody becomes known or a record ceases, and when an order begins or
-- ceases to count; for touchpoints a follower of the log does it.
CREATE TRIGGER stage_of_moved AFTER UPDATE OF customer_id ON fragment WHEN NEW.customer_id <> OLD.customer_id BEGIN
  UPDATE customer SET next_stage_at = -1 - abs(random() % 4503599627370496) WHERE id IN (NEW.customer_id, OLD.customer_id);
END;
CREATE TRIGGER stage_of_known AFTER UPDATE OF is_known, is_current ON customer
WHEN NEW.is_known <> OLD.is_known OR NEW.is_current <> OLD.is_current BEGIN
  UPDATE customer SET next_stage_at = -1 - abs(random() % 4503599627370496) WHERE id = NEW.id;
END;
CREATE TRIGGER stage_of_orders AFTER UPDATE OF orders ON customer WHEN NEW.orders <> OLD.orders AND NEW.is_known = 1 BEGIN
  UPDATE customer SET next_stage_at = -1 - abs(random() % 4503599627370496) WHERE id = NEW.id;
END;
CREATE TRIGGER stage_of_word AFTER INSERT ON edit WHEN NEW.field = 'stage' BEGIN
  UPDATE customer SET next_stage_at = -1 - abs(random() % 4503599627370496)
  WHERE id = (SELECT customer_id FROM fragment WHERE id = NEW.fragment_id);
END;
