/**
 * What erasure makes of a column:
 * `emptied`: NULL; `hashed`: a keyed hash, so that a repetition is still known; `random`: something that means nothing;
 * `figure`: stays, since it names nobody and the numbers of the business rest on it; `link`: a number of ours that leads to
 * another row of this list, or to a row that is nobody's.
 */
export type Fate = 'emptied' | 'hashed' | 'random' | 'figure' | 'link';

export type Holding = {
  readonly table: string;
  /** What staff call it: "identifiers". */
  readonly title: string;
  /** `deleted`: whole rows go. `anonymised`: rows stay, each column as its fate says. */
  readonly rows: 'deleted' | 'anonymised';
  readonly columns: Readonly<Record<string, Fate>>;
  /** Which rows of `x` are those of the fragments in the JSON list ?1. */
  readonly where: string;
  /** SQL for columns that get something other than what their fate says. */
  readonly set?: Readonly<Record<string, string>>;
  /** Part of what a person is handed who asks what we hold of them. */
  readonly isExported: boolean;
};

/** As hard to guess as any id of ours. */
export const RANDOM = 'lower(hex(randomblob(16)))';
/** The fragments in ?1. */
export const LISTED = '(SELECT value FROM json_each(?1))';
export const BY_FRAGMENT = `x.fragment_id IN ${LISTED}`;
