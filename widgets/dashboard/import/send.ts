import type { ImportRow } from '../../../schema/imports/plan.ts';
import { requestsOf } from './rows.ts';

/** Brings rows to the worker, one request after the other, until all are taken or somebody stops it. */
export type Progress = {
  readonly id: string;
  readonly rowsTotal: number;
  readonly rowsDone: number;
  readonly rowsNew: number;
  readonly rowsKnown: number;
  readonly rowsRefused: number;
};
export type Asked = { readonly status: number; readonly retryAfter: string | null; readonly body: unknown };
/** Asks the API; throws when nothing answers. */
export type Ask = (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<Asked>;

export type Ended =
  | { readonly end: 'finished' | 'stopped'; readonly progress: Progress }
  | { readonly end: 'failed'; readonly progress: Progress; readonly message: string };

export type Hooks = {
  readonly tell: (progress: Progress) => void;
  /** The worker cannot be reached or is busy; it is asked again after so long. */
  readonly tellWait: (ms: number) => void;
  readonly isStopped: () => boolean;
  readonly pause: (ms: number) => Promise<void>;
};

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

/** How long to wait before an attempt: what the worker says, else twice as long each time; a part of it by chance. */
const waitOf = (attempt: number, retryAfter: string | null): number => {
  const said = Number(retryAfter ?? Number.NaN) * 1000;
  const own = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return (said > 0 ? Math.min(said, 10 * LONGEST_WAIT_MS) : own) * (0.75 + Math.random() / 2);
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** What a problem document says. */
export const problemWords = ({ status, body }: Asked): string => {
  if (status === 401) return 'You are signed out. Sign in again in another tab, then go on here.';
  const { title, detail, errors } = isObject(body) ? body : {};
  const [first] = Array.isArray(errors) ? errors : [];
  const fault = isObject(first) ? ` (${String(first.path)} ${String(first.message)})` : '';
  return `${String(title ?? `The answer was ${status}`)}. ${String(detail ?? '')}${fault}`.trim();
};

const progressOf = (body: unknown): Progress => body as Progress;

/** Asks until something other than trouble is answered; null when stopped meanwhile. */
async function insist(ask: () => Promise<Asked>, hooks: Hooks): Promise<Asked | null> {
  for (let attempt = 0; !hooks.isStopped(); attempt++) {
    const asked = await ask().catch(() => null);
    if (asked && asked.status < 500 && asked.status !== 429) return asked;
    const wait = waitOf(attempt, asked?.retryAfter ?? null);
    hooks.tellWait(wait);
    await hooks.pause(wait);
  }
  return null;
}

/** Sends what an import still lacks. Any request may be lost or repeated: the worker knows which row is next. */
export async function sendRows(
  ask: Ask,
  begun: Progress,
  groups: readonly (readonly ImportRow[])[],
  hooks: Hooks,
): Promise<Ended> {
  let progress = begun;
  let requests = requestsOf(groups, progress.rowsDone);
  let isAsking = false;
  while (progress.rowsDone < progress.rowsTotal) {
    const next = requests.next();
    const rows = next.done ? [] : next.value;
    const path = `/imports/${progress.id}`;
    const from = progress.rowsDone;
    const asked = await insist(
      () => (isAsking || rows.length === 0 ? ask('GET', path) : ask('POST', `${path}/rows`, { from, rows })),
      hooks,
    );
    if (!asked) return { end: 'stopped', progress };
    if (asked.status === 409 && !isAsking) {
      // Another tab brought some of it; where it stands now is where to go on.
      isAsking = true;
      requests = requestsOf(groups, from);
      continue;
    }
    if (asked.status >= 400) return { end: 'failed', progress, message: problemWords(asked) };
    const after = progressOf(asked.body);
    if (isAsking || after.rowsDone !== from + rows.length) requests = requestsOf(groups, after.rowsDone);
    if (!isAsking && after.rowsDone <= from) return { end: 'failed', progress, message: 'The import did not move on.' };
    isAsking = false;
    progress = after;
    hooks.tell(progress);
  }
  return { end: 'finished', progress };
}
