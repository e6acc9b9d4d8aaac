import type { Miniflare } from 'miniflare';
import type { ImportColumns, ImportPlan } from '../../schema/imports/plan.ts';
import { rowsToSend } from '../../widgets/dashboard/import/rows.ts';
import { type Ask, type Ended, type Hooks, type Progress, sendRows } from '../../widgets/dashboard/import/send.ts';
import { readTable } from '../../widgets/dashboard/import/table.ts';
import { hashOf } from './fixtures.ts';
import { asAdmin } from './worker.ts';

/** Brings files in as the page does, by its own code. */
export const planOf = (plan: Partial<ImportPlan> & { columns: ImportColumns }): ImportPlan => ({
  kind: 'orders',
  header: [],
  dayOrder: null,
  zone: 'UTC',
  decimal: '.',
  currency: 'EUR',
  country: null,
  contact: null,
  channel: null,
  ...plan,
});

/** Asks the API of a worker of this process. */
export const askOf =
  (worker: Pick<Miniflare, 'dispatchFetch'>): Ask =>
  async (method, path, body) => {
    const response = await worker.dispatchFetch(`http://rapport.test/api/v1${path}`, {
      method,
      headers: { ...asAdmin, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, retryAfter: response.headers.get('retry-after'), body: JSON.parse(text) };
  };

const HOOKS: Hooks = {
  tell: () => undefined,
  tellWait: () => undefined,
  isStopped: () => false,
  pause: () => new Promise((resolve) => setTimeout(resolve, 20)),
};

export type File = {
  readonly name?: string;
  readonly text: string;
  readonly delimiter?: string;
  readonly hasHeader?: boolean;
  readonly sourceId?: string;
};

/** Imports a whole file. Throws when it could not be begun. */
export async function importFile(
  ask: Ask,
  { name = 'file.csv', text, delimiter = ',', hasHeader = true, sourceId }: File,
  plan: ImportPlan,
  hooks: Partial<Hooks> = {},
): Promise<Ended> {
  const bytes = new TextEncoder().encode(text);
  const { rows, fault } = await readTable(bytes, 'utf-8', delimiter);
  if (fault) throw new Error(fault);
  const table = hasHeader ? rows.slice(1) : rows;
  const header = hasHeader ? [...(rows[0]?.cells ?? [])] : [];
  const begun = await ask('POST', '/imports', {
    fileName: name,
    fingerprint: hashOf(bytes),
    rowsTotal: table.length,
    plan: { ...plan, header },
    ...(sourceId !== undefined && { sourceId }),
  });
  if (begun.status !== 201) throw new Error(`${begun.status} ${JSON.stringify(begun.body)}`);
  return sendRows(ask, begun.body as Progress, await rowsToSend(plan, table), { ...HOOKS, ...hooks });
}
