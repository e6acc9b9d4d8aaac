/** What the server said to a message: the status, and how long it wants us to wait. */
export type Reply = { readonly status: number; readonly waitSeconds: number };
export type Outcome = 'sent' | 'waiting' | 'refused';

export type OutboxDeps = {
  /** Storage of the browser, or null when there is none; names in it start with `prefix`. */
  readonly storage: Storage | null;
  readonly prefix: string;
  /** Rejects when the network failed. */
  post(body: string): Promise<Reply>;
  schedule(run: () => void, delayMs: number): void;
  onOutcome(outcome: Outcome, status: number): void;
};

const LONGEST_DELAY_SECONDS = 300;

/** 1, 2, 4, 8 ... seconds, but never before the server's own wish. */
export const retryDelayMs = (failures: number, waitSeconds: number): number =>
  1000 * Math.min(Math.max(2 ** (failures - 1), waitSeconds), LONGEST_DELAY_SECONDS);

/**
 * Messages on their way. Each stays in storage under a name of its own (two tabs never overwrite each other) until the
 * server took or refused it, so that it survives a lost connection and a closed page. It may be sent more than once; the
 * ids in it make the server record it once.
 */
export function createOutbox({ storage, prefix, post, schedule, onOutcome }: OutboxDeps) {
  const pending = new Map<string, string>();
  let isBusy = false;
  let failures = 0;

  /** Answers whether to go on with the next message. */
  async function send(name: string, body: string): Promise<boolean> {
    const { status, waitSeconds } = await post(body).catch(() => ({ status: 0, waitSeconds: 0 }));
    if (status === 0 || status === 429 || status >= 500) {
      failures += 1;
      schedule(flush, retryDelayMs(failures, waitSeconds));
      onOutcome('waiting', status);
      return false;
    }
    failures = 0;
    pending.delete(name);
    storage?.removeItem(name);
    onOutcome(status < 300 ? 'sent' : 'refused', status);
    return true;
  }

  /** Sends all that waits, also what an earlier page left. */
  async function flush(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    for (const name of Object.keys(storage ?? {}))
      if (name.startsWith(prefix)) pending.set(name, storage?.getItem(name) ?? '');
    for (const [name, body] of pending) if (!(await send(name, body))) break;
    isBusy = false;
  }

  function add(id: string, body: string): void {
    const name = prefix + id;
    pending.set(name, body);
    try {
      storage?.setItem(name, body);
    } catch {
      // Full: the message lives as long as the page.
    }
    flush();
  }

  return { add, flush };
}
