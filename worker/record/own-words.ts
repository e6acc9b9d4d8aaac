/** Something a person wrote to the business: an answer in a survey, a message, a review. */
export type OwnWords = {
  /** Place in the log. */
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
  readonly subject: string | null;
  readonly text: string;
};

/** The latest that the people of `fragments` (a subquery of ids over ?1) wrote, newest first. What staff wrote about them is not theirs. */
export async function latestOwnWords(
  db: D1Database,
  fragments: string,
  whose: string | number,
  limit: number,
): Promise<OwnWords[]> {
  const { results } = await db
    .prepare(
      `SELECT t.seq, t.occurred_at AS at, t.subject, t.text FROM (${fragments}) f CROSS JOIN touchpoint t ON t.fragment_id = f.id
       WHERE t.direction = 'in' AND t.initiator = 'customer' AND trim(t.text) <> ''
       ORDER BY t.occurred_at DESC, t.seq DESC LIMIT ?2`,
    )
    .bind(whose, limit)
    .all<OwnWords>();
  return results;
}
