import type { Stage } from '../../../schema/vocabulary.ts';
import { parseStored } from '../../platform/json.ts';
import { valuesOf } from '../segments/compile.ts';
import { segmentWords } from '../segments/fields.ts';
import { parseRule } from '../segments/language.ts';
import type { Rule } from '../segments/rule.ts';
import { vocabularyOf } from '../segments/words.ts';
import { DATED_FIELDS } from './dated.ts';

/** Stages that have a condition, in the order they are asked: the first that holds is it. Awareness is what remains. */
export const RULED = ['dissolution', 'commitment', 'expansion', 'exploration'] as const satisfies readonly Stage[];
export type Ruled = (typeof RULED)[number];
export type RuleTexts = Readonly<Record<Ruled, string>>;
export type RulesByStage = Readonly<Record<Ruled, Rule>>;

/** A version of the rules as it was saved. */
export type StageRules = {
  readonly version: number;
  readonly texts: RuleTexts;
  readonly rules: RulesByStage;
  /** Epoch ms from which on it judges; 0 for the whole past. */
  readonly validFrom: number;
  readonly createdAt: number;
  readonly actor: string;
  readonly note: string;
};

/** The words that conditions of stages are written in: the fields of segments that can be read for any day of the past. */
const stageWords = () => vocabularyOf(DATED_FIELDS.flatMap((name) => segmentWords.find(name) ?? []));

/** Fields that conditions of stages can ask, each with an example. */
export const stageFields = (): readonly { readonly name: string; readonly example: string; readonly help: string }[] =>
  DATED_FIELDS.flatMap((name) => segmentWords.find(name) ?? []);

export type RuleFaults = Readonly<Partial<Record<Ruled, string>>>;
export type ReadRules =
  | { readonly ok: true; readonly rules: RulesByStage }
  | { readonly ok: false; readonly faults: RuleFaults };

/** D1 takes a hundred values a statement. */
const MOST_VALUES = 95;

/** A field of segments that has no past is told apart from a word that means nothing. */
function faultOf(text: string, message: string, from: number): string {
  const isSegments = parseRule(text, segmentWords).ok;
  const where = text.slice(from, from + 30).trim();
  if (isSegments)
    return `“${where}” is known for today only. Stages are worked out for each day of the past, from: ${DATED_FIELDS.join(', ')}.`;
  return where === '' ? message : `${message} (at “${where}”)`;
}

/** Reads conditions. What is wrong is told by stage. */
export function readRules(texts: RuleTexts): ReadRules {
  const words = stageWords();
  const parsed = RULED.map((stage) => [stage, parseRule(texts[stage], words)] as const);
  const faults = Object.fromEntries(
    parsed.flatMap(([stage, result]) =>
      result.ok ? [] : [[stage, faultOf(texts[stage], result.errors[0].message, result.errors[0].from)] as const],
    ),
  );
  if (Object.keys(faults).length > 0) return { ok: false, faults };
  const rules = Object.fromEntries(
    parsed.flatMap(([stage, result]) => (result.ok ? [[stage, result.rule] as const] : [])),
  );
  // The preview asks all four of them in one statement.
  const values = RULED.map((stage) => (rules[stage] ? valuesOf(rules[stage]) : 0));
  const longest = RULED[values.indexOf(Math.max(...values))] ?? 'dissolution';
  if (values.reduce((sum, n) => sum + n, 0) > MOST_VALUES)
    return {
      ok: false,
      faults: { [longest]: 'The four conditions ask too much together. Shorten this one, the longest.' },
    };
  return { ok: true, rules: rules as RulesByStage };
}

export type RulesRow = {
  version: number;
  rules: string;
  valid_from: number;
  created_at: number;
  actor: string;
  note: string;
};
export const SELECT_RULES = `SELECT version, rules, valid_from, created_at, note,
  coalesce((SELECT m.name FROM staff_member m WHERE m.public_id = stage_rules.actor), actor) AS actor FROM stage_rules ORDER BY version DESC`;

/** @throws Error when a saved version cannot be read any more, which is a defect of ours. */
export function rulesOf(row: RulesRow): StageRules {
  const texts = parseStored<RuleTexts>(row.rules, { dissolution: '', commitment: '', expansion: '', exploration: '' });
  const read = readRules(texts);
  if (!read.ok)
    throw new Error(`version ${row.version} of the rules of stages cannot be read: ${JSON.stringify(read.faults)}`);
  return {
    version: row.version,
    texts,
    rules: read.rules,
    validFrom: row.valid_from,
    createdAt: row.created_at,
    actor: row.actor,
    note: row.note,
  };
}

/** All versions, the latest first. */
export async function readVersions(db: D1Database): Promise<readonly StageRules[]> {
  const { results } = await db.prepare(SELECT_RULES).all<RulesRow>();
  return results.map(rulesOf);
}

export type Draft = {
  readonly texts: RuleTexts;
  readonly note: string;
  readonly actor: string;
  /** Judges the past anew as well; else what was before stays as it was judged. */
  readonly isForPast: boolean;
};

/** Name of the walk that has everybody worked out anew after a new version; its `seq` is the internal id it has come to. */
export const REBUILD = 'stages_rebuild';

/** Saves a version, and begins to work everybody out by it. Gives its number. The texts have been read before. */
export async function saveVersion(db: D1Database, now: number, draft: Draft): Promise<number> {
  const texts = Object.fromEntries(RULED.map((stage) => [stage, draft.texts[stage].trim()]));
  const results = await db.batch<{ version: number }>([
    db
      .prepare(
        `INSERT INTO stage_rules (version, rules, valid_from, created_at, actor, note)
         SELECT coalesce(max(version), 0) + 1, ?1, ?2, ?3, ?4, ?5 FROM stage_rules RETURNING version`,
      )
      .bind(JSON.stringify(texts), draft.isForPast ? 0 : now, now, draft.actor, draft.note),
    db
      .prepare('INSERT INTO log_cursor (name, seq) VALUES (?1, 0) ON CONFLICT (name) DO UPDATE SET seq = 0')
      .bind(REBUILD),
  ]);
  return results[0]?.results[0]?.version ?? 0;
}
