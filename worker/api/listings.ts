import type { CustomField } from '../../schema/custom-field.ts';
import type { Cell } from '../../schema/imports/csv.ts';
import { type Money, majorUnits } from '../../schema/money.ts';
import type { CustomerLine, OrderItem } from '../record/exports.ts';
import type { Touchpoint } from '../record/timeline.ts';
import type { Import, Refusal } from '../sources/imports/store.ts';
import { customerItem, touchpointItem } from './customer-operations.ts';
import type { Listing } from './download.ts';
import { toTime, toTimeOrNull } from './schemas.ts';

/** What the columns of each list are. Times are RFC 3339 UTC; amounts are decimals beside their currency. */
const time = (ms: number | null): string | null => toTimeOrNull(ms);
const amount = (money: Money | null | undefined): Cell => (money ? { decimal: majorUnits(money) } : null);
const currency = (money: Money | null | undefined): string | null => money?.currency ?? null;
const written = (money: Money): string => `${majorUnits(money)} ${money.currency}`;

const CONSENT = { granted: 'agreed', denied: 'refused', unknown: null } as const;

/** A customer of an export as the API gives it. */
const customerLine = (line: CustomerLine) => ({
  ...customerItem(line),
  email: line.email,
  phone: line.phone,
  profile: { ...line.profile },
  relationship: line.relationship,
  owner: line.ownerName,
  offers: { ...line.offers },
  tags: [...line.tags],
  fields: { ...line.fields },
});

/** Customers with a column for each field of the business's own. */
export const customerListing = (fields: readonly CustomField[]): Listing<CustomerLine> => ({
  name: 'customers',
  toJson: customerLine,
  columns: [
    ['Customer id', ({ id }) => id],
    ['Name', ({ displayName }) => displayName],
    ['E-mail', ({ email }) => email],
    ['Phone', ({ phone }) => phone],
    ['Language', ({ profile }) => profile.language ?? null],
    ['Country', ({ profile }) => profile.country ?? null],
    ['City', ({ profile }) => profile.city ?? null],
    ['Company', ({ profile }) => profile.company ?? null],
    ['Party', ({ party }) => party],
    ['Relationship', ({ relationship }) => relationship],
    ['Looked after by', ({ ownerName }) => ownerName],
    ['Offers by e-mail', ({ offers }) => CONSENT[offers.email ?? 'unknown']],
    ['Offers by text message', ({ offers }) => CONSENT[offers.sms ?? 'unknown']],
    ['Stage', ({ stage }) => stage],
    ['Stage since', ({ stageSince }) => time(stageSince)],
    ['Tags', ({ tags }) => tags.join(', ') || null],
    ['Touchpoints', ({ stats }) => stats.touchpoints],
    ['Orders', ({ stats }) => stats.orders],
    ['Revenue', ({ stats }) => amount(stats.revenue[0])],
    ['Currency', ({ stats }) => currency(stats.revenue[0])],
    ['Revenue in other currencies', ({ stats }) => stats.revenue.slice(1).map(written).join(' + ') || null],
    ['First contact', ({ stats }) => time(stats.firstTouchpointAt)],
    ['Last contact', ({ stats }) => time(stats.lastTouchpointAt)],
    ...fields.map(({ key, label }) => [label, (line: CustomerLine) => line.fields[key] ?? null] as const),
  ],
});

export const touchpointListing: Listing<Touchpoint> = {
  name: 'touchpoints',
  toJson: touchpointItem,
  columns: [
    ['Touchpoint id', ({ id }) => id],
    ['Date', ({ occurredAt }) => toTime(occurredAt)],
    ['Received', ({ receivedAt }) => toTime(receivedAt)],
    ['Kind', ({ kind }) => kind],
    ['Channel', ({ channel }) => channel],
    ['Direction', ({ direction }) => direction],
    ['Initiator', ({ initiator }) => initiator],
    ['Phase', ({ phase }) => phase],
    ['Handled by', ({ handler }) => handler],
    ['Purpose', ({ purpose }) => purpose],
    ['Customer id', ({ customerId }) => customerId],
    ['Name', ({ customerName }) => customerName],
    ['Source', ({ sourceName }) => sourceName],
    ['Subject', ({ subject }) => subject],
    ['Amount', ({ value }) => amount(value)],
    ['Currency', ({ value }) => currency(value)],
    ['Cost', ({ cost }) => amount(cost)],
    ['Currency of the cost', ({ cost }) => currency(cost)],
    ['Score', ({ score }) => score],
    ['Text', ({ text }) => text],
    ['Data', ({ data }) => (Object.keys(data).length > 0 ? JSON.stringify(data) : null)],
  ],
};

/** An order of an export as the API gives it. */
export const orderLine = (order: OrderItem) => ({
  ...order,
  placedAt: toTimeOrNull(order.placedAt),
  paidAt: toTimeOrNull(order.paidAt),
  fulfilledAt: toTimeOrNull(order.fulfilledAt),
  cancelledAt: toTimeOrNull(order.cancelledAt),
  lines: order.lines.map((line) => ({ ...line })),
});

export const orderListing: Listing<OrderItem> = {
  name: 'orders',
  toJson: orderLine,
  columns: [
    ['Order id', ({ id }) => id],
    ['Order number', ({ number }) => number],
    ['Date', ({ placedAt }) => time(placedAt)],
    ['Source', ({ sourceName }) => sourceName],
    ['Customer id', ({ customerId }) => customerId],
    ['Name', ({ customerName }) => customerName],
    ['Contact', ({ customerContact }) => customerContact],
    ['Total', ({ total }) => amount(total)],
    ['Refunded', ({ refunded }) => amount(refunded)],
    ['Currency', ({ total }) => currency(total)],
    ['Counts as revenue', ({ counts }) => (counts ? 'yes' : 'no')],
    ['Paid', ({ paidAt }) => time(paidAt)],
    ['Sent', ({ fulfilledAt }) => time(fulfilledAt)],
    ['Cancelled', ({ cancelledAt }) => time(cancelledAt)],
    ['Products', ({ lines }) => lines.map(({ quantity, title }) => `${quantity} × ${title}`).join('\n') || null],
  ],
};

/** The refused rows of an import with their own columns, so that they can be mended and brought again. */
export function refusalListing({ fileName, plan }: Import): Listing<Refusal> {
  const width = plan.header.length;
  return {
    name: `refused-${fileName.replace(/\.\w{1,5}$/, '')}`,
    toJson: ({ line, field, message, cells }) => ({ line, field, message, cells: [...cells] }),
    columns: [
      ...Array.from(
        { length: width },
        (_, index) => [plan.header[index] ?? '', ({ cells }: Refusal) => cells[index] ?? ''] as const,
      ),
      ['Rapport: line', ({ line }) => line],
      ['Rapport: why it was refused', ({ message, field }) => (field === null ? message : `${field}: ${message}`)],
    ],
  };
}
