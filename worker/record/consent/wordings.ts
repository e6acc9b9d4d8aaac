import type { Purpose } from '../../../schema/consent.ts';
import { withRetry } from '../../platform/database.ts';
import type { Runtime } from '../../platform/env.ts';

/**
 * The texts people are asked to agree to. A version that was in use stays as it was, so that what somebody agreed to can be shown: who
 * changes the words makes a new version.
 */
export type Wording = {
  readonly version: string;
  /** BCP 47, as `bg`. */
  readonly language: string;
  readonly purpose: Purpose;
  readonly text: string;
  /** In use since, epoch ms. */
  readonly fromAt: number;
};
export type NewWording = Omit<Wording, 'fromAt'>;

type Row = { version: string; language: string; purpose: Purpose; text: string; from_at: number };
const wordingOf = ({ from_at, ...row }: Row): Wording => ({ ...row, fromAt: from_at });

/** Versions kept at most: a form that is tested is no reason to read a thousand. */
const MOST = 500;

/** All texts, the newest first. */
export async function listWordings(db: D1Database): Promise<Wording[]> {
  const { results } = await db
    .prepare(
      `SELECT version, language, purpose, text, from_at FROM wording ORDER BY from_at DESC, version DESC, language LIMIT ${MOST}`,
    )
    .all<Row>();
  return results.map(wordingOf);
}

/** Adds a version in one language. False when that version is there in that language, with other words. @throws DatabaseBusy */
export async function addWording({ db, clock }: Runtime, wording: NewWording): Promise<boolean> {
  const { version, language, purpose, text } = wording;
  const [, read] = await withRetry(() =>
    db.batch<Row>([
      db
        .prepare(
          'INSERT INTO wording (version, language, purpose, text, from_at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (version, language) DO NOTHING',
        )
        .bind(version, language, purpose, text, clock.now()),
      db
        .prepare('SELECT version, language, purpose, text, from_at FROM wording WHERE version = ?1 AND language = ?2')
        .bind(version, language),
    ]),
  );
  const row = read?.results[0];
  return row?.text === text && row.purpose === purpose;
}
