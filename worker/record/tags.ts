/** Most tags that are proposed where one is typed. */
const MOST_TAGS = 200;

/** From one tag to the next by the index, so that it costs a step a tag however many people have each. */
const KNOWN = `WITH RECURSIVE known (field) AS (
    SELECT min(field) FROM edit WHERE field >= 'tag:' AND field < 'tag;'
    UNION ALL SELECT (SELECT min(e.field) FROM edit e WHERE e.field > known.field AND e.field < 'tag;')
      FROM known WHERE known.field IS NOT NULL LIMIT 1000)
  SELECT substr(k.field, length('tag:') + 1) AS tag FROM known k
  WHERE EXISTS (SELECT 1 FROM edit e WHERE e.field = k.field AND e.value = '1' AND e.is_over = 0) ORDER BY 1 LIMIT ${MOST_TAGS}`;

/** The tags that staff have given anybody, by the alphabet. */
export async function listTags(db: D1Database): Promise<readonly string[]> {
  const { results } = await db.prepare(KNOWN).all<{ tag: string }>();
  return results.map(({ tag }) => tag);
}
