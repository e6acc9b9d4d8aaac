import { afterAll, describe, expect, it } from 'vitest';
import {
  type ConsentChannel,
  type ConsentInput,
  PURPOSES,
  type Purpose,
  type SuppressionInput,
} from '../../schema/consent.ts';
import type { TouchpointInput } from '../../schema/touchpoint.ts';
import { append } from '../../worker/record/append.ts';
import { mayContact } from '../../worker/record/consent/may-contact.ts';
import { listCustomers } from '../../worker/record/customers.ts';
import { writeEdits } from '../../worker/record/edits.ts';
import { joinOrganisation, leaveGroup, liveTogether } from '../../worker/record/groups/membership.ts';
import { createOrganisation } from '../../worker/record/groups/organisations.ts';
import { mergeCustomers } from '../../worker/record/identity/rulings.ts';
import { checkRule } from '../../worker/record/segments/segments.ts';
import { fc, patience, runs } from '../support/chance.ts';
import { makeWorld, stillClock } from '../support/record.ts';
import { startWithSql } from '../support/sql.ts';

/** Search and rules over what staff say of people and what people agreed to. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());
const clock = stillClock();
const runtime = { db, clock } as unknown as Parameters<typeof writeEdits>[0];
const { sources } = await makeWorld(db);

let messages = 0;
async function tell(key: string, more: Partial<TouchpointInput> & Pick<TouchpointInput, 'person'>): Promise<string> {
  const touchpoint: TouchpointInput = {
    messageId: `said-${messages++}`,
    kind: 'customer_updated',
    channel: 'shop',
    direction: 'in',
    initiator: 'customer',
    occurredAt: clock.now() - 1000,
    ...more,
  };
  await append(db, clock, { sourceId: sources.shop, touchpoints: [touchpoint] });
  const row = await db
    .prepare(
      'SELECT c.public_id AS id FROM fragment f JOIN customer c ON c.id = f.customer_id WHERE f.key = ?1 AND f.source_id = ?2',
    )
    .bind(key, sources.shop)
    .first<{ id: string }>();
  return row?.id ?? '';
}
const person = (key: string, profile: object = {}) => ({
  key,
  identifiers: [{ kind: 'customer', value: key, assurance: 'asserted' as const }],
  profile,
});
const byStaff = { actor: 'staff', reason: null };
const say = (id: string, words: Record<string, string>) =>
  writeEdits(
    runtime,
    id,
    Object.entries(words).map(([field, value]) => ({ field, value })),
    byStaff,
  );

/** Names of those whom a rule takes in, or a search finds. */
async function found(asked: { readonly rule: string } | { readonly q: string }): Promise<(string | null)[]> {
  const checked = 'rule' in asked ? checkRule(asked.rule, []) : null;
  if (checked && !checked.ok) throw new Error(checked.errors[0]?.message);
  const filter =
    'q' in asked ? { q: asked.q } : checked?.ok ? { among: { rule: checked.expanded, now: clock.now() } } : {};
  const page = await listCustomers(db, { ...filter, limit: 20 });
  return (page?.items ?? []).map(({ displayName }) => displayName).sort();
}

describe('what staff say', async () => {
  const ann = await tell('ann', {
    person: person('ann', { name: 'Ann Berg', city: 'Göteborg', company: 'Berg AB', country: 'SE' }),
  });
  const bo = await tell('bo', {
    person: person('bo', { name: 'Bo Lind', city: 'Пловдив', country: 'BG' }),
    text: 'The SPOUT is chipped',
  });
  const cy = await tell('cy', { person: person('cy', { name: 'Cy' }) });
  await db.prepare("INSERT INTO staff_member (public_id, name) VALUES ('m-1', 'Petra Holm')").run();
  await say(ann, { 'tag:vip': '1', 'tag:press': '1', 'x:size': '42', owner: 'm-1', 'occasion:birthday': '1980-02-08' });
  await say(bo, { 'tag:vip': '1', 'x:size': '9', party: 'partner', country: 'RO', relationship: 'long_term' });
  const acme = await createOrganisation(runtime, { ok: true, name: 'Acme GmbH', domain: null });
  for (const id of [ann, bo, cy]) await joinOrganisation(runtime, acme, id, null, byStaff);
  await leaveGroup(runtime, 'organisation', acme, bo, byStaff);
  await liveTogether(runtime, bo, cy, byStaff);
  // Somebody may take back what was said; then sources speak again.
  await writeEdits(runtime, bo, [{ field: 'tag:vip', value: null }], byStaff);

  it.each([
    ['tag vip', ['Ann Berg']],
    ['not tag VIP', ['Bo Lind', 'Cy']],
    ['tag in (vip, press)', ['Ann Berg']],
    ['owner = "petra holm"', ['Ann Berg']],
    ['owner unknown', ['Bo Lind', 'Cy']],
    ['party = partner', ['Bo Lind']],
    ['country = RO', ['Bo Lind']],
    ['country = BG', []],
    ['x.size > 10', ['Ann Berg']],
    ['x.size in (9, 10)', ['Bo Lind']],
    ['x.size unknown', ['Cy']],
    ['occasion birthday within 7 days', ['Ann Berg']],
    ['occasion birthday within 1 day', []],
    ['occasion birthday on 2026-02-08', ['Ann Berg']],
    ['organisation "acme gmbh"', ['Ann Berg', 'Cy']],
    ['organisation known and not organisation Other', ['Ann Berg', 'Cy']],
    ['in a household', ['Bo Lind', 'Cy']],
    ['wrote "spout"', ['Bo Lind']],
    ['wrote "spout" before 3 days', []],
  ])('is asked by the rule %s', async (rule, names) => {
    expect(await found({ rule })).toEqual(names);
  });

  it.each([
    ['göteborg', 'Ann Berg'],
    ['плов', 'Bo Lind'],
    ['berg ab', 'Ann Berg'],
    ['press', 'Ann Berg'],
    ['lind плов', 'Bo Lind'],
  ])('and where they live is found by the words %s', async (q, name) => {
    expect(await found({ q })).toEqual([name]);
  });

  it('is not found any more once it is taken back', async () => {
    expect(await found({ q: 'vip' })).toEqual(['Ann Berg']);
  });
});

describe('who may be contacted', () => {
  const consent = fc.record<ConsentInput>({
    purpose: fc.constantFrom('marketing', 'marketing', 'service', 'research'),
    channel: fc.constantFrom('email', 'sms', 'letter'),
    state: fc.constantFrom('granted', 'granted', 'denied', 'none'),
    at: fc.integer({ min: 1, max: 4 }).map((day) => clock.now() - day * 24 * 3600 * 1000),
  });
  const suppression = fc.record<SuppressionInput>({
    channel: fc.constantFrom('email', 'sms'),
    reason: fc.constantFrom('bounce', 'stop_word'),
    isLifted: fc.boolean(),
  });
  const word = fc.record({
    who: fc.nat(3),
    assurance: fc.constantFrom('claimed' as const, 'asserted' as const),
    hasPhone: fc.boolean(),
    isShared: fc.boolean(),
    consents: fc.array(consent, { maxLength: 3 }),
    suppressions: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      fc.array(suppression, { minLength: 1, maxLength: 1 }),
    ),
  });
  const RULES = [
    ['may email for', 'email'],
    ['may text for', 'sms'],
    ['may write for', 'letter'],
  ] as const;

  type Word = typeof word extends fc.Arbitrary<infer T> ? T : never;

  /** Lets a shop tell of some people; gives their public ids. */
  async function tellAll(name: string, words: readonly Word[]): Promise<readonly string[]> {
    const ids = new Set<string>();
    for (const { who, assurance, hasPhone, isShared, consents, suppressions } of words) {
      const key = `${name}-${who}`;
      const phone = `+4812${key.replaceAll(/\D/g, '').padStart(7, '0')}`;
      const identifiers = [
        { kind: 'email', value: `${key}@agreed.example`, assurance },
        ...(hasPhone ? [{ kind: 'phone', value: phone, assurance }] : []),
        // Two customers of one shop stay two, though they have an address in common.
        { kind: 'customer', value: key, assurance },
        ...(isShared ? [{ kind: 'email', value: `${name}@shared.example`, assurance }] : []),
      ];
      ids.add(await tell(key, { person: { key, identifiers }, consents, suppressions }));
    }
    return [...ids];
  }

  async function compare(field: string, channel: ConsentChannel, purpose: Purpose, ids: readonly string[]) {
    const checked = checkRule(`${field} ${purpose}`, []);
    if (!checked.ok) throw new Error('no rule');
    const page = await listCustomers(db, { among: { rule: checked.expanded, now: clock.now() }, limit: 1000 });
    const found = new Set(page?.items.map(({ id }) => id));
    const people = await db
      .prepare(
        'SELECT id, public_id FROM customer WHERE is_current = 1 AND public_id IN (SELECT value FROM json_each(?1))',
      )
      .bind(JSON.stringify(ids))
      .all<{ id: number; public_id: string }>();
    for (const { id, public_id } of people.results) {
      const may = await mayContact(db, id, { purpose, channel });
      expect(found.has(public_id), `${field} ${purpose}`).toBe(may.ok);
    }
  }

  it(
    'is the same by a rule as at the moment of sending',
    async () => {
      let world = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(word, { minLength: 3, maxLength: 8 }), fc.boolean(), async (words, isJoined) => {
          const ids = await tellAll(`w${world++}`, words);
          const [one = '', other = ''] = ids;
          if (isJoined && other) await mergeCustomers(runtime, one, other, { reason: 'the same' });
          for (const [field, channel] of RULES)
            for (const purpose of PURPOSES) await compare(field, channel, purpose, ids);
        }),
        { numRuns: runs(12) },
      );
    },
    patience(240_000),
  );
});
