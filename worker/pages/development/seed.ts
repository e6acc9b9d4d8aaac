import type { IdentifierInput } from '../../../schema/customer.ts';
import type { TouchpointInput } from '../../../schema/touchpoint.ts';
import { changeBusiness } from '../../outbox/settings.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Runtime } from '../../platform/env.ts';
import { sha256Hex, utf8 } from '../../platform/hmac.ts';
import { followLog } from '../../reactions/follow.ts';
import { append } from '../../record/append.ts';
import { logByHand } from '../../record/by-hand.ts';
import { followOrders } from '../../record/products/follow.ts';
import { createSegment } from '../../record/segments/segments.ts';
import { followStages } from '../../record/stages/follow.ts';
import { followLikeness } from '../../record/suggestions/follow.ts';
import { providerOf, type Source } from '../../sources/store.ts';
import { READY_MADE } from '../segments/ready-made.ts';
import { writeWordings } from './consent.ts';
import { type DemoSource, type DemoSources, ensureDemoSources } from './demo-sources.ts';
import { SHOP_NAME } from './goods.ts';
import { writeGroups, writeOwners } from './groups.ts';
import { answersOfBuyers, answersOfVisitors } from './history/answers.ts';
import { formMessages, type Note, notesOf, subscriptions } from './history/contacts.ts';
import { DAY, type Happening } from './history/happening.ts';
import { purchasesOf } from './history/purchases.ts';
import { allPeople, type Person } from './people.ts';
import { seededRandom } from './random.ts';
import { writeCosts, writeRates } from './rates.ts';
import { writeSaid } from './said.ts';
import { customerIdOf } from './shopify-payloads.ts';

/** Any number would do; with this one the year looks like a year. */
const SEED = 20_261;
/** What happened together is stored together; the newest deliveries one by one, with their bodies to look at. */
const MONTH_DAYS = 30;
const SINGLE_DAYS = 2;
/** Batches after which the log is followed, so that what it raises bears about the time it was raised at. */
const FOLLOWED = 6;
/** Since when somebody looks after customers. */
const OWNED_DAYS = 62;
/** Older low scores have been seen to, and older notices read. */
const SEEN_TO_DAYS = 16;

/** A clock that stands at a moment of the past: the seed writes as if it had been there. */
function clockAt(runtime: Runtime, now: number, serial: () => number): Clock {
  return { now: () => now, uuid: runtime.clock.uuid, deliveryId: () => now * 2048 + (serial() % 2048) };
}

/** All that happened in twelve months before `now`, oldest first. */
function historyOf(now: number): { readonly happenings: readonly Happening[]; readonly notes: readonly Note[] } {
  const random = seededRandom(SEED);
  const [first, ...rest] = allPeople();
  if (!first) throw new Error('the demo business has no customers');
  const people: readonly [Person, ...Person[]] = [first, ...rest];
  const { purchases, happenings } = purchasesOf(random, now, people);
  const all = [
    ...happenings,
    ...answersOfBuyers(random, now, purchases),
    ...answersOfVisitors(random, now, people),
    ...formMessages(random, now, people),
    ...subscriptions(random, now, people),
  ];
  return {
    happenings: all.filter(({ at }) => at < now).sort((a, b) => a.at - b.at),
    notes: notesOf(random, now, people),
  };
}

/** Who came by a personal link is known by it, as `Happening.provenEmail` says. */
function withProof(touchpoint: TouchpointInput, email: string): TouchpointInput {
  const proof: IdentifierInput = { kind: 'email', value: email, assurance: 'verified' };
  return { ...touchpoint, person: { ...touchpoint.person, key: `email:${email}`, identifiers: [proof] } };
}

async function translate(source: Source, happening: Happening): Promise<readonly TouchpointInput[]> {
  const body = utf8(JSON.stringify(happening.payload));
  const url = new URL(`https://rapport.invalid/${source.key}`);
  const delivery = { method: 'POST', url, headers: new Headers(happening.headers), body };
  const context = {
    settings: source.settings,
    window: 'seed',
    bodyHash: await sha256Hex(body),
    receivedAt: happening.at,
    assurance: null,
  };
  const translation = providerOf(source.kind)?.translate(happening.payload, delivery, context);
  if (!translation?.ok || !('touchpoints' in translation))
    throw new Error(
      `a demo delivery does not fit: ${JSON.stringify(translation)} ${JSON.stringify(happening.payload)}`,
    );
  const { provenEmail } = happening;
  return provenEmail ? translation.touchpoints.map((one) => withProof(one, provenEmail)) : translation.touchpoints;
}

/** Happenings as they are stored: by month and source, the newest singly. */
function batchesOf(happenings: readonly Happening[], now: number): Happening[][] {
  const batches = new Map<string, Happening[]>();
  for (const [index, happening] of happenings.entries()) {
    const isRecent = now - happening.at < SINGLE_DAYS * DAY;
    const key = isRecent
      ? `single ${index}`
      : `${Math.floor((now - happening.at) / (MONTH_DAYS * DAY))} ${happening.source}`;
    const batch = batches.get(key) ?? [];
    batch.push(happening);
    batches.set(key, batch);
  }
  return [...batches.values()].sort((a, b) => (a.at(-1)?.at ?? 0) - (b.at(-1)?.at ?? 0));
}

async function storeBatch(runtime: Runtime, source: Source, batch: readonly Happening[]): Promise<void> {
  const touchpoints = (await Promise.all(batch.map((happening) => translate(source, happening)))).flat();
  const [only] = batch;
  const isSingle = batch.length === 1 && only !== undefined;
  await append(runtime.db, runtime.clock, {
    sourceId: source.id,
    touchpoints,
    ...(isSingle && { headers: JSON.stringify(only.headers), body: utf8(JSON.stringify(only.payload)) }),
  });
}

async function writeNotes(runtime: Runtime, shop: Source, notes: readonly Note[]): Promise<void> {
  for (const { person, contact } of notes) {
    const fragment = await runtime.db
      .prepare('SELECT id FROM fragment WHERE source_id = ?1 AND key = ?2')
      .bind(shop.id, `customer:${customerIdOf(person.email)}`)
      .first<{ id: number }>();
    if (fragment) await logByHand(runtime, fragment.id, contact);
  }
}

const closeSeenTo = (db: D1Database, now: number) =>
  db.batch(
    [
      'UPDATE attention SET closed_at = raised_at + ?2 WHERE raised_at < ?1 AND closed_at IS NULL',
      'UPDATE notice SET read_at = told_at + ?2 WHERE told_at < ?1 AND read_at IS NULL',
    ].map((sql) => db.prepare(sql).bind(now - SEEN_TO_DAYS * DAY, DAY)),
  );

/** Some of the ready-made segments; the rest is left to be looked at. */
async function writeSegments(runtime: Runtime): Promise<void> {
  for (const { name, rule } of READY_MADE.slice(0, 3)) await createSegment(runtime, { name, rule, isWatched: false });
}

/** Gives the demo business its history, through the same translation and the same writing as real deliveries. */
export async function seed(runtime: Runtime): Promise<DemoSources> {
  const now = runtime.clock.now();
  const sources = await ensureDemoSources(runtime);
  const { happenings, notes } = historyOf(now);
  await writeRates(runtime.db, now);
  let deliveries = 0;
  let hasNotes = false;
  let hasOwners = false;
  for (const [index, batch] of batchesOf(happenings, now).entries()) {
    const at = batch.at(-1)?.at ?? now;
    const name: DemoSource = batch[0]?.source ?? 'shop';
    const then: Runtime = { db: runtime.db, clock: clockAt(runtime, at, () => ++deliveries) };
    // The notes come before the newest deliveries, so that what came in last is also what happened last.
    if (!hasNotes && now - at < SINGLE_DAYS * DAY) {
      await writeNotes(runtime, sources.shop, notes);
      hasNotes = true;
    }
    if (!hasOwners && now - at < OWNED_DAYS * DAY) {
      await writeOwners(then, allPeople());
      hasOwners = true;
    }
    await storeBatch(then, sources[name], batch);
    if (index % FOLLOWED === 0) await followLog(then);
  }
  while (await followLog(runtime));
  while (await followOrders(runtime.db));
  while (await followStages(runtime));
  while (await followLikeness(runtime.db));
  await writeCosts(runtime.db, now);
  await writeWordings(runtime);
  await changeBusiness(runtime, { name: SHOP_NAME, contact: 'hello@harbour-and-hare.example' });
  await writeGroups(runtime, allPeople());
  await writeSaid(runtime, allPeople());
  await closeSeenTo(runtime.db, now);
  await writeSegments(runtime);
  return sources;
}
