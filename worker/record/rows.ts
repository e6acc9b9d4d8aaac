import {
  assuranceRank,
  GLOBAL_KINDS,
  type IdentifierInput,
  PROFILE_FIELDS,
  UNIQUE_KINDS,
} from '../../schema/customer.ts';
import { isSharedMailbox } from '../../schema/identifiers.ts';
import { TELLING } from '../../schema/told-value.ts';
import { INCOMPLETE, type TouchpointInput } from '../../schema/touchpoint.ts';
import { browsingOf } from './consent/browsing.ts';
import { consentRows, suppressionRows } from './consent/rows.ts';
import { isErased } from './erasure/hashes.ts';
import { type OrganisationRow, organisationRows } from './groups/evidence.ts';
import { rankOfPerson } from './person-rank.ts';
import { type AddressRow, addressRows } from './postal.ts';
import type { Stamp } from './stamp.ts';

/**
 * The rows a batch of touchpoints becomes, one list a table, each handed to its statement as one JSON parameter:
 * D1 allows 100 bound parameters a statement, `json_each` allows any number of rows.
 */
export type Rows = {
  readonly people: readonly PersonRow[];
  readonly touchpoints: readonly TouchpointRow[];
  readonly identifiers: readonly IdentifierRow[];
  readonly profiles: readonly ProfileRow[];
  readonly addresses: readonly AddressRow[];
  readonly organisations: readonly OrganisationRow[];
  readonly orders: readonly OrderRow[];
  readonly refunds: readonly RefundRow[];
  readonly answers: readonly AnswerRow[];
  readonly consents: ReturnType<typeof consentRows>;
  readonly suppressions: ReturnType<typeof suppressionRows>;
};
type PersonRow = { key: string; uuid: string };
type TouchpointRow = ReturnType<typeof touchpointRow>;
type IdentifierRow = {
  message: string;
  person: string;
  kind: string;
  value: string;
  scope: number;
  assurance: number;
  mayLink: number;
};
type ProfileRow = { message: string; person: string; field: string; value: string; assurance: number };
type OrderRow = ReturnType<typeof orderRow>;
type RefundRow = { message: string; order: string; id: string; amount: number; currency: string };
type AnswerRow = { message: string; question: string; kind: string; score: number };

/** What a touchpoint happened at: never later than its receipt, so that a fast clock cannot write the future. */
const happenedAt = (touchpoint: TouchpointInput, receivedAt: number): number =>
  Math.min(touchpoint.occurredAt ?? receivedAt, receivedAt);

const tellsAs = (t: TouchpointInput): number =>
  t.tellsAs ? assuranceRank(t.tellsAs) : rankOfPerson(t.person.identifiers);

const isTelling = ({ data }: TouchpointInput): boolean =>
  TELLING.some((part) => Object.keys(data?.[part] ?? {}).length > 0);

function touchpointRow(t: TouchpointInput, receivedAt: number) {
  const { needs } = t;
  const data = {
    ...t.data,
    ...(t.answers && { answers: t.answers }),
    ...(needs && { incomplete: INCOMPLETE, needs: { resource: needs.resource, id: needs.id } }),
  };
  return {
    message: t.messageId,
    ...(t.formerIds && { formerIds: t.formerIds }),
    person: t.person.key,
    kind: t.kind,
    channel: t.channel,
    direction: t.direction,
    initiator: t.initiator,
    phase: t.phase ?? null,
    handler: t.handler ?? null,
    purpose: t.purpose ?? null,
    at: happenedAt(t, receivedAt),
    // Who follows orders finds them by it.
    subject: t.order ? `order:${t.order.id}` : (t.subject ?? null),
    value: t.value?.amountMinor ?? null,
    currency: t.value?.currency ?? null,
    cost: t.cost?.amountMinor ?? null,
    costCurrency: t.cost?.currency ?? null,
    score: t.score ?? null,
    text: t.text ?? null,
    ...browsingOf(t),
    assurance: isTelling(t) ? tellsAs(t) : null,
    data: Object.keys(data).length > 0 ? JSON.stringify(data) : null,
  };
}

/**
 * The identifiers of a touchpoint. An order's own id is always one of them: it is how a refund that names no customer finds
 * the person of its order.
 */
function identifiersOf(t: TouchpointInput): IdentifierInput[] {
  // What is left of an order whose person was erased names nobody.
  const identifiers =
    t.order && !isErased(t.order.id)
      ? [...t.person.identifiers, { kind: 'order', value: t.order.id, assurance: 'asserted' } as const]
      : t.person.identifiers;
  const unique = new Map(
    identifiers.map((identifier) => [`${identifier.kind} ${identifier.value} ${identifier.assurance}`, identifier]),
  );
  return [...unique.values()];
}

function identifierRow(t: TouchpointInput, identifier: IdentifierInput, sourceId: number): IdentifierRow {
  const { kind, value, assurance } = identifier;
  const isShared = kind === 'email' && isSharedMailbox(value);
  return {
    message: t.messageId,
    person: t.person.key,
    kind,
    value,
    scope: GLOBAL_KINDS.includes(kind) ? 0 : sourceId,
    assurance: assuranceRank(assurance),
    mayLink: assurance !== 'claimed' && !isShared ? 1 : 0,
  };
}

function profileRows(t: TouchpointInput): ProfileRow[] {
  const assurance = rankOfPerson(t.person.identifiers);
  return PROFILE_FIELDS.flatMap((field) => {
    // Composed, so that what is typed on another keyboard finds it.
    const value = t.person.profile?.[field]?.trim().normalize('NFC');
    return value ? [{ message: t.messageId, person: t.person.key, field, value, assurance }] : [];
  });
}

/** How well a touchpoint knows its person: by an id of the source, by an address, or only by the order. */
function personRank(t: TouchpointInput): number {
  const kinds = t.person.identifiers.map((identifier) => identifier.kind);
  if (kinds.some((kind) => UNIQUE_KINDS.includes(kind))) return 3;
  return kinds.some((kind) => GLOBAL_KINDS.includes(kind)) ? 2 : 1;
}

function orderRow(t: TouchpointInput, order: NonNullable<TouchpointInput['order']>, receivedAt: number) {
  // As the sender says, also ahead of our clock: cut at the time of receipt, the one that came last would be the newest.
  const asOf = order.asOf ?? t.occurredAt ?? receivedAt;
  const total = order.total ?? null;
  return {
    message: t.messageId,
    person: t.person.key,
    rank: personRank(t),
    id: order.id,
    number: order.number ?? null,
    asOf,
    total: total?.amountMinor ?? null,
    currency: total?.currency ?? null,
    lines: total && order.lines?.length ? JSON.stringify(order.lines) : null,
    cancelledAt: total ? (order.cancelledAt ?? null) : null,
    isVoid: total && order.isVoid ? 1 : 0,
    placedAt: order.placedAt ?? null,
    paidAt: order.paidAt ?? null,
    fulfilledAt: order.fulfilledAt ?? null,
    deletedAt: order.deleted ? asOf : null,
  };
}

/** One row a person: `uuid` becomes the public id of their customer if the fragment is new. */
function personRows(touchpoints: readonly TouchpointInput[], uuid: () => string): PersonRow[] {
  return [...new Set(touchpoints.map((t) => t.person.key))].map((key) => ({ key, uuid: uuid() }));
}

/**
 * One of each message: rows find their touchpoint by its message id, so that a second one under the same id would put its
 * person's identifiers on the first one's person.
 */
function firstOfEach(touchpoints: readonly TouchpointInput[]): readonly TouchpointInput[] {
  const byMessage = new Map<string, TouchpointInput>();
  for (const t of touchpoints) if (!byMessage.has(t.messageId)) byMessage.set(t.messageId, t);
  return [...byMessage.values()];
}

/** Flattens touchpoints into rows. Pure but for the ids, which are passed in. */
export function rowsOf(
  given: readonly TouchpointInput[],
  sourceId: number,
  receivedAt: number,
  uuid: () => string,
): Rows {
  const touchpoints = firstOfEach(given);
  return {
    people: personRows(touchpoints, uuid),
    touchpoints: touchpoints.map((t) => touchpointRow(t, receivedAt)),
    identifiers: touchpoints.flatMap((t) => identifiersOf(t).map((i) => identifierRow(t, i, sourceId))),
    profiles: touchpoints.flatMap(profileRows),
    addresses: touchpoints.flatMap((t) => addressRows(t, rankOfPerson(t.person.identifiers))),
    organisations: touchpoints.flatMap((t) => organisationRows(t, uuid)),
    orders: touchpoints.flatMap((t) => (t.order ? [orderRow(t, t.order, receivedAt)] : [])),
    refunds: touchpoints.flatMap((t) =>
      (t.order?.refunds ?? []).map((refund) => ({
        message: t.messageId,
        order: t.order?.id ?? '',
        id: refund.id,
        amount: refund.amount.amountMinor,
        currency: refund.amount.currency,
      })),
    ),
    answers: touchpoints.flatMap((t) =>
      (t.answers ?? []).flatMap(({ question, kind, score }) =>
        score === null ? [] : [{ message: t.messageId, question, kind, score }],
      ),
    ),
    consents: touchpoints.flatMap(consentRows),
    suppressions: touchpoints.flatMap(suppressionRows),
  };
}

/** Rows of one or many deliveries. */
export type StampedRows = { readonly [Table in keyof Rows]: readonly (Rows[Table][number] & Stamp)[] };

/** Puts the rows of deliveries together, each with its stamp. */
export function together(parts: readonly { readonly rows: Rows; readonly stamp: Stamp }[]): StampedRows {
  const stamped = <Row extends object>(of: (rows: Rows) => readonly Row[]): (Row & Stamp)[] =>
    parts.flatMap(({ rows, stamp }) => of(rows).map((row) => ({ ...row, ...stamp })));
  return {
    people: stamped((rows) => rows.people),
    touchpoints: stamped((rows) => rows.touchpoints),
    identifiers: stamped((rows) => rows.identifiers),
    profiles: stamped((rows) => rows.profiles),
    addresses: stamped((rows) => rows.addresses),
    organisations: stamped((rows) => rows.organisations),
    orders: stamped((rows) => rows.orders),
    refunds: stamped((rows) => rows.refunds),
    answers: stamped((rows) => rows.answers),
    consents: stamped((rows) => rows.consents),
    suppressions: stamped((rows) => rows.suppressions),
  };
}
