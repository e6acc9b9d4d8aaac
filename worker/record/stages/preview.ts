import { STAGES, type Stage } from '../../../schema/vocabulary.ts';
import { Arguments } from '../../platform/arguments.ts';
import { parseStored } from '../../platform/json.ts';
import { compileRule } from '../segments/compile.ts';
import { RULED, type RulesByStage } from './rules.ts';

export type Example = { readonly id: string; readonly name: string | null };
export type Move = {
  readonly from: Stage;
  readonly to: Stage;
  readonly count: number;
  /** Some of them, latest heard of first. */
  readonly examples: readonly Example[];
};
export type Preview = {
  readonly moves: readonly Move[];
  /** Who would move. */
  readonly total: number;
  /** All who have a stage. */
  readonly customers: number;
  /** Whose stage staff have set: no rule moves them. */
  readonly setByHand: number;
};

const EXAMPLES = 3;

/** The stage that rules say of a customer `c` now, as an SQL expression. */
export function stageNow(rules: RulesByStage, args: Arguments, now: number): string {
  const cases = RULED.map((stage) => `WHEN ${compileRule(rules[stage], args, now)} THEN '${stage}'`);
  return `CASE ${cases.join(' ')} ELSE 'awareness' END`;
}

type Row = { was: Stage; becomes: Stage; count: number; examples: string };

/** Staff have set the stage of the customer `c`, and it stands. */
const BY_HAND = `EXISTS (SELECT 1 FROM stage_change h WHERE h.customer_id = c.id AND h.to_at IS NULL AND h.version IS NULL)`;

/**
 * Who would move where, were these rules saved now. One reading of everybody who has a stage; writes nothing. The very same
 * moves follow when they are saved, unless something happens in between.
 */
export async function previewRules(db: D1Database, rules: RulesByStage, now: number): Promise<Preview> {
  const args = new Arguments();
  const sql = `WITH judged AS (
      SELECT c.public_id AS id, c.display_name AS name, c.last_at, c.stage AS was, ${BY_HAND} AS by_hand,
        ${stageNow(rules, args, now)} AS becomes
      FROM customer c WHERE c.is_known = 1 AND c.is_current = 1 AND c.stage IS NOT NULL),
    placed AS (SELECT *, row_number() OVER (PARTITION BY was, becomes ORDER BY last_at DESC, id) AS place
      FROM judged WHERE by_hand = 0)
    SELECT was, becomes, count(*) AS count,
      json_group_array(json_object('id', id, 'name', name) ORDER BY place) FILTER (WHERE place <= ${EXAMPLES} AND was <> becomes) AS examples
    FROM placed GROUP BY was, becomes
    UNION ALL SELECT 'awareness', 'by hand', count(*), '[]' FROM judged WHERE by_hand = 1`;
  const { results } = await db
    .prepare(sql)
    .bind(...args.values)
    .all<Row>();
  const isByHand = ({ becomes }: Row): boolean => !STAGES.includes(becomes);
  const sum = (rows: readonly Row[]): number => rows.reduce((all, { count }) => all + count, 0);
  const moves = results
    .filter((row) => !isByHand(row) && row.was !== row.becomes)
    .map(({ was, becomes, count, examples }) => ({
      from: was,
      to: becomes,
      count,
      examples: parseStored<Example[]>(examples, []),
    }))
    .sort(
      (a, b) =>
        b.count - a.count ||
        STAGES.indexOf(a.from) - STAGES.indexOf(b.from) ||
        STAGES.indexOf(a.to) - STAGES.indexOf(b.to),
    );
  return {
    moves,
    total: moves.reduce((all, { count }) => all + count, 0),
    customers: sum(results),
    setByHand: sum(results.filter(isByHand)),
  };
}
