-- Days of the year that come round, found by the day: first orders, and occasions that staff have written down.
CREATE INDEX orders_by_day ON orders (strftime('%m-%d', placed_at / 1000, 'unixepoch'), fragment_id, placed_at)
  WHERE placed_at IS NOT NULL AND counts = 1;
CREATE INDEX edit_by_day ON edit (substr(value, -5), fragment_id)
  WHERE field >= 'occasion:' AND field < 'occasion;' AND is_over = 0;
