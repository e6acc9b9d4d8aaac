/** Something a person wrote to the business: an answer in a survey, a message, a review. */
export type OwnWords = {
  /** Place in the log. */
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
  readonly subject: string | null;
  readonly text: string;
};

/** The latest that a customer (internal id) wrote, newest first. What staff wrote about them is not theirs. */
export async function latestOwnWords(db: D1Database, customer: number, limit: number): Promise<OwnWords[]> {
  const { results } = await db
    .prepare(
      `SELECT t.seq, t.occurred_at AS at, t.subject, t.text FROM fragment f CROSS JOIN touchpoint t ON t.fragment_id = f.id
       WHERE f.customer_id = ?1 AND t.direction = 'in' AND t.initiator = 'customer' AND trim(t.text) <> ''
       ORDER BY t.occurred_at DESC, t.seq DESC LIMIT ?2`,
    )
    .bind(customer, limit)
    .all<OwnWords>();
  return results;
}
