-- A reading that brings nothing is a line only where it takes the place of one that had brought nothing. Two that overlap read
-- the same delivery: to the later one its line is gone already, and nobody sent it twice.
DROP TRIGGER IF EXISTS delivery_replaced;
CREATE TRIGGER delivery_replaced AFTER INSERT ON delivery WHEN NEW.replay_of IS NOT NULL BEGIN
  DELETE FROM delivery WHERE id = NEW.id AND NEW.stored = 0 AND NOT EXISTS (
    SELECT 1 FROM delivery o WHERE o.id = NEW.replay_of AND o.outcome IN ('held', 'malformed', 'dead'));
  DELETE FROM delivery WHERE id = NEW.replay_of AND outcome IN ('held', 'malformed', 'dead');
END;
