import { type Money, moneyFromMinor } from '../../../schema/money.ts';
import type { OrderFact, OrderLine, TouchpointInput } from '../../../schema/touchpoint.ts';
import { known } from '../read.ts';
import { personOf, type RowPerson } from './person.ts';
import type { RowReader } from './row.ts';

/** Words that say an order brings nothing any more, in the languages columns are guessed in. */
const CANCELLED = /cancel|void|annul|storn|отказ|анулир|anulow|ملغ|取消|关闭/i;
/** Quantities that are whole or parts of one; what is beyond is a mistake. */
const MOST_OF_ONE = 1_000_000;

type Line = { readonly row: RowReader; readonly line: OrderLine | null; readonly amount: Money | null };

function lineOf(row: RowReader): Line {
  const quantity = row.number('quantity') ?? 1;
  if (Math.abs(quantity) > MOST_OF_ONE) row.fault('quantity', 'is more than any order holds');
  const price = row.money('price');
  const amount =
    row.money('amount') ?? (price && moneyFromMinor(Math.round(price.amountMinor * quantity), price.currency));
  const title = row.text('product') ?? row.text('sku');
  const line = title && { title, sku: row.text('sku'), quantity, amountMinor: amount?.amountMinor ?? null };
  return { row, amount, line: line || null };
}

/** What the order comes to: its own total where the file has one, else the sum of its lines. */
function totalOf(lines: readonly Line[]): Money | null {
  const [first] = lines;
  if (!first) return null;
  const totals = lines.flatMap(({ row }) => row.money('total') ?? []);
  const [total] = totals;
  if (total) {
    if (totals.some((other) => other.amountMinor !== total.amountMinor || other.currency !== total.currency))
      first.row.fault('total', 'differs between the rows of this order; map the column as “Amount” instead');
    return total;
  }
  const amounts = lines.flatMap(({ amount }) => amount ?? []);
  const currency = amounts[0]?.currency;
  if (amounts.some((amount) => amount.currency !== currency))
    first.row.fault('currency', 'differs between the rows of this order');
  const sum = moneyFromMinor(
    amounts.reduce((whole, amount) => whole + amount.amountMinor, 0),
    currency,
  );
  return amounts.length > 0 ? sum : null;
}

/** The best-known person of the rows; two customer ids in one order are a mistake. */
function buyerOf(rows: readonly RowReader[], fallback: string): RowPerson | null {
  const people = rows.map((row) => personOf(row, fallback));
  const named = people.filter(({ isNamed }) => isNamed);
  const ids = new Set(
    named.flatMap(({ person }) =>
      person.identifiers.filter(({ kind }) => kind === 'customer').map(({ value }) => value),
    ),
  );
  if (ids.size > 1) rows[0]?.fault('customerId', 'differs between the rows of this order');
  return named.find(({ person }) => person.key.startsWith('customer:')) ?? named[0] ?? people[0] ?? null;
}

type Facts = {
  readonly id: string;
  readonly at: number | null;
  readonly total: Money;
  readonly lines: readonly OrderLine[];
};

function orderFact(row: RowReader, { id, at, total, lines }: Facts, message: string): OrderFact {
  // Less than nothing is money given back.
  if (total.amountMinor < 0)
    return { id, asOf: at, refunds: [{ id: message, amount: { ...total, amountMinor: -total.amountMinor } }] };
  const isCancelled = CANCELLED.test(row.text('status') ?? '');
  return {
    id,
    number: row.text('orderNumber') ?? (row.text('orderId') === null ? null : id),
    asOf: at,
    total,
    lines,
    placedAt: at,
    cancelledAt: isCancelled ? at : null,
  };
}

/** `hash` names what the rows say; `isOwn` is true where the file gives the order's id. */
export type OrderName = { readonly id: string; readonly isOwn: boolean; readonly message: string };

/** One order from its rows. What is wrong is noted at the row it stands in. */
export function orderOf(rows: readonly RowReader[], { id, isOwn, message }: OrderName): TouchpointInput | null {
  const [row] = rows;
  if (!row) return null;
  const lines = rows.map(lineOf);
  const dates = rows.map((each) => each.date('date'));
  const at = dates.find((date) => date !== null) ?? null;
  if (at === null && row.faults.length === 0)
    row.fault(row.column('date'), 'has no date: an order needs the day it was placed');
  const buyer = buyerOf(rows, `order:${id}`);
  if (buyer && !buyer.isNamed && !isOwn && row.faults.length === 0)
    row.fault(null, 'names nobody: a customer id, an e-mail address or a telephone number is needed');
  const total = totalOf(lines);
  if (!total && rows.every(({ faults }) => faults.length === 0))
    row.fault(null, 'says no amount: map the column that holds what was paid');
  const isRefund = (total?.amountMinor ?? 0) < 0;
  if (isRefund && !isOwn) row.fault('amount', 'is less than nothing: a refund needs the id of the order it belongs to');
  if (!total || !buyer || rows.some(({ faults }) => faults.length > 0)) return null;
  const orderLines = lines.flatMap(({ line }) => line ?? []);
  return {
    messageId: message,
    kind: isRefund ? 'order_refunded' : 'order_placed',
    channel: 'shop',
    direction: isRefund ? 'out' : 'in',
    initiator: isRefund ? 'company' : 'customer',
    phase: isRefund ? 'service' : 'sale',
    occurredAt: at,
    subject: `order:${id}`,
    value: isRefund ? { ...total, amountMinor: -total.amountMinor } : total,
    person: buyer.person,
    order: orderFact(row, { id, at, total, lines: orderLines }, message),
    data: known({ ...buyer.data, number: row.text('orderNumber'), status: row.text('status') }),
  };
}
