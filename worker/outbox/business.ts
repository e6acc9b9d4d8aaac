import type { Runtime } from '../platform/env.ts';

/** Who the business is, as people read it, and how its mails go out. */
export type Business = {
  readonly name: string | null;
  /** Whom people write to: an address or a page. */
  readonly contact: string | null;
  readonly mailWay: 'binding' | 'source' | null;
  /** Internal id of the source, for the way by a source. */
  readonly mailSourceId: number | null;
  /** The address mails are from. */
  readonly mailAddress: string | null;
  /** Internal id of the mailbox that answers come to, at an address of its own for each person. */
  readonly replySourceId: number | null;
  /** Where staff reach this application, such as `https://rapport.shop.example`; null until they have set up mail or tried it. */
  readonly origin: string | null;
};

const NOBODY: Business = {
  name: null,
  contact: null,
  mailWay: null,
  mailSourceId: null,
  mailAddress: null,
  replySourceId: null,
  origin: null,
};

const COLUMNS: Readonly<Record<keyof Business, string>> = {
  name: 'name',
  contact: 'contact',
  mailWay: 'mail_way',
  mailSourceId: 'mail_source_id',
  mailAddress: 'mail_address',
  replySourceId: 'reply_source_id',
  origin: 'origin',
};
const NAMES: readonly (keyof Business)[] = [
  'name',
  'contact',
  'mailWay',
  'mailSourceId',
  'mailAddress',
  'replySourceId',
  'origin',
];

/** What is set; everything null before anything is. */
export async function readBusiness({ db }: Pick<Runtime, 'db'>): Promise<Business> {
  const columns = NAMES.map((name) => `${COLUMNS[name]} AS ${name}`).join(', ');
  return (await db.prepare(`SELECT ${columns} FROM business WHERE id = 1`).first<Business>()) ?? NOBODY;
}

/** Sets what is given and leaves the rest. */
export async function updateBusiness({ db }: Pick<Runtime, 'db'>, change: Partial<Business>): Promise<void> {
  const names = NAMES.filter((name) => change[name] !== undefined);
  if (names.length === 0) return;
  const columns = names.map((name) => COLUMNS[name]);
  await db
    .prepare(
      `INSERT INTO business (id, ${columns.join(', ')}) VALUES (1, ${names.map((_, at) => `?${at + 1}`).join(', ')})
       ON CONFLICT (id) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    )
    .bind(...names.map((name) => change[name] ?? null))
    .run();
}

/** What people call the business; the host of its pages while it has no name. */
export const businessName = ({ name }: Business, origin: string): string => name ?? new URL(origin).host;

/**
 * Where the links of a mail lead that somebody outside asks for. `asked` is the origin they asked at, which is theirs to choose: it
 * counts only while staff have used none.
 */
export const linkOrigin = async (runtime: Pick<Runtime, 'db'>, asked: string): Promise<string> =>
  (await readBusiness(runtime)).origin ?? asked;

/** Staff set up mail or try it at this origin: it is one of ours. */
export const keepOrigin = (runtime: Pick<Runtime, 'db'>, origin: string): Promise<void> =>
  updateBusiness(runtime, { origin });
