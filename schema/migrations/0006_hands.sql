-- What contacts by hand cost, and what was sold: products with their costs, and the lines of orders that count.

-- Only contacts that somebody handled are in it, so that what sources deliver writes no further row.
CREATE INDEX touchpoint_handled ON touchpoint (fragment_id) WHERE handler IS NOT NULL;

-- What a contact costs from a moment on. Both amounts null: unknown from then on.
CREATE TABLE contact_rate (
  channel TEXT NOT NULL,
  handler TEXT NOT NULL,
  -- Epoch ms, the beginning of a day in UTC.
  valid_from INTEGER NOT NULL,
  per_contact_minor INTEGER,
  per_minute_minor INTEGER,
  currency TEXT NOT NULL,
  PRIMARY KEY (channel, handler, valid_from)
) STRICT, WITHOUT ROWID;

-- Something that is sold, whichever source it was ordered from: by its SKU, else by its title.
CREATE TABLE product (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  sku TEXT,
  title TEXT NOT NULL,
  -- Of the newest order that named it.
  title_as_of INTEGER NOT NULL
) STRICT;

CREATE TABLE product_cost (
  product_id INTEGER NOT NULL REFERENCES product (id),
  -- Epoch ms, the beginning of a day in UTC.
  valid_from INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  PRIMARY KEY (product_id, valid_from)
) STRICT, WITHOUT ROWID;

-- The lines of orders that count, followed from the log: a line of an order that is void, cancelled, deleted or wholly
-- refunded is not in it.
CREATE TABLE order_line (
  source_id INTEGER NOT NULL REFERENCES source (id),
  external_id TEXT NOT NULL,
  line_no INTEGER NOT NULL,
  product_id INTEGER NOT NULL REFERENCES product (id),
  fragment_id INTEGER NOT NULL REFERENCES fragment (id),
  quantity REAL NOT NULL,
  amount_minor INTEGER NOT NULL,
  -- What is left of the amount once refunds of the order are spread over its lines.
  net_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  PRIMARY KEY (source_id, external_id, line_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_line_by_product ON order_line (product_id, fragment_id);

-- What the lines of a product come to, kept by the triggers below.
CREATE TABLE product_total (
  product_id INTEGER NOT NULL REFERENCES product (id),
  currency TEXT NOT NULL,
  lines INTEGER NOT NULL,
  quantity REAL NOT NULL,
  net_minor INTEGER NOT NULL,
  PRIMARY KEY (product_id, currency)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER order_line_added AFTER INSERT ON order_line BEGIN
  INSERT INTO product_total (product_id, currency, lines, quantity, net_minor)
  VALUES (NEW.product_id, NEW.currency, 1, NEW.quantity, NEW.net_minor)
  ON CONFLICT (product_id, currency) DO UPDATE SET
    lines = lines + 1, quantity = quantity + excluded.quantity, net_minor = net_minor + excluded.net_minor;
END;
CREATE TRIGGER order_line_removed AFTER DELETE ON order_line BEGIN
  UPDATE product_total SET lines = lines - 1, quantity = quantity - OLD.quantity, net_minor = net_minor - OLD.net_minor
  WHERE product_id = OLD.product_id AND currency = OLD.currency;
END;
CREATE TRIGGER order_line_changed AFTER UPDATE ON order_line BEGIN
  UPDATE product_total SET lines = lines - 1, quantity = quantity - OLD.quantity, net_minor = net_minor - OLD.net_minor
  WHERE product_id = OLD.product_id AND currency = OLD.currency;
  INSERT INTO product_total (product_id, currency, lines, quantity, net_minor)
  VALUES (NEW.product_id, NEW.currency, 1, NEW.quantity, NEW.net_minor)
  ON CONFLICT (product_id, currency) DO UPDATE SET
    lines = lines + 1, quantity = quantity + excluded.quantity, net_minor = net_minor + excluded.net_minor;
END;
