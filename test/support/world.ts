import type { ConsentInput } from '../../schema/consent.ts';
import type { Assurance, IdentifierInput } from '../../schema/customer.ts';
import type { OrderFact, TouchpointInput } from '../../schema/touchpoint.ts';
import { identifiers, personKey } from '../../worker/sources/person.ts';
import { fc } from './chance.ts';

/**
 * Small worlds of touchpoints in which everything meets: few people, few addresses, few orders, few days, so that shared
 * e-mails, contested ids, guest orders, early refunds and equal times turn up in every other world.
 */
export type Fact = {
  readonly source: 'shop' | 'server' | 'site';
  readonly day: number;
  readonly customer: number | null;
  readonly user: number | null;
  readonly visitor: number;
  readonly email: number | null;
  readonly phone: number | null;
  readonly isVerified: boolean;
  readonly name: string | null;
  readonly home: number | null;
  readonly order: OrderPart | null;
  readonly consent: Pick<ConsentInput, 'purpose' | 'channel' | 'state'> | null;
  readonly isBounced: boolean;
  readonly answer: { readonly kind: string; readonly score: number } | null;
};
type OrderPart = {
  readonly id: number;
  readonly asOf: number;
  readonly total: number | null;
  readonly currency: string;
  readonly step: 'placed' | 'paid' | 'fulfilled' | 'cancelled' | 'void' | 'updated' | 'deleted';
  readonly refunds: readonly { readonly id: number; readonly amount: number }[];
};

const upTo = (max: number) => fc.integer({ min: 0, max });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

const order = fc.record<OrderPart>({
  id: upTo(2),
  asOf: upTo(3),
  total: maybe(fc.constantFrom(0, 1000, 2500)),
  currency: fc.constantFrom('EUR', 'EUR', 'JPY'),
  step: fc.constantFrom('placed', 'paid', 'fulfilled', 'cancelled', 'void', 'updated', 'updated', 'deleted'),
  refunds: fc.array(fc.record({ id: upTo(1), amount: fc.constantFrom(100, 900, -300) }), { maxLength: 2 }),
});

export const fact: fc.Arbitrary<Fact> = fc.record<Fact>({
  source: fc.constantFrom('shop', 'shop', 'server', 'site'),
  day: upTo(5),
  customer: maybe(upTo(2)),
  user: maybe(upTo(1)),
  visitor: upTo(1),
  email: maybe(upTo(3)),
  phone: maybe(upTo(1)),
  isVerified: fc.boolean(),
  name: maybe(fc.constantFrom('Ada', 'Ada Bell', 'A. Bell', 'Борис', '王小明')),
  home: maybe(upTo(1)),
  order: maybe(order),
  consent: maybe(
    fc.record({
      purpose: fc.constantFrom('marketing', 'research', 'profiling'),
      channel: fc.constantFrom('email', 'sms', 'web'),
      state: fc.constantFrom('granted', 'denied', 'none'),
    }),
  ),
  isBounced: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  answer: maybe(fc.record({ kind: fc.constantFrom('nps', 'csat'), score: upTo(10) })),
});

export const facts = (maxLength: number): fc.Arbitrary<Fact[]> => fc.array(fact, { minLength: 2, maxLength });

const DAY_MS = 24 * 3600 * 1000;
export const FIRST_DAY = Date.UTC(2026, 0, 1);
const timeOf = (day: number): number => FIRST_DAY + day * DAY_MS;

/** The last address is a mailbox that a team reads: it must never join anybody. */
const addressOf = (index: number, salt: string): string => `${index === 3 ? 'info' : `person${index}`}@${salt}.example`;

const homeOf = (house: number, salt: string) => ({
  lines: [`Oak Road ${house + 1}`],
  postalCode: `N1 ${salt}`,
  city: 'London',
  country: 'GB',
});

function identifiersOf(f: Fact, salt: string): readonly IdentifierInput[] {
  const assurance = f.source === 'site' ? 'claimed' : f.isVerified && f.source === 'server' ? 'verified' : 'asserted';
  const given = (kind: string, value: string | null, how: Assurance = assurance): IdentifierInput | null =>
    value === null ? null : { kind, value, assurance: how };
  const text = (value: number | null, prefix: string) => (value === null ? null : `${prefix}${value}`);
  return identifiers(
    f.source === 'site' ? given('anonymous_id', `v${f.visitor}`, 'claimed') : given('customer', text(f.customer, 'c')),
    f.source === 'shop' ? null : given('user_id', text(f.user, 'u')),
    given('email', f.email === null ? null : addressOf(f.email, salt)),
    given('phone', f.phone === null ? null : `+4812300${salt}${f.phone}`),
    f.source === 'site' || !f.order ? null : given('order', `o${f.order.id}`, 'asserted'),
  );
}

function keyOf(f: Fact, list: readonly IdentifierInput[], fallback: string): string {
  if (f.source === 'site') return `visitor:v${f.visitor}`;
  if (f.source === 'server' && f.user !== null && f.customer === null) return `user:u${f.user}`;
  return personKey(list, f.order ? `order:o${f.order.id}` : fallback);
}

function orderOf(part: OrderPart): OrderFact {
  const at = (step: OrderPart['step']) => (part.step === step ? timeOf(part.asOf) : null);
  const money = (amountMinor: number) => ({ amountMinor, currency: part.currency });
  return {
    id: `o${part.id}`,
    number: part.total === null ? null : `#${1000 + part.id}`,
    asOf: timeOf(part.asOf),
    total: part.total === null ? null : money(part.total),
    lines: part.total ? [{ title: 'Teapot', sku: null, quantity: 1, amountMinor: part.total }] : [],
    placedAt: at('placed'),
    paidAt: at('paid'),
    fulfilledAt: at('fulfilled'),
    cancelledAt: at('cancelled'),
    isVoid: part.step === 'void',
    deleted: part.step === 'deleted',
    refunds: part.refunds.map(({ id, amount }) => ({ id: `r${id}`, amount: money(amount) })),
  };
}

/** The touchpoint of a fact. `salt` keeps the addresses of one world apart from those of the next. */
export function touchpointOf(f: Fact, index: number, salt: string): TouchpointInput {
  const list = identifiersOf(f, salt);
  return {
    messageId: `m${index}`,
    kind: f.source === 'site' ? 'survey_answered' : f.order ? 'order_updated' : 'customer_updated',
    channel: f.source === 'site' ? 'web' : 'shop',
    direction: 'in',
    initiator: 'customer',
    occurredAt: timeOf(f.day),
    person: {
      key: keyOf(f, list, `message:m${index}`),
      identifiers: list,
      ...(f.name !== null && { profile: { name: f.name } }),
      ...(f.home !== null && { addresses: [homeOf(f.home, salt)] }),
    },
    ...(f.order && f.source !== 'site' && { order: orderOf(f.order) }),
    ...(f.answer &&
      f.source === 'site' && {
        score: f.answer.score,
        answers: [{ question: 'q', kind: f.answer.kind, score: f.answer.score, text: null }],
      }),
    ...(f.consent && { consents: [f.consent] }),
    ...(f.isBounced && { suppressions: [{ channel: 'email' as const, reason: 'bounce' as const }] }),
    text: `fact ${index}`,
  };
}
