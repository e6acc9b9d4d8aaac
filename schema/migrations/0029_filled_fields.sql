-- Fields of the business's own that sources fill: by which names they speak of it, and how far what they told has been read.
ALTER TABLE custom_field ADD COLUMN filled_from TEXT NOT NULL DEFAULT '[]';
-- The last touchpoint that was read for it. Negative: what it holds of sources is taken out first, then all is read anew.
ALTER TABLE custom_field ADD COLUMN filled_to INTEGER NOT NULL DEFAULT 0;
-- One more with each change of what fits the field, so that what was read for it before is not written after.
ALTER TABLE custom_field ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;

-- How well assured is what a touchpoint's data tells of the person (traits, answers to a form, columns of a file); null where it
-- tells nothing.
ALTER TABLE touchpoint ADD COLUMN assurance INTEGER;
-- Of those that are there already nobody wrote it down: as the least of what their person is known by.
UPDATE touchpoint SET assurance = coalesce(
    (SELECT min(i.assurance) FROM identifier i WHERE i.fragment_id = touchpoint.fragment_id), 1)
  WHERE json_type(data, '$.traits') = 'object' OR json_type(data, '$.fields') = 'object';
CREATE INDEX touchpoint_telling ON touchpoint (seq) WHERE assurance IS NOT NULL;
CREATE INDEX profile_own ON profile (field) WHERE field >= 'x:' AND field < 'x;';
