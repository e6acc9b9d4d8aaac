import type { Contact, Moment, OrderSpan } from './course.ts';
import { Places } from './places.ts';
import { Rhythm } from './rhythm.ts';

/** Kinds in which a person says something to us, or both talk: what makes a contact go two ways. */
const TWO_WAY_KINDS: readonly string[] = [
  'survey_answered',
  'form_submitted',
  'review_posted',
  'email_received',
  'sms_received',
  'message_received',
  'letter_received',
  'fax_received',
  'ticket_created',
  'call_logged',
  'meeting_booked',
  'meeting_held',
  'visit_made',
  'event_attended',
  'contact_logged',
];
const TWO_WAY = new Set(TWO_WAY_KINDS);

/** What ends a relationship by itself, and what begins it again. */
const CLOSING = new Set(['account_closed', 'customer_redacted']);
const isReferral = (kind: string): boolean => kind.startsWith('referral_');
const isLost = ({ kind, outcome }: Contact): boolean =>
  kind === 'complaint_lost' || (outcome === 'lost' && /^(?:ticket|complaint)_/.test(kind));

const subscriptionOf = ({ source, subject }: Contact): string => `${source} ${subject ?? ''}`;
const orderKey = ({ source, id }: Pick<OrderSpan, 'source' | 'id'>): string => `${source} order:${id}`;

/** What a figure rests on: the touchpoints that last changed it, and who began them. */
export type Basis = { readonly at: number; readonly seqs: readonly number[]; readonly initiator: string | null };

/** The words under which a figure's basis is kept. */
export type Figure =
  | 'seen'
  | 'two_way'
  | 'orders'
  | 'subscriptions'
  | 'referrals'
  | 'closed'
  | 'unsubscribed'
  | 'complaint'
  | `score ${string}`
  | `kind ${string}`;

/**
 * How a person stands at a moment, folded from what happened up to it. What happened at one moment counts together, whichever
 * of it arrived first.
 */
export class Standing {
  readonly orders = new Rhythm();
  readonly subscriptions = new Set<string>();
  readonly scores = new Map<string, number>();
  touchpoints = 0;
  firstAt: number | null = null;
  lastAt: number | null = null;
  twoWay = 0;
  referrals = 0;
  isClosed = false;
  isComplaintLost = false;
  readonly #places = new Places();
  readonly #times = new Map<string, number[]>();
  readonly #bases = new Map<Figure, Basis>();
  readonly #orderContacts: ReadonlyMap<string, Contact>;

  /** `contacts` are all of the person's: an order is known by the first touchpoint about it. */
  constructor(contacts: readonly Contact[]) {
    const first = new Map<string, Contact>();
    for (const contact of contacts) {
      if (!contact.subject?.startsWith('order:')) continue;
      const key = `${contact.source} ${contact.subject}`;
      const known = first.get(key);
      if (!known || contact.at < known.at || (contact.at === known.at && contact.seq < known.seq))
        first.set(key, contact);
    }
    this.#orderContacts = first;
  }

  /** They want no more messages on any of the ways we write to them. */
  get isUnsubscribed(): boolean {
    return this.#places.isLeft;
  }

  /** When touchpoints of a kind happened, ascending. */
  timesOf(kind: string): readonly number[] {
    return this.#times.get(kind) ?? [];
  }

  basisOf(figure: Figure): Basis | null {
    return this.#bases.get(figure) ?? null;
  }

  /** The touchpoint of the order made last: what a silence is counted from. */
  basisOfLastOrder(): Basis | null {
    const { lastKey, lastAt } = this.orders;
    const contact = lastKey === null ? undefined : this.#orderContacts.get(lastKey);
    if (lastAt === null) return null;
    return { at: lastAt, seqs: contact ? [contact.seq] : [], initiator: contact?.initiator ?? null };
  }

  /** Goes on to the next moment. */
  apply(moment: Moment): void {
    for (const order of moment.placed) this.#place(order, moment.at);
    // What begins anew comes before what ends, so that an end at the same moment stands.
    for (const contact of moment.contacts) this.#begin(contact, moment.at);
    for (const contact of moment.contacts) this.#end(contact, moment.at);
    for (const order of moment.ended) {
      this.orders.remove(orderKey(order));
      this.#rest('orders', moment.at, this.#orderContacts.get(orderKey(order)));
    }
    this.#score(moment);
  }

  #rest(figure: Figure, at: number, contact: Contact | undefined): void {
    const before = this.#bases.get(figure);
    const seqs = contact ? [contact.seq] : [];
    this.#bases.set(
      figure,
      before?.at === at
        ? { ...before, seqs: [...new Set([...before.seqs, ...seqs])].sort((a, b) => a - b) }
        : { at, seqs, initiator: contact?.initiator ?? null },
    );
  }

  #place(order: OrderSpan, at: number): void {
    this.orders.add(orderKey(order), at);
    this.#rest('orders', at, this.#orderContacts.get(orderKey(order)));
    this.#return(at);
  }

  /** Somebody who buys again has not left, whatever was said before. */
  #return(at: number): void {
    if (!this.isClosed && !this.isComplaintLost && !this.isUnsubscribed) return;
    this.isClosed = false;
    this.isComplaintLost = false;
    this.#places.comeBack();
    for (const figure of ['closed', 'complaint', 'unsubscribed'] as const) this.#rest(figure, at, undefined);
  }

  #begin(contact: Contact, at: number): void {
    const { kind } = contact;
    this.touchpoints++;
    this.firstAt ??= at;
    this.lastAt = at;
    this.#rest('seen', at, contact);
    this.#rest(`kind ${kind}`, at, contact);
    const times = this.#times.get(kind);
    if (times) times.push(at);
    else this.#times.set(kind, [at]);
    if (TWO_WAY.has(kind)) {
      this.twoWay++;
      this.#rest('two_way', at, contact);
    }
    if (isReferral(kind)) {
      this.referrals++;
      this.#rest('referrals', at, contact);
    }
    if (kind === 'subscription_started' || kind === 'subscription_renewed') {
      this.subscriptions.add(subscriptionOf(contact));
      this.#rest('subscriptions', at, contact);
      this.#return(at);
    }
    if (kind === 'customer_created' && this.isClosed) {
      this.isClosed = false;
      this.#rest('closed', at, contact);
    }
    this.#places.begin(kind);
  }

  #end(contact: Contact, at: number): void {
    const { kind } = contact;
    if (kind === 'subscription_cancelled' && this.subscriptions.delete(subscriptionOf(contact)))
      this.#rest('subscriptions', at, contact);
    if (CLOSING.has(kind)) {
      this.isClosed = true;
      this.#rest('closed', at, contact);
    }
    if (isLost(contact)) {
      this.isComplaintLost = true;
      this.#rest('complaint', at, contact);
    }
    if (this.#places.end(kind)) this.#rest('unsubscribed', at, contact);
  }

  /** Of two scores at one moment the lower one stands, as everywhere on the record. */
  #score({ at, scores }: Moment): void {
    const lowest = new Map<string, number>();
    for (const { kind, score } of scores) lowest.set(kind, Math.min(score, lowest.get(kind) ?? score));
    for (const [kind, score] of lowest) {
      this.scores.set(kind, score);
      const seqs = scores.filter((one) => one.kind === kind && one.score === score).map(({ seq }) => seq);
      this.#bases.set(`score ${kind}`, { at, seqs: [...new Set(seqs)].sort((a, b) => a - b), initiator: 'customer' });
    }
  }
}
