import type { ImportPlan, ImportRow } from '../../../schema/imports/plan.ts';
import { type Ask, type Asked, type Progress, problemWords } from './send.ts';

/** What the worker is asked, on the session of the page. */
export const ask: Ask = async (method, path, body) => {
  const response = await fetch(`/api/v1${path}`, {
    method,
    headers: { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json().catch(() => null);
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body: answer };
};

/** An import as the API gives it. */
export type Listed = Progress & {
  readonly fileName: string;
  readonly sourceId: string;
  readonly plan: ImportPlan;
  readonly updatedAt: string;
  readonly finishedAt: string | null;
};
export type Refused = {
  readonly line: number;
  readonly column: string | null;
  readonly field: string | null;
  readonly message: string;
};
export type Checked = {
  readonly rowsNew: number;
  readonly rowsKnown: number;
  readonly rowsRefused: number;
  readonly customersNew: number;
  readonly customersKnown: number;
  /** Columns that fill fields of the business's own. */
  readonly own: readonly string[];
  readonly refused: readonly Refused[];
  readonly read: readonly {
    readonly line: number;
    readonly person: string | null;
    readonly occurredAt: string | null;
    readonly value: { readonly amountMinor: number; readonly currency: string } | null;
    readonly about: string | null;
  }[];
};

/** The answer, or why there is none in words. */
export type Got<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

async function got<T>(asking: Promise<Asked>): Promise<Got<T>> {
  const asked = await asking.catch(() => null);
  if (!asked) return { ok: false, message: 'The worker cannot be reached. Look at your connection and try again.' };
  return asked.status < 300 ? { ok: true, value: asked.body as T } : { ok: false, message: problemWords(asked) };
}

/** Imports of the same file, latest begun first. */
export const importsOf = async (fingerprint: string): Promise<readonly Listed[]> => {
  const found = await got<{ items: Listed[] }>(ask('GET', `/imports?fingerprint=${fingerprint}&limit=5`));
  return found.ok ? found.value.items : [];
};

export const check = (plan: ImportPlan, sourceId: string | null, rows: readonly ImportRow[]): Promise<Got<Checked>> =>
  got(ask('POST', '/imports/check', { plan, sourceId, rows }));

export type Beginning = {
  readonly fileName: string;
  readonly fingerprint: string;
  readonly rowsTotal: number;
  readonly plan: ImportPlan;
  readonly sourceId: string | null;
};
export const begin = (given: Beginning): Promise<Got<Listed>> => got(ask('POST', '/imports', given));
