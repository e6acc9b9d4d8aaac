import type { IdentifierInput } from '../../../schema/customer.ts';
import type { TouchpointInput } from '../../../schema/touchpoint.ts';
import { email, identifiers, own, personKey } from '../person.ts';
import type { Translation } from '../provider.ts';
import { idOf, type JsonObject, known, knownTexts, misfit, NAME_LIMIT, numberOf, plainText, textOf } from '../read.ts';
import { gmtTime, idsOf, type Notice, person } from './notice.ts';

/**
 * What happened to a customer's account in the shop. A deletion holds the id alone. Anybody opens an account under any address and
 * changes it as they like, which the shop does not check: it is a claim, and the orders that were bought with it vouch for theirs.
 */
export function readCustomer(notice: Notice): Translation {
  const { payload, topic } = notice;
  const id = idOf(payload.id);
  if (id === null) return misfit('$.id', 'expected the id of the customer');
  const isNew = topic === 'customer.created';
  const isDeleted = topic === 'customer.deleted';
  const touchpoint: TouchpointInput = {
    ...idsOf(notice),
    kind: isDeleted ? 'customer_redacted' : isNew ? 'customer_created' : 'customer_updated',
    channel: 'shop',
    direction: 'in',
    initiator: 'customer',
    occurredAt: gmtTime(isNew ? payload.date_created_gmt : payload.date_modified_gmt),
    subject: `customer:${id}`,
    person: person(payload, own('customer', id, 'asserted'), [], `customer:${id}`, 'claimed'),
    data: known({ externalId: id, reason: isDeleted ? 'deleted_at_source' : null, username: textOf(payload.username) }),
  };
  return { ok: true, touchpoints: [touchpoint] };
}

/** WooCommerce has no topic for reviews; plug-ins and custom topics send the REST resource. */
export const isReview = (payload: JsonObject): boolean =>
  ['reviewer_email', 'review', 'rating'].every((field) => Object.hasOwn(payload, field));

/**
 * Anybody can review under any address. Only when the shop marks the reviewer as a verified owner has it matched the
 * address to an order; otherwise it is a claim, under a key of its own so that it never joins the buyer of that address.
 */
export function readReview({ payload, messageId }: Notice): Translation {
  const id = idOf(payload.id);
  if (id === null) return misfit('$.id', 'expected the id of the review');
  const status = textOf(payload.status);
  if (status === 'spam' || status === 'trash') return { ok: true, ignored: `review with status ${status}` };
  const isVerified = payload.verified === true;
  const list = identifiers(email(payload.reviewer_email, isVerified ? 'asserted' : 'claimed'));
  const fallback = `review:${id}`;
  const product = idOf(payload.product_id);
  const touchpoint: TouchpointInput = {
    messageId,
    kind: 'review_posted',
    channel: 'shop',
    direction: 'in',
    initiator: 'customer',
    phase: 'service',
    occurredAt: gmtTime(payload.date_created_gmt),
    subject: product === null ? fallback : `product:${product}`,
    score: numberOf(payload.rating),
    text: plainText(payload.review),
    person: {
      key: isVerified ? personKey(list, fallback) : reviewerKey(list[0], fallback),
      identifiers: list,
      profile: knownTexts({ name: textOf(payload.reviewer, NAME_LIMIT) }),
    },
    data: known({ externalId: id, status, verifiedBuyer: isVerified }),
  };
  return { ok: true, touchpoints: [touchpoint] };
}

const reviewerKey = (address: IdentifierInput | undefined, fallback: string): string =>
  address ? `reviewer:${address.value}` : fallback;
