import type { CustomField } from '../../../schema/custom-field.ts';
import type { Runtime } from '../../platform/env.ts';
import { listFields } from '../custom-fields.ts';
import { MAX_VALUES, valuesOf } from './compile.ts';
import { expand, type RulesByName, referencesOf, renamed } from './expand.ts';
import type { RuleError } from './fault.ts';
import { segmentWords } from './fields.ts';
import { MAX_TESTS, parseRule } from './language.ts';
import { wordsWith } from './own-fields.ts';
import type { Population } from './population.ts';
import { printRule } from './print.ts';
import { depthOf, type Rule, testsOf } from './rule.ts';
import { dropMembers, watchStatements } from './watch.ts';

/** A saved segment. */
export type Segment = {
  /** Public id. */
  readonly id: string;
  /** Internal id. */
  readonly key: number;
  readonly name: string;
  /** As it was written, in its canonical form. */
  readonly rule: string;
  /** Since when it asks for attention when somebody enters, epoch ms; null: it does not. */
  readonly watchedAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
};

type Row = {
  id: number;
  public_id: string;
  name: string;
  rule: string;
  watched_at: number | null;
  created_at: number;
  updated_at: number;
};

/** There are never more: each can be counted on one page, and be referred to by all others. */
const MAX_SEGMENTS = 100;
/** Each watched segment is asked of everybody of whom something is heard. */
const MAX_WATCHED = 10;
export const MAX_NAME = 80;
/** How deep a rule goes with the segments it refers to: D1 takes expressions a hundred deep. */
const MAX_EXPANDED = 16;

const segmentOf = (row: Row): Segment => ({
  id: row.public_id,
  key: row.id,
  name: row.name,
  rule: row.rule,
  watchedAt: row.watched_at,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/** All segments by name. */
export async function listSegments(db: D1Database): Promise<readonly Segment[]> {
  const { results } = await db.prepare('SELECT * FROM segment ORDER BY name LIMIT ?1').bind(MAX_SEGMENTS).all<Row>();
  return results.map(segmentOf);
}

/** What is wrong with a rule, or what it means with other segments put in their place. */
export type CheckedRule =
  | { readonly ok: true; readonly rule: Rule; readonly expanded: Rule }
  | { readonly ok: false; readonly errors: readonly RuleError[] };

function rulesByName(segments: readonly Segment[]): RulesByName {
  return new Map(
    segments.flatMap(({ name, rule }) => {
      const parsed = parseRule(rule, segmentWords);
      return parsed.ok ? [[name.toLowerCase(), parsed.rule] as const] : [];
    }),
  );
}

/**
 * Reads a rule among the segments it may refer to. `own` is the name of the segment it is for; `fields` are those that the business
 * has made up, so that people can write them without `x.`.
 */
export function checkRule(
  text: string,
  segments: readonly Segment[],
  own: string | null = null,
  fields: readonly CustomField[] = [],
): CheckedRule {
  const parsed = parseRule(text, wordsWith(fields));
  if (!parsed.ok) return parsed;
  const wrong = (message: string): CheckedRule => ({ ok: false, errors: [{ from: 0, to: text.length, message }] });
  const expanded = expand(parsed.rule, rulesByName(segments), own);
  if (!expanded.ok) return wrong(expanded.message);
  if (
    testsOf(expanded.rule).length > MAX_TESTS ||
    depthOf(expanded.rule) > MAX_EXPANDED ||
    valuesOf(expanded.rule) > MAX_VALUES
  )
    return wrong('With the segments it refers to this rule asks too much. Say it in fewer words.');
  return { ok: true, rule: parsed.rule, expanded: expanded.rule };
}

/** The population of a saved segment; null when its rule holds no more, which it cannot unless a field has gone. */
export function populationOf(segment: Segment, segments: readonly Segment[], now: number): Population | null {
  const checked = checkRule(segment.rule, segments, segment.name);
  return checked.ok ? { rule: checked.expanded, now } : null;
}

/** The segment of a public id with the population it stands for; null for none. */
export async function readPopulation(
  { db, clock }: Pick<Runtime, 'db' | 'clock'>,
  publicId: string,
): Promise<{ readonly segment: Segment; readonly population: Population } | null> {
  const segments = await listSegments(db);
  const segment = segments.find(({ id }) => id === publicId);
  const population = segment && populationOf(segment, segments, clock.now());
  return segment && population ? { segment, population } : null;
}

/** What somebody wants a segment to be. */
export type SegmentDraft = { readonly name: string; readonly rule: string; readonly isWatched: boolean };
/** What is wrong with a draft, by field. */
export type SegmentFaults = { readonly name?: string; readonly rule?: RuleError; readonly isWatched?: string };
export type Saved = { readonly ok: true; readonly id: string } | { readonly ok: false; readonly faults: SegmentFaults };

type Checked = {
  readonly faults: SegmentFaults;
  readonly name: string;
  readonly rule: Rule | null;
  readonly expanded: Rule | null;
};

function nameFault(name: string, others: readonly Segment[]): string | null {
  if (name === '') return 'Give it a name.';
  if ([...name].length > MAX_NAME) return `A name can have ${MAX_NAME} characters at most.`;
  // What the language reads inside quotes, so that every segment can be referred to.
  if (/["\\]/.test(name)) return 'A name cannot have quotes or a backslash in it.';
  const isTaken = others.some((other) => other.name.toLowerCase() === name.toLowerCase());
  return isTaken ? 'Another segment has this name already.' : null;
}

function checkDraft(
  draft: SegmentDraft,
  segments: readonly Segment[],
  self: Segment | null,
  fields: readonly CustomField[],
): Checked {
  const others = segments.filter(({ id }) => id !== self?.id);
  const name = draft.name.replaceAll(/\s+/g, ' ').trim().normalize('NFC');
  const fault = nameFault(name, others);
  const checked = checkRule(draft.rule, others, name, fields);
  const watched = others.filter(({ watchedAt }) => watchedAt !== null).length;
  const [error] = checked.ok ? [] : checked.errors;
  const faults: SegmentFaults = {
    ...(fault !== null && { name: fault }),
    ...(error && { rule: error }),
    ...(draft.isWatched && watched >= MAX_WATCHED && { isWatched: `${MAX_WATCHED} segments can be watched at most.` }),
  };
  return { faults, name, rule: checked.ok ? checked.rule : null, expanded: checked.ok ? checked.expanded : null };
}

/** Rules that refer to a segment, written anew for its new name. */
function renameReferences(db: D1Database, segments: readonly Segment[], self: Segment, name: string, now: number) {
  return segments.flatMap((other) => {
    const parsed = parseRule(other.rule, segmentWords);
    if (other.id === self.id || !parsed.ok || !referencesOf(parsed.rule).includes(self.name.toLowerCase())) return [];
    const rule = printRule(renamed(parsed.rule, self.name, name));
    return [db.prepare('UPDATE segment SET rule = ?2, updated_at = ?3 WHERE id = ?1').bind(other.key, rule, now)];
  });
}

/** True when the name was taken by somebody else in the same moment. */
const isTaken = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('UNIQUE constraint failed: segment.name');
const TAKEN: Saved = { ok: false, faults: { name: 'Another segment has this name already.' } };

/** Saves a new segment. */
export async function createSegment({ db, clock }: Runtime, draft: SegmentDraft): Promise<Saved> {
  const [segments, fields] = await Promise.all([listSegments(db), listFields(db)]);
  const { faults, name, rule, expanded } = checkDraft(draft, segments, null, fields);
  if (!rule || !expanded || Object.keys(faults).length > 0) return { ok: false, faults };
  if (segments.length >= MAX_SEGMENTS)
    return { ok: false, faults: { name: `There can be ${MAX_SEGMENTS} segments at most.` } };
  const [now, id] = [clock.now(), clock.uuid()];
  const insert = db
    .prepare(
      'INSERT INTO segment (public_id, name, rule, watched_at, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)',
    )
    .bind(id, name, printRule(rule), draft.isWatched ? now : null, now);
  try {
    await db.batch([insert, ...(draft.isWatched ? watchStatements(db, id, { rule: expanded, now }) : [])]);
    return { ok: true, id };
  } catch (error) {
    if (!isTaken(error)) throw error;
    return TAKEN;
  }
}

/** Changes a segment; what refers to it follows its name. Null when there is no such segment. */
export async function changeSegment(
  { db, clock }: Runtime,
  publicId: string,
  draft: SegmentDraft,
): Promise<Saved | null> {
  const [segments, fields] = await Promise.all([listSegments(db), listFields(db)]);
  const self = segments.find(({ id }) => id === publicId);
  if (!self) return null;
  const { faults, name, rule, expanded } = checkDraft(draft, segments, self, fields);
  if (!rule || !expanded || Object.keys(faults).length > 0) return { ok: false, faults };
  const now = clock.now();
  const text = printRule(rule);
  // Who belongs there when the watch begins, or the rule changes, has not entered.
  const isAnew = draft.isWatched && (self.watchedAt === null || text !== self.rule);
  const watchedAt = draft.isWatched ? (isAnew ? now : self.watchedAt) : null;
  try {
    await db.batch([
      db
        .prepare('UPDATE segment SET name = ?2, rule = ?3, watched_at = ?4, updated_at = ?5 WHERE id = ?1')
        .bind(self.key, name, text, watchedAt, now),
      ...(name === self.name ? [] : renameReferences(db, segments, self, name, now)),
      ...(isAnew || !draft.isWatched ? [dropMembers(db, publicId)] : []),
      ...(isAnew ? watchStatements(db, publicId, { rule: expanded, now }) : []),
    ]);
    return { ok: true, id: publicId };
  } catch (error) {
    if (!isTaken(error)) throw error;
    return TAKEN;
  }
}

/** Names of the segments whose rules refer to one. */
const referrersOf = (segment: Segment, segments: readonly Segment[]): readonly string[] =>
  segments.flatMap(({ id, name, rule }) => {
    const parsed = parseRule(rule, segmentWords);
    return id !== segment.id && parsed.ok && referencesOf(parsed.rule).includes(segment.name.toLowerCase())
      ? [name]
      : [];
  });

export type Deleted = { readonly ok: true } | { readonly ok: false; readonly referrers: readonly string[] };

/** Deletes a segment, unless others refer to it. Null when there is no such segment. */
export async function deleteSegment(db: D1Database, publicId: string): Promise<Deleted | null> {
  const segments = await listSegments(db);
  const self = segments.find(({ id }) => id === publicId);
  if (!self) return null;
  const referrers = referrersOf(self, segments);
  if (referrers.length > 0) return { ok: false, referrers };
  await db.batch([dropMembers(db, publicId), db.prepare('DELETE FROM segment WHERE public_id = ?1').bind(publicId)]);
  return { ok: true };
}
