-- What follows from a row stands here, so that no way of writing can forget it, and a batch stays a handful of statements.

-- Somebody a source has not spoken of before gets a fragment, and a customer of the same id.
CREATE VIEW IF NOT EXISTS new_person AS
  SELECT f.source_id, f.key, c.public_id, c.created_at FROM fragment f JOIN customer c ON c.id = f.id;
CREATE TRIGGER IF NOT EXISTS new_person_insert INSTEAD OF INSERT ON new_person
WHEN NOT EXISTS (SELECT 1 FROM fragment f WHERE f.source_id = NEW.source_id AND f.key = NEW.key)
BEGIN
  INSERT INTO customer (public_id, created_at) VALUES (NEW.public_id, NEW.created_at);
  INSERT INTO fragment (id, source_id, key, customer_id)
    SELECT c.id, NEW.source_id, NEW.key, c.id FROM customer c WHERE c.public_id = NEW.public_id;
END;

-- Each new touchpoint counts once; one that was there before fires nothing.
CREATE TRIGGER IF NOT EXISTS touchpoint_counts AFTER INSERT ON touchpoint BEGIN
  UPDATE customer SET
    touchpoints = touchpoints + 1,
    first_at = min(ifnull(first_at, NEW.occurred_at), NEW.occurred_at),
    last_at = max(ifnull(last_at, NEW.occurred_at), NEW.occurred_at)
  WHERE id = (SELECT customer_id FROM fragment WHERE id = NEW.fragment_id);
  INSERT INTO person_work (fragment_id, reason)
    SELECT id, 'place' FROM fragment WHERE id = NEW.fragment_id AND is_contested = 1;
END;

-- A new way to name somebody, or a linking value that another fragment holds as well.
CREATE TRIGGER IF NOT EXISTS identifier_added AFTER INSERT ON identifier BEGIN
  INSERT INTO person_work (fragment_id, reason)
    SELECT NEW.fragment_id, 'label' FROM fragment f JOIN customer c ON c.id = f.customer_id
    WHERE f.id = NEW.fragment_id
      AND (NEW.kind IN ('email', 'phone', 'customer', 'user_id') OR (c.is_known = 0 AND NEW.kind <> 'anonymous_id'));
  INSERT INTO person_work (fragment_id, reason)
    SELECT NEW.fragment_id, 'place' WHERE NEW.may_link = 1 AND (
      EXISTS (SELECT 1 FROM identifier o WHERE o.kind = NEW.kind AND o.value = NEW.value AND o.scope = NEW.scope
              AND o.may_link = 1 AND o.fragment_id <> NEW.fragment_id)
      OR (NEW.kind IN ('customer', 'user_id', 'email') AND EXISTS (
        SELECT 1 FROM fragment f JOIN fragment g ON g.customer_id = f.customer_id AND g.id <> f.id WHERE f.id = NEW.fragment_id)));
END;
CREATE TRIGGER IF NOT EXISTS identifier_strengthened AFTER UPDATE OF assurance, may_link ON identifier
WHEN NEW.assurance > OLD.assurance OR NEW.may_link > OLD.may_link
BEGIN
  INSERT INTO person_work (fragment_id, reason) VALUES (NEW.fragment_id, 'place');
END;

CREATE TRIGGER IF NOT EXISTS profile_added AFTER INSERT ON profile WHEN NEW.field IN ('name', 'company') BEGIN
  INSERT INTO person_work (fragment_id, reason) VALUES (NEW.fragment_id, 'label');
END;
CREATE TRIGGER IF NOT EXISTS profile_changed AFTER UPDATE ON profile
WHEN NEW.field IN ('name', 'company') AND (NEW.value <> OLD.value OR NEW.assurance <> OLD.assurance
  -- With several fragments a newer time alone can change which name is the best.
  OR EXISTS (SELECT 1 FROM fragment f JOIN fragment g ON g.customer_id = f.customer_id AND g.id <> f.id WHERE f.id = NEW.fragment_id))
BEGIN
  INSERT INTO person_work (fragment_id, reason) VALUES (NEW.fragment_id, 'label');
END;

-- What a customer's orders come to, counted anew whenever one of them changes: nothing for an order that does
-- not count, never less than nothing for one that is refunded.
CREATE TRIGGER IF NOT EXISTS order_added AFTER INSERT ON orders BEGIN
  UPDATE orders SET refunded_minor = (
    SELECT coalesce(sum(r.amount_minor), 0) FROM refund r WHERE r.source_id = NEW.source_id AND r.order_id = NEW.external_id
      AND r.currency = coalesce(NEW.currency, r.currency))
  WHERE source_id = NEW.source_id AND external_id = NEW.external_id
    AND EXISTS (SELECT 1 FROM refund r WHERE r.source_id = NEW.source_id AND r.order_id = NEW.external_id);
  UPDATE customer SET (orders, revenue) = (
    SELECT coalesce(sum(count), 0), coalesce(json_group_array(json_object('amountMinor', amount, 'currency', currency) ORDER BY currency)
      FILTER (WHERE currency IS NOT NULL), '[]')
    FROM (SELECT o.currency, count(*) AS count, sum(max(0, o.total_minor - o.refunded_minor)) AS amount
          FROM fragment f CROSS JOIN orders o ON o.fragment_id = f.id
          WHERE f.customer_id = customer.id AND o.counts = 1
          GROUP BY o.currency))
  WHERE NEW.total_minor IS NOT NULL AND id = (SELECT customer_id FROM fragment WHERE id = NEW.fragment_id);
END;
CREATE TRIGGER IF NOT EXISTS order_changed AFTER UPDATE ON orders
WHEN NEW.total_minor IS NOT OLD.total_minor OR NEW.currency IS NOT OLD.currency
  OR NEW.counts <> OLD.counts OR NEW.refunded_minor <> OLD.refunded_minor OR NEW.fragment_id <> OLD.fragment_id
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
          WHERE f.customer_id = customer.id AND o.counts = 1
          GROUP BY o.currency))
  WHERE id IN (SELECT customer_id FROM fragment WHERE id IN (NEW.fragment_id, OLD.fragment_id));
END;

CREATE TRIGGER IF NOT EXISTS refund_added AFTER INSERT ON refund BEGIN
  UPDATE orders SET refunded_minor = (
    SELECT coalesce(sum(r.amount_minor), 0) FROM refund r WHERE r.source_id = NEW.source_id AND r.order_id = NEW.order_id
      AND r.currency = coalesce(orders.currency, r.currency))
  WHERE source_id = NEW.source_id AND external_id = NEW.order_id;
END;
CREATE TRIGGER IF NOT EXISTS refund_raised AFTER UPDATE ON refund
WHEN NEW.amount_minor <> OLD.amount_minor OR NEW.currency <> OLD.currency
BEGIN
  UPDATE orders SET refunded_minor = (
    SELECT coalesce(sum(r.amount_minor), 0) FROM refund r WHERE r.source_id = NEW.source_id AND r.order_id = NEW.order_id
      AND r.currency = coalesce(orders.currency, r.currency))
  WHERE source_id = NEW.source_id AND external_id = NEW.order_id;
END;
