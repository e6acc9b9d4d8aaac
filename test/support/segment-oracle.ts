import { type Rule, type RuleTest, spanOf, type Test } from '../../worker/record/segments/rule.ts';

/** Who belongs to a segment, worked out in plain TypeScript from the rows themselves: what the SQL of rules is held against. */
type Order = {
  readonly fragment_id: number;
  readonly source_id: number;
  readonly external_id: string;
  readonly total_minor: number | null;
  readonly refunded_minor: number;
  readonly currency: string | null;
  readonly placed_at: number | null;
  readonly paid_at: number | null;
  readonly as_of: number | null;
  readonly counts: number;
};
export type Tables = {
  readonly customer: readonly { readonly id: number; readonly display_name: string | null; readonly party: string }[];
  readonly fragment: readonly { readonly id: number; readonly customer_id: number; readonly source_id: number }[];
  readonly source: readonly { readonly id: number; readonly name: string; readonly kind: string }[];
  readonly touchpoint: readonly {
    readonly fragment_id: number;
    readonly kind: string;
    readonly channel: string;
    readonly occurred_at: number;
  }[];
  readonly orders: readonly Order[];
  readonly answer: readonly {
    readonly fragment_id: number;
    readonly kind: string;
    readonly score: number;
    readonly occurred_at: number;
  }[];
  readonly identifier: readonly {
    readonly fragment_id: number;
    readonly kind: string;
    readonly value: string;
    readonly assurance: number;
  }[];
  readonly line: readonly {
    readonly fragment_id: number;
    readonly source_id: number;
    readonly external_id: string;
    readonly title: string;
    readonly sku: string | null;
  }[];
};
export const TABLES = [
  'customer',
  'fragment',
  'source',
  'touchpoint',
  'orders',
  'answer',
  'identifier',
  'line',
] as const;

type Person = { readonly [Table in keyof Tables]: Tables[Table] };

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const orderedAt = (o: Order): number => o.placed_at ?? o.paid_at ?? o.as_of ?? 0;
const amountOf = (o: Order): number => Math.max(0, (o.total_minor ?? 0) - o.refunded_minor);

/** All rows of one customer. */
function personOf(tables: Tables, id: number): Person {
  const fragment = tables.fragment.filter((f) => f.customer_id === id);
  const own = <Row extends { readonly fragment_id: number }>(rows: readonly Row[]): Row[] =>
    rows.filter((row) => fragment.some((f) => f.id === row.fragment_id));
  return {
    customer: tables.customer.filter((c) => c.id === id),
    fragment,
    source: tables.source.filter((s) => fragment.some((f) => f.source_id === s.id)),
    touchpoint: own(tables.touchpoint),
    orders: own(tables.orders).filter((o) => o.counts === 1),
    answer: own(tables.answer),
    identifier: own(tables.identifier),
    line: own(tables.line),
  };
}

/** The values a field has of a person: none is unknown, several are each enough. */
function valuesOf(person: Person, { field, test }: RuleTest, now: number): readonly (number | string)[] {
  const { touchpoint, orders, answer, identifier, customer } = person;
  const times = touchpoint.map((t) => t.occurred_at);
  const ordered = orders.map(orderedAt);
  const [first, last] = [Math.min(...ordered), Math.max(...ordered)];
  const currency = test.is === 'compare' && test.value.type === 'money' ? test.value.currency : null;
  const priced = orders.filter((o) => o.currency === currency);
  const some = (value: number): number[] => (Number.isFinite(value) ? [value] : []);
  const values: Record<string, () => readonly (number | string)[]> = {
    touchpoints: () => [touchpoint.length],
    orders: () => [orders.length],
    answers: () => [answer.length],
    revenue: () => [sum(priced.map(amountOf))],
    'average order': () => (currency === null ? orders.map(() => 1) : some(sum(priced.map(amountOf)) / priced.length)),
    'first touchpoint': () => some(Math.min(...times)),
    'last touchpoint': () => some(Math.max(...times)),
    'first order': () => some(first),
    'last order': () => some(last),
    'last answer': () => some(Math.max(...answer.map((a) => a.occurred_at))),
    overdue: () => (orders.length > 1 && last > first ? [((now - last) * (orders.length - 1)) / (last - first)] : []),
    name: () => customer.flatMap((c) => c.display_name ?? []),
    party: () => customer.map((c) => c.party),
    email: () => identifier.filter((i) => i.kind === 'email').map((i) => i.value),
    phone: () => identifier.filter((i) => i.kind === 'phone').map((i) => i.value),
    assurance: () => {
      const naming = identifier.filter((i) => ['email', 'phone', 'customer', 'user_id'].includes(i.kind));
      return naming.length > 0
        ? [['claimed', 'asserted', 'verified'][Math.max(...naming.map((i) => i.assurance)) - 1] ?? '']
        : [];
    },
  };
  const latest = () => {
    const given = answer.filter((a) => a.kind === field);
    return [...given]
      .sort((a, b) => b.occurred_at - a.occurred_at || a.score - b.score)
      .slice(0, 1)
      .map((a) => a.score);
  };
  return (values[field] ?? latest)();
}

const COMPARE = {
  '=': (a: number, b: number) => a === b,
  '!=': (a: number, b: number) => a !== b,
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
};

const isIn = (at: number, test: Test, now: number): boolean => {
  if (test.is !== 'time') return true;
  const { from, to } = spanOf(test, now);
  return (from === null || at >= from) && (to === null || at < to);
};

function fits(value: number | string, test: Test, now: number): boolean {
  if (test.is === 'known') return true;
  if (test.is === 'time') return typeof value === 'number' && isIn(value, test, now);
  const same = (literal: unknown): boolean => String(value).toLowerCase() === String(literal).toLowerCase();
  const literalOf = (test: Extract<Test, { is: 'compare' }>['value']) =>
    test.type === 'money' ? test.amountMinor : test.value;
  if (test.is === 'in') return test.values.some((one) => same(literalOf(one)));
  if (test.is === 'compare') {
    const wanted = literalOf(test.value);
    return typeof value === 'number' && typeof wanted === 'number'
      ? COMPARE[test.comparator](value, wanted)
      : same(wanted);
  }
  if (test.is !== 'match') return false;
  const [text, part] = [String(value).toLowerCase(), test.value.toLowerCase()];
  if (test.how === 'contains') return text.includes(part);
  return test.how === 'starts' ? text.startsWith(part) : text.endsWith(part);
}

/** What is asked about something that is named: `bought "Tea"`, `source "Shop"`. */
function named(person: Person, { field, argument, test }: RuleTest, now: number): boolean | null {
  const same = (text: string | null) => text?.toLowerCase() === argument?.toLowerCase();
  if (field === 'source') return person.source.some((s) => same(s.name) || same(s.kind));
  if (field === 'happened') return person.touchpoint.some((t) => same(t.kind) && isIn(t.occurred_at, test, now));
  if (field === 'used') return person.touchpoint.some((t) => same(t.channel) && isIn(t.occurred_at, test, now));
  if (field !== 'bought') return null;
  if (argument === null) return person.orders.length > 0;
  return person.line.some((line) => {
    const order = person.orders.find((o) => o.source_id === line.source_id && o.external_id === line.external_id);
    return (same(line.title) || same(line.sku)) && order !== undefined && isIn(orderedAt(order), test, now);
  });
}

function holds(person: Person, rule: Rule, now: number): boolean {
  if (rule.is === 'not') return !holds(person, rule.part, now);
  if (rule.is !== 'test') return rule.parts[rule.is === 'and' ? 'every' : 'some']((part) => holds(person, part, now));
  const { test } = rule;
  // Everybody else, also those of whom it is not known.
  if (test.is === 'compare' && test.comparator === '!=')
    return !holds(person, { ...rule, test: { ...test, comparator: '=' } }, now);
  return named(person, rule, now) ?? valuesOf(person, rule, now).some((value) => fits(value, test, now));
}

/** Internal ids of those among the customers of `tables` who belong to a rule. */
export const membersOf = (tables: Tables, rule: Rule, now: number): readonly number[] =>
  tables.customer.map(({ id }) => id).filter((id) => holds(personOf(tables, id), rule, now));
