-- Where something that staff wrote may still name who was erased: JSON, a list of what it is and its public id. It names nobody.
ALTER TABLE erasure ADD COLUMN mentions TEXT;
