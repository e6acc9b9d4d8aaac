import type { Json } from '../../../../schema/touchpoint.ts';
import type { HandLogged } from '../../../record/by-hand.ts';
import { DEMO_WORDING } from '../consent.ts';
import { CURRENCY } from '../goods.ts';
import type { Person } from '../people.ts';
import type { Random } from '../random.ts';
import { MESSAGES, NOTES, type StaffNote } from '../words.ts';
import { DAY, type Happening, HOUR } from './happening.ts';

const MESSAGE_COUNT = 32;
const NOTE_COUNT = 26;
const BOX_MINOR = 2400;

const STRANGERS: readonly [string, ...string[]] = [
  'Ada Quillfeather',
  'Mirela Vântu',
  'Noor Haddon',
  'Bram Oosterveld',
  'Kalina Ostrowska',
];

const TEAS = ['Green', 'oolong', 'black', 'rooibos', 'green'];

/** The contact form: some are strangers, some give an address that a customer has. Both are taken at their word, no more. */
export function formMessages(random: Random, now: number, people: readonly [Person, ...Person[]]): Happening[] {
  return Array.from({ length: MESSAGE_COUNT }, (_, index) => {
    const at = now - Math.floor(340 * DAY * random.next()) - HOUR;
    const person = random.pick(people);
    const isKnown = index % 3 === 0;
    const name = isKnown ? `${person.first} ${person.last}`.trim() : random.pick(STRANGERS);
    const address = isKnown ? person.email : `${name.split(' ')[0]?.toLowerCase()}.${index}@example.org`;
    return {
      at,
      source: 'form',
      headers: { 'content-type': 'application/x-www-form-urlencoded', referer: 'https://harbour-hare.test/contact' },
      payload: {
        _id: random.uuid(),
        name,
        email: address,
        message: random.pick(MESSAGES),
        // No more draws, so that the rest of the year stays as it was; one of them fits no choice of the field that it fills.
        ...(index % 2 === 0 && { 'Favourite tea': TEAS[index % TEAS.length] ?? '' }),
        ...(index % 5 === 0 && { 'How did you hear of us?': index % 10 === 0 ? 'A friend' : 'At the market' }),
        ...(index % 4 === 0 && { consent_marketing: 'on', consent_wording: DEMO_WORDING.version }),
      },
    } as const;
  });
}

/** A box of tea each month, from another system, which knows its customers by numbers of its own. */
export function subscriptions(random: Random, now: number, people: readonly Person[]): Happening[] {
  const subscribers = people.filter(() => random.chance(0.14));
  return subscribers.flatMap((person, index) => {
    const startedAt = now - random.between(20, 350) * DAY - random.between(0, 600) * 60_000;
    const subscriber = {
      customer_id: `box-${200 + index}`,
      // Some subscribe with their address in other letters, so that there is a pair to suggest.
      email: index % 6 === 2 ? person.email.replace('@', '+box@') : person.email,
      name: `${person.first} ${person.last}`.trim(),
      country: person.country,
    };
    const months = Math.floor((now - startedAt) / (30 * DAY));
    const event = (type: string, at: number, data: { readonly [key: string]: Json }): Happening => ({
      at,
      source: 'box',
      headers: {
        'content-type': 'application/json',
        'webhook-id': `msg_${type}_${index}_${Math.round((at - startedAt) / DAY)}`,
      },
      payload: { type, timestamp: new Date(at).toISOString(), data: { ...subscriber, ...data } },
    });
    const payments = Array.from({ length: months }, (_, month) => {
      const hasFailed = month === months - 1 && random.chance(0.25);
      const payment = { id: `pay-${index}-${month}`, amount_minor: BOX_MINOR, currency: CURRENCY };
      return event(
        hasFailed ? 'payment.failed' : 'payment.succeeded',
        startedAt + (month + 1) * 30 * DAY - 2 * DAY,
        payment,
      );
    });
    return [event('subscription.started', startedAt, { id: `sub-${index}` }), ...payments];
  });
}

export type Note = { readonly at: number; readonly person: Person; readonly contact: HandLogged };

/** What staff wrote down about customers. */
export function notesOf(random: Random, now: number, people: readonly [Person, ...Person[]]): Note[] {
  return Array.from({ length: NOTE_COUNT }, (_, index) => {
    const at = now - Math.floor((index === 0 ? 1 : 120) * DAY * random.next()) - HOUR;
    // The first of them is one that shows what a contact can say.
    const note: StaffNote = index === 0 ? NOTES[0] : random.pick(NOTES);
    const contact: HandLogged = { messageId: random.uuid(), handler: 'staff', occurredAt: at, ...note };
    return { at, person: random.pick(people), contact };
  });
}
