import { type Assurance, assuranceOf } from '../../../schema/customer.ts';
import type { FieldRow } from '../custom-fields.ts';
import { FILLED_FIELDS, ownThen, type TellingRow, TOLD_BY_THEN } from '../own-fields/then.ts';
import { CUSTOMER, type Part, rowsOf } from './part.ts';
import { SAID, type Word, type WordRow, wordOf } from './said.ts';

/** What a source says of a field. */
export type Voice = {
  readonly value: string;
  readonly assurance: Assurance;
  /** Epoch ms. */
  readonly at: number;
  readonly sourceName: string;
};
/** The value of a field that stands: what staff say, else what is best assured, then newest. */
export type ProfileValue = {
  readonly value: string;
  readonly assurance: Assurance | 'staff';
  /** Epoch ms. */
  readonly at: number;
  /** Null where staff say it. */
  readonly sourceName: string | null;
  /** What staff said of it, where they did. */
  readonly word: Word | null;
  /** What sources say of it beside that, the best first. */
  readonly voices: readonly Voice[];
};
/** By field: `name` and the others every business knows, `x:<key>` for the business's own. */
export type Profile = Readonly<Record<string, ProfileValue | undefined>>;

const profileOver = (fragments: string): string =>
  `SELECT p.field, p.value, p.assurance, p.at, s.name AS source_name
   FROM fragment f CROSS JOIN profile p ON p.fragment_id = f.id JOIN source s ON s.id = f.source_id
   WHERE f.customer_id = ${CUSTOMER}${fragments} ORDER BY p.assurance DESC, p.at DESC, p.value, s.id`;

/**
 * Of a past moment: what is said by those that had been heard of. Only the latest that a source says is kept, so that a value may
 * have been said later than the moment; its `at` tells. The business's own fields are read off what was told by then.
 */
const PROFILE = {
  now: profileOver(''),
  past: profileOver(
    " AND p.field NOT GLOB 'x:*' AND EXISTS (SELECT 1 FROM touchpoint h WHERE h.fragment_id = f.id AND h.occurred_at <= ?2)",
  ),
};

type ProfileRow = { field: string; value: string; assurance: number; at: number; source_name: string };

/** Fields of a person, as edits say `tag:` and `occasion:` of what is none. */
const isOfProfile = ({ field }: Word): boolean =>
  field.startsWith('x:') || ['name', 'language', 'country', 'city', 'company'].includes(field);

/** The rows come best first. */
function voicesOf(rows: readonly ProfileRow[]): Map<string, Voice[]> {
  const voices = new Map<string, Voice[]>();
  for (const { field, value, assurance, at, source_name } of rows)
    voices.set(field, [
      ...(voices.get(field) ?? []),
      { value, assurance: assuranceOf(assurance), at, sourceName: source_name },
    ]);
  return voices;
}

function entryOf(word: Word | undefined, voices: readonly Voice[]): ProfileValue | undefined {
  if (word) return { value: word.value, assurance: 'staff', at: word.at, sourceName: null, word, voices };
  const [best, ...rest] = voices;
  return best && { ...best, word: null, voices: rest };
}

export const profile: Part<Profile> = {
  now: [PROFILE.now, SAID.now],
  past: [PROFILE.past, SAID.past, TOLD_BY_THEN, FILLED_FIELDS],
  read: ([evidence, edits, told, fields]) => {
    const own = ownThen(rowsOf<TellingRow>(told), rowsOf<FieldRow>(fields));
    const voices = voicesOf([...rowsOf<ProfileRow>(evidence), ...own]);
    const words = new Map(
      rowsOf<WordRow>(edits)
        .map(wordOf)
        .filter(isOfProfile)
        .map((word) => [word.field, word]),
    );
    const names = [...new Set([...voices.keys(), ...words.keys()])].sort();
    return Object.fromEntries(names.map((field) => [field, entryOf(words.get(field), voices.get(field) ?? [])]));
  },
};
