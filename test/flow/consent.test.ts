import { afterAll, describe, expect, it } from 'vitest';
import { type ConsentInput, everythingRefused, type SuppressionInput } from '../../schema/consent.ts';
import type { IdentifierInput } from '../../schema/customer.ts';
import { append } from '../../worker/record/append.ts';
import { readConsent, recordConsents } from '../../worker/record/consent/ledger.ts';
import { type Contact, mayContact, whyNot } from '../../worker/record/consent/may-contact.ts';
import type { Standing } from '../../worker/record/consent/standing.ts';
import { eraseCustomer } from '../../worker/record/erasure/erase.ts';
import { mergeCustomers, revokeDecision } from '../../worker/record/identity/rulings.ts';
import { fc, patience, runs } from '../support/chance.ts';
import { stillClock } from '../support/record.ts';
import { startWithSql } from '../support/sql.ts';

/** The ledger of what people agreed to and refused: what stands, who may say it, and what follows for sending. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());
const clock = stillClock();
const runtime = { db, clock };
const DAY = 24 * 3600 * 1000;
const day = (n: number): number => clock.now() - (300 - n) * DAY;

let made = 0;
const makeSource = async (): Promise<number> => {
  const row = await db
    .prepare(
      `INSERT INTO source (public_id, kind, name, key, secrets, settings, created_at) VALUES (?1, 'standard_webhooks', 'S', ?1, '[]', '{}', 0) RETURNING id`,
    )
    .bind(`consent-${made++}`)
    .first<{ id: number }>();
  return row?.id ?? 0;
};
const shop = await makeSource();
const mailer = await makeSource();
const forms = await makeSource();

type Person = { readonly publicId: string; readonly key: number };
type Word = {
  readonly source?: number;
  readonly key: string;
  readonly ids?: readonly IdentifierInput[];
  readonly consents?: readonly ConsentInput[];
  readonly suppressions?: readonly SuppressionInput[];
  readonly at?: number;
};
let messages = 0;
/** Lets a source tell something of somebody; gives their record. */
async function tell({
  source = shop,
  key,
  ids = [{ kind: 'customer', value: key, assurance: 'asserted' }],
  consents = [],
  suppressions = [],
  at = day(1),
}: Word): Promise<Person> {
  await append(db, clock, {
    sourceId: source,
    touchpoints: [
      {
        messageId: `consent-${messages++}`,
        kind: 'customer_updated',
        channel: 'shop',
        direction: 'in',
        initiator: 'customer',
        occurredAt: at,
        person: { key, identifiers: ids },
        consents,
        suppressions,
      },
    ],
  });
  const row = await db
    .prepare(
      'SELECT r.public_id AS publicId, r.id AS key FROM fragment f JOIN customer r ON r.id = f.customer_id WHERE f.source_id = ?1 AND f.key = ?2',
    )
    .bind(source, key)
    .first<Person>();
  if (!row) throw new Error('nobody was written');
  return row;
}
const email = (value: string, assurance: IdentifierInput['assurance'] = 'asserted'): IdentifierInput => ({
  kind: 'email',
  value,
  assurance,
});
const marketing = (state: ConsentInput['state'], at?: number): ConsentInput => ({
  purpose: 'marketing',
  channel: 'email',
  state,
  ...(at !== undefined && { at }),
});
const may = async (person: Person, contact: Contact): Promise<string> => {
  const answer = await mayContact(db, person.key, contact);
  return answer.ok ? 'yes' : whyNot(answer.why);
};
const OFFER = { purpose: 'marketing', channel: 'email' } as const;
const standing = async ({ key }: Person, at?: number) =>
  (await readConsent(db, key, at)).map(({ purpose, channel, state }) => `${purpose} ${channel} ${state}`);

describe('what stands', () => {
  it('is what a source said last, in whatever order it arrived', async () => {
    const ann = await tell({ key: 'customer:a1', consents: [marketing('denied', day(5))] });
    await tell({ key: 'customer:a1', consents: [marketing('granted', day(3))] });
    expect(await standing(ann)).toEqual(['marketing email denied']);
    await tell({ key: 'customer:a1', consents: [marketing('granted', day(7))] });
    expect(await standing(ann)).toEqual(['marketing email granted']);
  });

  it('was another thing on an earlier day', async () => {
    const ann = await tell({ key: 'customer:a2', consents: [marketing('granted', day(3))] });
    await tell({ key: 'customer:a2', consents: [marketing('denied', day(9))] });
    expect(await standing(ann, day(2))).toEqual([]);
    expect(await standing(ann, day(4))).toEqual(['marketing email granted']);
    expect(await standing(ann, day(9))).toEqual(['marketing email denied']);
  });

  it('is never of the future: a fast clock cannot keep a refusal from being heard', async () => {
    const ann = await tell({ key: 'customer:a3', consents: [marketing('granted', clock.now() + 900 * DAY)] });
    await recordConsents(runtime, ann.publicId, { consents: [marketing('denied')], basis: 'preference_centre' });
    expect(await standing(ann)).toEqual(['marketing email denied']);
  });

  it('is the refusal where one part of a record agrees and another refuses', async () => {
    await tell({ key: 'customer:a4', ids: [email('a4@x.example')], consents: [marketing('granted', day(9))] });
    const ann = await tell({
      source: mailer,
      key: 'email:a4@x.example',
      ids: [email('a4@x.example')],
      consents: [{ ...marketing('denied', day(2)), basis: 'unsubscribe' }],
    });
    expect(await standing(ann)).toEqual(['marketing email denied']);
    expect(await may(ann, OFFER)).toMatch(/^they refused by unsubscribing on \d{4}-\d\d-\d\d$/);
  });

  it('is written once though it is told with every order', async () => {
    const ann = await tell({ key: 'customer:a5', consents: [marketing('granted', day(3))] });
    await tell({ key: 'customer:a5', consents: [marketing('granted', day(3))], at: day(4) });
    const rows = await db.prepare('SELECT count(*) AS n FROM consent WHERE fragment_id = ?1').bind(ann.key).first();
    expect(rows).toEqual({ n: 1 });
  });
});

describe('who may say it', () => {
  it('is no stranger: what claims an address speaks for its own record only', async () => {
    const ann = await tell({ key: 'customer:b1', ids: [email('b1@x.example')], consents: [marketing('denied')] });
    const bob = await tell({ key: 'customer:b2', ids: [email('b2@x.example')], consents: [marketing('granted')] });
    await tell({
      source: forms,
      key: 'email:b1@x.example',
      ids: [email('b1@x.example', 'claimed')],
      consents: [{ ...marketing('granted', day(200)), basis: 'form' }],
    });
    await tell({
      source: forms,
      key: 'email:b2@x.example',
      ids: [email('b2@x.example', 'claimed')],
      consents: [{ ...marketing('denied', day(200)), basis: 'form' }],
    });
    expect(await standing(ann)).toEqual(['marketing email denied']);
    expect(await standing(bob)).toEqual(['marketing email granted']);
    expect(await may(bob, { ...OFFER, address: 'b2@x.example' })).toBe('yes');
  });

  it('is heard before any claim within one part of a record', async () => {
    const ann = await tell({
      key: 'customer:b3',
      ids: [email('b3@x.example')],
      consents: [marketing('denied', day(1))],
    });
    await tell({
      key: 'customer:b3',
      ids: [email('b3@x.example', 'claimed')],
      consents: [marketing('granted', day(9))],
    });
    expect(await standing(ann)).toEqual(['marketing email denied']);
  });

  /** What somebody typed into a form, beside an address that is anybody's to type. */
  const typed = (address: string, ...consents: readonly ConsentInput[]): Promise<Person> =>
    tell({
      source: forms,
      key: `email:${address}`,
      ids: [email(address, 'claimed')],
      consents: consents.map((consent) => ({ ...consent, basis: 'form' })),
    });

  it('is nobody who ticks a box beside an address, whatever is known of it, until they confirm it themselves', async () => {
    const ann = await typed('b4@x.example', marketing('granted'));
    const letters = { purpose: 'marketing', channel: 'letter' } as const;
    await typed('b4@x.example', { ...letters, state: 'granted' });
    expect(await may(ann, OFFER)).toMatch(
      /^somebody agreed in a form on .*nothing shows it was them: send a preference link$/,
    );
    await tell({ source: forms, key: 'email:b4@x.example', ids: [email('b4@x.example', 'verified')] });
    for (const contact of [OFFER, letters, { ...OFFER, address: 'b4@x.example' }])
      expect(await may(ann, contact)).toContain('nothing shows it was them');
    await recordConsents(runtime, ann.publicId, { consents: [marketing('granted')], basis: 'preference_centre' });
    expect(await may(ann, OFFER)).toBe('yes');
    expect(await may(ann, letters)).toContain('nothing shows it was them');
  });

  it('is no stranger who is taken for them: a form joined to a record agrees to nothing there', async () => {
    const ann = await tell({ key: 'customer:b5', ids: [email('b5@x.example')] });
    const form = await typed('b5@x.example', marketing('granted'));
    await mergeCustomers(runtime, ann.publicId, form.publicId, { reason: 'the same' });
    expect(await may(ann, OFFER)).toContain('nothing shows it was them');
    await recordConsents(runtime, ann.publicId, { consents: [marketing('granted')], basis: 'staff' });
    expect(await may(ann, OFFER)).toBe('yes');
  });

  it('is not lifted by the next who types the address: a refusal in a form stays until better is heard', async () => {
    const ann = await typed('b6@x.example', marketing('denied', day(3)));
    await typed('b6@x.example', marketing('granted', day(9)), marketing('none', day(12)));
    expect(await standing(ann)).toEqual(['marketing email denied']);
    expect(await may(ann, OFFER)).toContain('they refused');
    await recordConsents(runtime, ann.publicId, { consents: [marketing('granted')], basis: 'preference_centre' });
    expect(await may(ann, OFFER)).toBe('yes');
  });

  it('is no stranger who keeps what concerns their orders from them', async () => {
    const denied = (purpose: ConsentInput['purpose']) => ({ purpose, channel: 'email', state: 'denied' }) as const;
    const ann = await typed('b7@x.example', denied('service'), denied('research'));
    expect(await may(ann, { purpose: 'service', channel: 'email' })).toBe('yes');
    expect(await may(ann, { purpose: 'research', channel: 'email' })).toContain('they refused');
    expect(await standing(ann)).toEqual(['research email denied']);
    await recordConsents(runtime, ann.publicId, { consents: [denied('service')], basis: 'staff' });
    expect(await may(ann, { purpose: 'service', channel: 'email' })).toContain('they refused');
  });

  it('is also heard of an address of theirs that another record has', async () => {
    const address = 'b8@x.example';
    const twoOfThem = (key: string, consents: readonly ConsentInput[]) =>
      tell({ key, ids: [{ kind: 'customer', value: key, assurance: 'asserted' }, email(address)], consents });
    const ann = await twoOfThem('customer:b8', [marketing('granted')]);
    const other = await twoOfThem('customer:b8-2', [marketing('denied')]);
    expect(other.key).not.toBe(ann.key);
    expect(await may(ann, { ...OFFER, address })).toContain('they refused');
    expect(await may(ann, OFFER)).toContain('they refused');
  });
});

describe('whether somebody may be contacted', () => {
  it('is no to offers until they agree, and yes to the rest until they refuse', async () => {
    const ann = await tell({ key: 'customer:c1', ids: [email('c1@x.example')] });
    expect(await may(ann, OFFER)).toBe('they have not agreed to it');
    expect(await may(ann, { purpose: 'research', channel: 'email' })).toBe('yes');
    expect(await may(ann, { purpose: 'service', channel: 'email' })).toBe('yes');
  });

  it('is no to offers and surveys on every channel after "unsubscribe from everything", and yes to what concerns an order', async () => {
    const ann = await tell({ key: 'customer:c2', ids: [email('c2@x.example')], consents: [marketing('granted')] });
    await recordConsents(runtime, ann.publicId, { consents: everythingRefused(), basis: 'unsubscribe' });
    for (const channel of ['email', 'sms', 'messenger', 'phone', 'letter', 'web'] as const)
      for (const purpose of ['marketing', 'research'] as const)
        expect(await may(ann, { purpose, channel })).toContain('by unsubscribing');
    expect(await may(ann, { purpose: 'service', channel: 'email' })).toBe('yes');
  });

  it('is no to an address that came back for good, whatever for and whoever has it', async () => {
    const ann = await tell({
      source: mailer,
      key: 'email:c3@x.example',
      ids: [email('c3@x.example')],
      suppressions: [{ channel: 'email', reason: 'bounce' }],
    });
    const other = await tell({ key: 'customer:c3', ids: [email('c3b@x.example'), email('c3@x.example', 'claimed')] });
    const reason = /^mail to this address came back for good on /;
    expect(await may(ann, { purpose: 'service', channel: 'email' })).toMatch(reason);
    expect(await may(other, { purpose: 'service', channel: 'email', address: 'C3@x.example' })).toMatch(reason);
    expect(await may(other, { purpose: 'service', channel: 'email', address: 'c3b@x.example' })).toBe('yes');
  });

  it('is not for a claim to end: nobody keeps mail from somebody by saying that it bounced', async () => {
    const ann = await tell({ key: 'customer:c4', ids: [email('c4@x.example')] });
    await tell({
      source: forms,
      key: 'visitor:c4',
      ids: [email('c4@x.example', 'claimed')],
      suppressions: [{ channel: 'email', reason: 'complaint' }],
    });
    expect(await may(ann, { purpose: 'service', channel: 'email', address: 'c4@x.example' })).toBe('yes');
  });

  it('is no to a number that said STOP until it says START', async () => {
    const ids = [{ kind: 'phone', value: '+48123000111', assurance: 'asserted' }] as const;
    const word = { source: mailer, key: 'phone:+48123000111', ids };
    const ann = await tell({ ...word, at: day(3), suppressions: [{ channel: 'sms', reason: 'stop_word' }] });
    expect(await may(ann, { purpose: 'service', channel: 'sms' })).toContain('asked for no more messages');
    expect(await may(ann, { purpose: 'service', channel: 'phone' })).toBe('yes');
    await tell({ ...word, at: day(5), suppressions: [{ channel: 'sms', reason: 'stop_word', isLifted: true }] });
    expect(await may(ann, { purpose: 'service', channel: 'sms' })).toBe('yes');
  });

  it('is no where nobody is left', async () => {
    expect(await mayContact(db, 987_654_321, OFFER)).toEqual({ ok: false, why: { rule: 'nobody' } });
  });
});

describe('the ledger', () => {
  it('is only ever added to', async () => {
    const ann = await tell({
      key: 'customer:d1',
      ids: [email('d1@x.example')],
      consents: [marketing('granted')],
      suppressions: [{ channel: 'email', reason: 'bounce' }],
    });
    for (const table of ['consent', 'suppression']) {
      const change = (sql: string) => db.prepare(`${sql} WHERE fragment_id = ?1`).bind(ann.key).run();
      await expect(change(`UPDATE ${table} SET at = 0`)).rejects.toThrow('only ever added to');
      await expect(change(`DELETE FROM ${table}`)).rejects.toThrow('only ever added to');
    }
  });

  it('lets go of the rows of somebody who is erased, and of nobody else', async () => {
    const ann = await tell({
      key: 'customer:d2',
      ids: [email('d2@x.example')],
      consents: [{ ...marketing('granted'), proof: { page: 'https://d2.example/' } }],
      suppressions: [{ channel: 'email', reason: 'bounce' }],
    });
    const bob = await tell({ key: 'customer:d3', consents: [marketing('granted')] });
    const certificate = await eraseCustomer(runtime, ann.publicId, 'person_asked');
    expect(certificate?.removed.filter(({ table }) => table === 'consent' || table === 'suppression')).toEqual([
      { table: 'consent', what: 'what they agreed to and refused', rows: 1 },
      { table: 'suppression', what: 'addresses that must not be written to', rows: 1 },
    ]);
    expect(await db.prepare("SELECT 1 FROM consent WHERE proof LIKE '%d2.example%'").first()).toBeNull();
    expect(await db.prepare("SELECT 1 FROM suppression WHERE address = 'd2@x.example'").first()).toBeNull();
    expect(await db.prepare('SELECT 1 FROM erasing').first()).toBeNull();
    expect(await standing(bob)).toEqual(['marketing email granted']);
  });
});

type Said = { readonly fragment: number; readonly consent: ConsentInput; readonly isClaim: boolean };
const said = fc.record<Said>({
  fragment: fc.nat(2),
  isClaim: fc.boolean(),
  consent: fc.record({
    purpose: fc.constantFrom('marketing', 'research'),
    channel: fc.constantFrom('email', 'sms'),
    state: fc.constantFrom('granted', 'denied'),
    at: fc.integer({ min: 1, max: 4 }).map(day),
  }),
});
const pairOf = ({ purpose, channel, state }: Standing) => ({ pair: `${purpose} ${channel}`, state });
const refuses = (pair: string) => (told: ReturnType<typeof pairOf>) => told.pair === pair && told.state === 'denied';
const settings = { numRuns: runs(40) };

describe('whatever people say', () => {
  it(
    'the order of arrival changes nothing',
    async () => {
      let world = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(said, { minLength: 1, maxLength: 6 }),
          fc.infiniteStream(fc.nat(100)),
          async (words, order) => {
            const sides: string[] = [];
            const rest = [...words];
            const shuffled = [...order.take(words.length)].flatMap((n) => rest.splice(n % rest.length, 1));
            for (const list of [words, shuffled]) {
              world++;
              const fragments = new Map<number, Person>();
              for (const { fragment, consent, isClaim } of list) {
                const id = {
                  kind: 'visit',
                  value: `${world}-${fragment}-${isClaim}`,
                  assurance: isClaim ? 'claimed' : 'asserted',
                } as const;
                fragments.set(
                  fragment,
                  await tell({ key: `world:${world}-${fragment}`, ids: [id], consents: [consent] }),
                );
              }
              const ordered = [...fragments].sort(([a], [b]) => a - b).map(([, person]) => person);
              sides.push(JSON.stringify(await Promise.all(ordered.map(({ key }) => readConsent(db, key)))));
            }
            expect(sides[1]).toBe(sides[0]);
          },
        ),
        settings,
      );
    },
    patience(240_000),
  );

  it(
    'joining two records refuses no less than either, and taking it back gives each its own',
    async () => {
      let world = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(said, { minLength: 1, maxLength: 6 }), async (words) => {
          world++;
          const pair = await Promise.all([0, 1].map((n) => tell({ key: `pair:${world}-${n}` })));
          for (const { fragment, consent } of words)
            await tell({ key: `pair:${world}-${fragment % 2}`, consents: [consent] });
          const before = await Promise.all(pair.map(({ key }) => readConsent(db, key)));
          const [one, other] = pair;
          if (!one || !other) throw new Error('two were written');
          const merged = await mergeCustomers(runtime, one.publicId, other.publicId, { reason: 'property' });
          // Which of the two ids leads is a matter of time; the other has nothing any more.
          const after = [...(await readConsent(db, one.key)), ...(await readConsent(db, other.key))].map(pairOf);
          const told = before.flat().map(pairOf);
          for (const { pair, state } of told)
            expect(after).toContainEqual({ pair, state: told.some(refuses(pair)) ? 'denied' : state });
          const isRefused = told.some(refuses('marketing email'));
          if (isRefused) expect((await mayContact(db, other.key, OFFER)).ok).toBe(false);
          if (merged.ok) await revokeDecision(runtime, Number(merged.decisionId), { reason: 'property' });
          expect(await Promise.all(pair.map(({ key }) => readConsent(db, key)))).toEqual(before);
        }),
        settings,
      );
    },
    patience(240_000),
  );
});
