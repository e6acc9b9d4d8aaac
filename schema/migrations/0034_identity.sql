-- An address that a fragment had after another, and that nobody has proven, joins it with nobody. So a time that turns out to be earlier
-- can part records: whose addresses change their order is placed anew.
CREATE TRIGGER identifier_earlier AFTER UPDATE OF first_at ON identifier
WHEN NEW.first_at < OLD.first_at AND NEW.kind = 'email' AND NEW.may_link = 1 AND EXISTS (
  SELECT 1 FROM identifier o WHERE o.fragment_id = NEW.fragment_id AND o.kind = 'email' AND o.may_link = 1 AND o.value <> NEW.value)
BEGIN
  INSERT INTO person_work (fragment_id, reason) VALUES (NEW.fragment_id, 'place');
END;

-- Records that were joined by such an address, and those that somebody else of one source had kept apart, are placed anew by the minute.
INSERT INTO person_work (fragment_id, reason)
  SELECT i.fragment_id, 'place' FROM identifier i WHERE i.kind = 'email' AND i.may_link = 1
  GROUP BY i.fragment_id HAVING count(*) > 1 AND min(i.assurance) < 3;
INSERT INTO person_work (fragment_id, reason)
  SELECT DISTINCT fragment_a, 'place' FROM decision WHERE action = 'refuse' AND rule = 'ambiguous' AND revoked_at IS NULL;
