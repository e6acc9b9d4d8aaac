import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Need, TouchpointInput } from '../../schema/touchpoint.ts';
import { append } from '../../worker/record/append.ts';
import {
  complete,
  countIncomplete,
  listIncomplete,
  readIncomplete,
  type Supplement,
} from '../../worker/record/complete.ts';
import { readCustomer } from '../../worker/record/customer.ts';
import { stillClock } from '../support/record.ts';
import { databaseOver, startWithSql } from '../support/sql.ts';

/** Completing a stored touchpoint, by the record's own code on the real database. */
const { worker, db, run } = await startWithSql();
const clock = stillClock();
const runtime = { db, clock };
afterAll(() => worker.dispose());

let source = 0;
let count = 0;
beforeEach(async () => {
  source = await newSource();
});

async function newSource(): Promise<number> {
  const row = await db
    .prepare(
      `INSERT INTO source (public_id, kind, name, key, secrets, settings, created_at) VALUES (?1, 'standard_webhooks', 'shop', ?1, '[]', '{}', 0) RETURNING id`,
    )
    .bind(crypto.randomUUID())
    .first<{ id: number }>();
  return row?.id ?? 0;
}

const AT = Date.UTC(2026, 4, 1);
const need = (id: string): Need => ({ resource: 'order', id });

/** An order of whom nothing is known but its id, as a webhook brings it. */
const bare = (id: string, more: Partial<TouchpointInput> = {}): TouchpointInput => ({
  messageId: `m${count++}`,
  kind: 'order_placed',
  channel: 'shop',
  direction: 'in',
  initiator: 'customer',
  occurredAt: AT,
  subject: `order:${id}`,
  person: { key: `order:${id}`, identifiers: [{ kind: 'order', value: id, assurance: 'asserted' }] },
  order: { id, asOf: AT, placedAt: AT },
  needs: need(id),
  ...more,
});

const known = (id: string, total: number, more: Partial<Supplement> = {}): Supplement => ({
  person: {
    identifiers: [{ kind: 'email', value: `buyer.${source}.${id}@example.com`, assurance: 'asserted' }],
    profile: { name: 'Mara Lindqvist' },
  },
  order: { id, asOf: AT + total, total: { amountMinor: total, currency: 'EUR' } },
  value: { amountMinor: total, currency: 'EUR' },
  ...more,
});

const store = (...touchpoints: TouchpointInput[]) => append(db, clock, { sourceId: source, touchpoints });

async function lacking(messageId: string) {
  const found = await readIncomplete(db, source, messageId);
  if (!found) throw new Error('nothing is missing');
  return found;
}

const rowOf = (messageId: string) =>
  db
    .prepare(
      'SELECT value_minor, currency, text, data, fragment_id FROM touchpoint WHERE source_id = ?1 AND message_id = ?2',
    )
    .bind(source, messageId)
    .first<{
      value_minor: number | null;
      currency: string | null;
      text: string | null;
      data: string | null;
      fragment_id: number;
    }>();

/** The record of whom a touchpoint belongs to, without what depends on this run. */
async function recordOf(messageId: string) {
  const owner = await db
    .prepare(
      `SELECT r.public_id AS id FROM touchpoint t JOIN fragment f ON f.id = t.fragment_id JOIN customer r ON r.id = f.customer_id
       WHERE t.source_id = ?1 AND t.message_id = ?2`,
    )
    .bind(source, messageId)
    .first<{ id: string }>();
  const record = await readCustomer(db, owner?.id ?? '', { limit: 50, offset: 0 });
  if (!record) throw new Error('a customer has no record');
  return record;
}
const factsOf = async (messageId: string) => {
  const { displayName, stats, orders, identifiers, timeline } = await recordOf(messageId);
  return {
    displayName,
    revenue: stats.revenue,
    orders: orders.map(({ total, number }) => [total, number]),
    identifiers: identifiers.map(({ kind, value, assurance }) => [kind, value, assurance]).sort(),
    touchpoints: timeline.length,
  };
};

describe('a touchpoint that is completed', () => {
  it('gives its customer a name, an address and an order, and lacks nothing any more', async () => {
    const touchpoint = bare('1');
    await store(touchpoint);
    expect(await factsOf(touchpoint.messageId)).toMatchObject({ displayName: null, revenue: [] });
    await complete(runtime, await lacking(touchpoint.messageId), known('1', 4850));
    expect(await factsOf(touchpoint.messageId)).toEqual({
      displayName: 'Mara Lindqvist',
      revenue: [{ amountMinor: 4850, currency: 'EUR' }],
      orders: [[{ amountMinor: 4850, currency: 'EUR' }, null]],
      identifiers: [
        ['email', `buyer.${source}.1@example.com`, 'asserted'],
        ['order', '1', 'asserted'],
      ],
      touchpoints: 1,
    });
    expect(await readIncomplete(db, source, touchpoint.messageId)).toBeNull();
    expect((await rowOf(touchpoint.messageId))?.data).toBeNull();
  });

  it('is the same after a second time', async () => {
    const touchpoint = bare('2');
    await store(touchpoint);
    const target = await lacking(touchpoint.messageId);
    await complete(runtime, target, known('2', 1200));
    const first = [await factsOf(touchpoint.messageId), await rowOf(touchpoint.messageId)];
    await complete(runtime, target, known('2', 1200));
    expect([await factsOf(touchpoint.messageId), await rowOf(touchpoint.messageId)]).toEqual(first);
  });

  it('joins the record that has its address already, also when that came from another source', async () => {
    const elsewhere = await newSource();
    const email = `buyer.${source}.3@example.com`;
    const identifiers = [{ kind: 'email', value: email, assurance: 'asserted' } as const];
    const { needs: _needs, order: _order, ...letter } = bare('x', { person: { key: `email:${email}`, identifiers } });
    await append(db, clock, { sourceId: elsewhere, touchpoints: [letter] });
    const touchpoint = bare('3');
    await store(touchpoint);
    await complete(runtime, await lacking(touchpoint.messageId), known('3', 700));
    expect(await factsOf(touchpoint.messageId)).toMatchObject({ touchpoints: 2, displayName: 'Mara Lindqvist' });
  });

  it('keeps what it came with: only what is empty is filled', async () => {
    const touchpoint = bare('4', {
      value: { amountMinor: 100, currency: 'USD' },
      text: 'As it was written',
      data: { externalId: '4', status: 'open' },
    });
    await store(touchpoint);
    const told = { text: 'Another text', data: { status: 'closed', note: 'new', incomplete: 'never' } };
    await complete(runtime, await lacking(touchpoint.messageId), known('4', 4850, told));
    const row = await rowOf(touchpoint.messageId);
    expect([row?.value_minor, row?.currency, row?.text]).toEqual([100, 'USD', 'As it was written']);
    expect(JSON.parse(row?.data ?? '')).toEqual({ externalId: '4', status: 'open', note: 'new' });
  });

  it('takes a text and a value where it had none', async () => {
    const touchpoint = bare('5');
    await store(touchpoint);
    await complete(runtime, await lacking(touchpoint.messageId), known('5', 300, { text: 'Please wrap it' }));
    const row = await rowOf(touchpoint.messageId);
    expect([row?.value_minor, row?.currency, row?.text]).toEqual([300, 'EUR', 'Please wrap it']);
  });

  it('stands as it is when a step in between fails, and completes when it is tried again', async () => {
    const touchpoint = bare('6');
    await store(touchpoint);
    const target = await lacking(touchpoint.messageId);
    const before = [await factsOf(touchpoint.messageId), await rowOf(touchpoint.messageId)];
    const broken = databaseOver((statements) =>
      statements.length > 1 ? Promise.reject(new Error('the process ended')) : run(statements),
    );
    await expect(complete({ db: broken, clock }, target, known('6', 900))).rejects.toThrow('the process ended');
    expect([await factsOf(touchpoint.messageId), await rowOf(touchpoint.messageId)]).toEqual(before);
    await complete(runtime, target, known('6', 900));
    expect(await factsOf(touchpoint.messageId)).toMatchObject({ revenue: [{ amountMinor: 900, currency: 'EUR' }] });
  });

  it('is placed by cron when the process ends after it was written', async () => {
    const touchpoint = bare('7');
    await store(touchpoint);
    let batches = 0;
    // The batch is written; nothing that follows it comes through.
    const dying = databaseOver((statements) => {
      if (batches > 0) return Promise.reject(new Error('the process ended'));
      if (statements.length > 1) batches++;
      return run(statements);
    });
    await complete({ db: dying, clock }, await lacking(touchpoint.messageId), known('7', 800));
    expect(await readIncomplete(db, source, touchpoint.messageId)).toBeNull();
    const { settleOverdue } = await import('../../worker/record/identity/settle.ts');
    await settleOverdue(db, { ...clock, now: () => clock.now() + 3_600_000 });
    expect(await factsOf(touchpoint.messageId)).toMatchObject({ displayName: 'Mara Lindqvist' });
  });

  it('is the same whichever of two answers comes first', async () => {
    const outcomes = [];
    for (const isReversed of [false, true]) {
      source = await newSource();
      const told = ['Mara Old', 'Mara New'].map((name, index) => {
        const answer = known('8', 500 + 400 * index);
        return {
          ...answer,
          person: { identifiers: answer.person?.identifiers ?? [], profile: { name } },
          profileAsOf: AT + index,
        };
      });
      const order = isReversed ? told.reverse() : told;
      const pair = [bare('8'), bare('8', { kind: 'order_updated', occurredAt: AT + 60_000 })];
      await store(...pair);
      for (const [index, one] of order.entries()) {
        const messageId = pair[index]?.messageId ?? '';
        await complete(runtime, await lacking(messageId), one);
      }
      const { displayName, revenue } = await factsOf(pair[0]?.messageId ?? '');
      outcomes.push({ displayName, revenue });
    }
    const expected = { displayName: 'Mara New', revenue: [{ amountMinor: 900, currency: 'EUR' }] };
    expect(outcomes).toEqual([expected, expected]);
  });

  it('does nothing when the touchpoint has been erased in the meantime', async () => {
    await expect(
      complete(
        runtime,
        { seq: 10 ** 9, sourceId: source, messageId: 'x', need: need('9'), kind: 'x', occurredAt: AT },
        known('9', 1),
      ),
    ).resolves.toBeUndefined();
    expect(await db.prepare("SELECT count(*) AS n FROM orders WHERE external_id = '9'").first()).toEqual({ n: 0 });
  });
});

describe('what still lacks something', () => {
  it('is counted and listed by source, without what is complete', async () => {
    const { needs: _needs, ...whole } = bare('20');
    const touchpoints = [bare('21'), whole, bare('22')];
    await store(...touchpoints);
    expect(await countIncomplete(db, source)).toBe(2);
    const { found, after } = await listIncomplete(db, source, '');
    expect([found.map((one) => one.need.id).sort(), after]).toEqual([['21', '22'], null]);
    await complete(runtime, await lacking(touchpoints[0]?.messageId ?? ''), known('21', 1));
    expect(await countIncomplete(db, source)).toBe(1);
  });

  it('is walked in parts that leave nobody out', async () => {
    const many = Array.from({ length: 2500 }, (_, index) => bare(`p${index}`));
    for (let from = 0; from < many.length; from += 500) await store(...many.slice(from, from + 500));
    const seen: string[] = [];
    let after: string | null = '';
    for (let part = 0; after !== null && part < 10; part++) {
      const walked: Awaited<ReturnType<typeof listIncomplete>> = await listIncomplete(db, source, after);
      seen.push(...walked.found.map(({ messageId }) => messageId));
      after = walked.after;
    }
    expect(new Set(seen).size).toBe(2500);
    expect(seen).toHaveLength(2500);
  });
});
