import type { Assurance } from '../../../schema/customer.ts';
import type { Json, TouchpointInput } from '../../../schema/touchpoint.ts';
import type { Channel } from '../../../schema/vocabulary.ts';
import { isBrowsing } from '../../record/consent/browsing.ts';
import { fieldOf, firstOf, idOf, type JsonObject, known, numberOf, objectOf, TEXT_LIMIT, textOf } from '../read.ts';
import { channelOf, directionOf } from '../standard-webhooks/kinds.ts';
import { consentsOf } from './consent.ts';
import { campaignOf, flat, pageOf } from './data.ts';
import { type Item, messageIdOf, type Unread } from './item.ts';
import { kindOf, type Reading } from './kinds.ts';
import { type Moment, momentOf } from './moment.ts';
import { amountOf, orderFactOf, orderIdOf } from './order.ts';
import { personOf, traitsOf } from './person.ts';

export type Known = {
  readonly assurance: Assurance;
  readonly receivedAt: number;
  readonly window: string;
  /** Currency of amounts that name none. */
  readonly currency: string;
  /** Categories of a consent banner that mean profiling. */
  readonly profilingCategories: readonly string[];
};

/**
 * The touchpoint of one call, what is wrong with it, or null for one that says nothing to us. The ids of public calls are
 * kept apart: else anybody could use up the id that the business's server is about to send an order under.
 */
export function readItem(item: Item, given: Known): TouchpointInput | Unread | null {
  const isAsserted = given.assurance !== 'claimed';
  // Who may merge is never up to a browser.
  if (item.call === 'alias' && !isAsserted) return null;
  const person = personOf(item, given.assurance);
  if (person === null) return { path: item.path, message: 'expected a userId or an anonymousId', code: 'no_identity' };
  const event = textOf(fieldOf(item.body, 'event'));
  if (item.call === 'track' && event === null)
    return { path: `${item.path}.event`, message: 'expected the name of the event', code: 'invalid' };
  const id = messageIdOf(item, given.window);
  const base = {
    messageId: isAsserted ? id : `public:${id}`,
    person,
  };
  const moment = momentOf(item, given.receivedAt);
  const contents =
    item.call === 'track' && event !== null
      ? tracked(item, event, moment, { ...given, messageId: base.messageId })
      : described(item, moment);
  return { ...base, ...consentsOf(item, given.profilingCategories, isBrowsing(contents)), ...contents };
}

type Contents = Omit<TouchpointInput, 'messageId' | 'person'>;
const INWARD = { channel: 'web', direction: 'in', initiator: 'customer' } as const;

/** What every call may say beside what it is for. */
const common = ({ body, context }: Item, { data }: Moment, properties: JsonObject = {}) => ({
  externalId: idOf(fieldOf(body, 'userId')),
  page: pageOf(context, properties),
  campaign: campaignOf(context),
  ...data,
});

const KINDS = {
  identify: 'customer_updated',
  group: 'customer_updated',
  alias: 'customer_updated',
  page: 'page_viewed',
  screen: 'screen_viewed',
} as const;
const OF_PAGE = ['url', 'title', 'referrer', 'path', 'search'];

/** All calls but `track`. */
function described(item: Item, moment: Moment): Contents {
  const { call, body } = item;
  const kind = call === 'track' ? KINDS.identify : KINDS[call];
  const properties = objectOf(fieldOf(body, 'properties'));
  const isView = call === 'page' || call === 'screen';
  return {
    kind,
    ...INWARD,
    occurredAt: moment.occurredAt,
    data: known({
      ...common(item, moment, isView ? properties : {}),
      name: isView ? firstOf(textOf(fieldOf(body, 'name')), textOf(fieldOf(properties, 'name'))) : null,
      category: isView ? textOf(fieldOf(body, 'category')) : null,
      properties: isView ? flat(properties, [...OF_PAGE, 'name']) : null,
      traits: isView ? null : flat(traitsOf(item), ['email', 'phone', 'name']),
      groupId: call === 'group' ? idOf(fieldOf(body, 'groupId')) : null,
      group: call === 'group' ? flat(fieldOf(body, 'traits')) : null,
      previousId: call === 'alias' ? idOf(fieldOf(body, 'previousId')) : null,
    }),
  };
}

const channelIn = ({ core }: Reading): Channel => (core === null ? 'web' : channelOf(core, null));

/**
 * A named event. Facts of an order are taken from the secret key only: the public one stands in every page, and with it
 * anybody could write revenue into the books or cancel an order.
 */
function tracked(item: Item, event: string, moment: Moment, given: Known & { readonly messageId: string }): Contents {
  const properties = objectOf(fieldOf(item.body, 'properties'));
  const reading = kindOf(event, given.assurance !== 'claimed');
  const { kind, core } = reading;
  const { occurredAt } = moment;
  const direction = core === null ? 'in' : directionOf(core, null);
  const { messageId, currency } = given;
  const order =
    core === null || given.assurance === 'claimed'
      ? null
      : orderFactOf({ kind: core, properties, messageId, occurredAt, currency });
  const isReview = core === 'review_posted';
  return {
    kind,
    channel: channelIn(reading),
    direction,
    initiator: direction === 'out' ? 'company' : 'customer',
    occurredAt,
    ...(order && { subject: `order:${order.id}`, order }),
    value: amountOf(properties, currency),
    score: isReview ? numberOf(fieldOf(properties, 'rating')) : null,
    text: isReview ? textOf(fieldOf(properties, 'review_body'), TEXT_LIMIT) : null,
    data: known({
      ...common(item, moment),
      event,
      orderId: orderIdOf(properties),
      properties: flat(properties, ['order_id', 'review_body']),
    } satisfies { readonly [key: string]: Json }),
  };
}
