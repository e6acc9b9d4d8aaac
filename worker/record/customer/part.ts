/** What a record is asked for: whose, and as of which moment. */
export type Asked = {
  readonly publicId: string;
  /** Epoch ms; null for now. */
  readonly at: number | null;
};

/**
 * One part of a record: the statements that read it, and what their rows say. All parts are read in one round trip, so a part
 * cannot wait for another.
 */
export type Part<Value> = {
  /** SQL whose `?1` is the public id; `CUSTOMER` below is who that is. */
  readonly now: readonly string[];
  /** The same as of a past moment, `?2` in epoch ms: statements with the same columns, and such as then are needed beside them. Without it a part is as today. */
  readonly past?: readonly string[];
  /** One result for each statement, in their order. */
  readonly read: (results: readonly D1Result[], asked: Asked) => Value;
};

/**
 * Who `?1` is. The statements of parts say CROSS JOIN where they mean JOIN: SQLite then keeps the order written, from the few
 * fragments of one customer outwards. Left to choose without statistics it reads every e-mail address there is.
 */
export const CUSTOMER = '(SELECT f.customer_id FROM customer c JOIN fragment f ON f.id = c.id WHERE c.public_id = ?1)';

/** Rows of one statement of a batch: their shape is that of the SELECT beside which the type stands. */
export const rowsOf = <Row>(result: D1Result | undefined): Row[] => (result?.results ?? []) as Row[];

/** A part of one statement. */
export const definePart = <Row, Value>(
  sql: { readonly now: string; readonly past?: string },
  read: (rows: readonly Row[], asked: Asked) => Value,
): Part<Value> => ({
  now: [sql.now],
  ...(sql.past !== undefined && { past: [sql.past] }),
  read: ([rows], asked) => read(rowsOf<Row>(rows), asked),
});

/** How many statements a part is read by. */
export const countOf = ({ now, past }: Part<unknown>, { at }: Asked): number =>
  (at === null ? now : (past ?? now)).length;

/** The statements of a part as they are sent. */
export const statementsOf = (db: D1Database, { now, past }: Part<unknown>, asked: Asked): D1PreparedStatement[] =>
  past && asked.at !== null
    ? past.map((sql) => db.prepare(sql).bind(asked.publicId, asked.at))
    : now.map((sql) => db.prepare(sql).bind(asked.publicId));
