-- The later decision of staff in whose favour this one stood back; taking that one back gives this one its force again.
ALTER TABLE decision ADD COLUMN replaced_by INTEGER;
CREATE INDEX decision_replaced ON decision (replaced_by) WHERE replaced_by IS NOT NULL;
