import * as v from 'valibot';
import type { Json } from '../../../schema/touchpoint.ts';
import { ask } from '../ask.ts';
import type { ApiContext, Asked, Listing } from '../provider-api.ts';
import { idOf, isObject, listOf, objectOf } from '../read.ts';
import { readEvent } from './event.ts';
import { READERS } from './events.ts';

/**
 * Stripe's list of events (https://docs.stripe.com/api/events/list): the very events that its webhooks send, with their ids.
 * Newest first, a hundred at a time, and no further back than 30 days.
 */
const HOST = 'api.stripe.com';
const KEPT_SECONDS = 30 * 24 * 3600;
const PAGE = 100;
/** Requests for one span of time; with more events than they bring, a shorter one is tried. */
const REQUESTS = 10;

/** A span of the list in unix seconds, both ends within; `width` is tried for the one after it. */
const Span = v.object({ from: v.number(), until: v.number(), width: v.number() });
type Span = v.InferOutput<typeof Span>;

const firstSpan = (since: number, now: number): Span => {
  const until = Math.ceil(now / 1000);
  const from = Math.min(until, Math.max(Math.floor(since / 1000), until - KEPT_SECONDS));
  return { from, until, width: until - from };
};

function addressOf({ from, to }: { from: number; to: number }, startingAfter: string | null): string {
  const query = new URLSearchParams({ limit: String(PAGE), 'created[gte]': String(from), 'created[lte]': String(to) });
  for (const type of READERS.keys()) query.append('types[]', type);
  if (startingAfter !== null) query.set('starting_after', startingAfter);
  return `https://${HOST}/v1/events?${query}`;
}

/** All events of a span, oldest first; null when there are more than fit. */
async function eventsOf(
  context: ApiContext,
  span: { from: number; to: number },
  requests: number,
): Promise<Asked<readonly Json[] | null>> {
  const events: Json[] = [];
  let last: string | null = null;
  for (let request = 0; request < requests; request++) {
    const headers = { authorization: `Bearer ${context.credentials.apiKey}` };
    const asked = await ask(context, addressOf(span, last), { headers });
    if (!asked.ok) return asked;
    const body = objectOf(asked.value.body);
    if (!Array.isArray(body.data))
      return { ok: false, isFinal: false, error: `${HOST} answered with something that is no list of events.` };
    const page = listOf(body.data, PAGE);
    events.push(...page);
    last = idOf(objectOf(page.at(-1)).id);
    if (body.has_more !== true || last === null) return { ok: true, value: events.reverse() };
  }
  return { ok: true, value: null };
}

function listingOf(events: readonly Json[], next: string | null): Listing {
  const read = events.map((event) => (isObject(event) ? readEvent(event) : readEvent(null)));
  const facts = read.flatMap((one) => (one.ok && 'touchpoints' in one ? one.touchpoints : []));
  return {
    facts: facts.map((touchpoint) => ({ touchpoint, is: 'event' })),
    unread: read.filter(({ ok }) => !ok).length,
    next,
  };
}

export async function list(since: number, page: string | null, context: ApiContext): Promise<Asked<Listing>> {
  const { from, until, width } = page === null ? firstSpan(since, context.now) : v.parse(Span, JSON.parse(page));
  const to = Math.min(until, from + width);
  const isOneSecond = to === from;
  // A single second cannot be cut: all of it is read, however much it is.
  const asked = await eventsOf(context, { from, to }, isOneSecond ? 10 * REQUESTS : REQUESTS);
  if (!asked.ok) return asked;
  if (asked.value === null && !isOneSecond)
    return { ok: true, value: listingOf([], JSON.stringify({ from, until, width: Math.floor(width / 8) })) };
  const next = to >= until ? null : JSON.stringify({ from: to + 1, until, width: Math.max(1, 4 * width) });
  return { ok: true, value: listingOf(asked.value ?? [], next) };
}
