import { describe, expect, it } from 'vitest';
import { DatabaseBusy, isDatabaseTrouble, withRetry } from '../../worker/platform/database.ts';

/** Messages as D1 documents them: developers.cloudflare.com/d1/observability/debug-d1. */
const TRANSIENT = [
  'D1_ERROR: Network connection lost.',
  'D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.',
  'D1_ERROR: Internal error in D1 DB storage caused object to be reset.',
  'D1_ERROR: D1 DB reset because its code was updated.',
  'D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.',
  "D1_ERROR: Can't read from request stream because client disconnected.",
  'D1_ERROR: database is locked: SQLITE_BUSY',
];
const OVERLOADED = [
  'D1_ERROR: D1 DB is overloaded. Too many requests queued.',
  'D1_ERROR: D1 DB is overloaded. Requests queued for too long.',
  'D1_ERROR: D1 DB exceeded its memory limit and was reset.',
  'D1_ERROR: D1 DB exceeded its CPU time limit and was reset.',
];

/** Fails with each message in turn, then succeeds; counts how often it was asked. */
function failing(messages: readonly string[]) {
  let asked = 0;
  return {
    get asked() {
      return asked;
    },
    work: async () => {
      const message = messages[asked++];
      if (message !== undefined) throw new Error(message);
      return 'done';
    },
  };
}

describe('work on the database', () => {
  it.each(TRANSIENT.filter((message) => !message.includes('exceeded timeout')))(
    'is tried again after "%s"',
    async (message) => {
      const database = failing([message, message]);
      await expect(withRetry(database.work)).resolves.toBe('done');
      expect(database.asked).toBe(3);
    },
  );

  it.each(OVERLOADED)('is not pressed after "%s"', async (message) => {
    const database = failing([message]);
    await expect(withRetry(database.work)).rejects.toThrow(DatabaseBusy);
    expect(database.asked).toBe(1);
  });

  it('is given up as busy when the fault stays', async () => {
    const database = failing(Array(20).fill('Network connection lost.'));
    await expect(withRetry(database.work)).rejects.toThrow(DatabaseBusy);
    expect(database.asked).toBeLessThanOrEqual(5);
  });

  it('keeps the cause of the trouble for the log', async () => {
    const busy = await withRetry(failing(Array(9).fill('Network connection lost.')).work).catch((error) => error);
    expect(busy.cause.message).toBe('Network connection lost.');
  });

  it('is not repeated after a mistake of ours', async () => {
    const database = failing(['D1_ERROR: no such column: custmer: SQLITE_ERROR']);
    await expect(withRetry(database.work)).rejects.toThrow('no such column');
    expect(database.asked).toBe(1);
  });

  it('may name a fault of its own that a new attempt mends', async () => {
    const taken = 'D1_ERROR: UNIQUE constraint failed: delivery.id: SQLITE_CONSTRAINT';
    await expect(withRetry(failing([taken]).work, ['UNIQUE constraint failed: delivery.id'])).resolves.toBe('done');
    await expect(withRetry(failing([taken]).work)).rejects.toThrow('UNIQUE');
  });

  it('knows trouble of the database from trouble of the question', () => {
    for (const message of [...TRANSIENT, ...OVERLOADED]) expect(isDatabaseTrouble(new Error(message))).toBe(true);
    expect(isDatabaseTrouble(new Error('UNIQUE constraint failed: customer.public_id'))).toBe(false);
    expect(isDatabaseTrouble('Network connection lost')).toBe(false);
  });
});
