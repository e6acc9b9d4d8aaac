import type * as z from 'zod';
import { moneyFromMajor } from '../../../schema/money.ts';
import { ContactBody, contactOf, type Fault, faultOfTime, faultsOf } from '../../api/contact-schema.ts';
import type { Runtime } from '../../platform/env.ts';
import { logByHand } from '../../record/by-hand.ts';
import { customerIdOf } from '../../record/customers.ts';
import type { Form } from '../form.ts';

const FIELDS = [
  'messageId',
  'kind',
  'text',
  'direction',
  'channel',
  'initiator',
  'handler',
  'handledBy',
  'phase',
  'purpose',
  'result',
  'minutes',
  'cost',
  'currency',
  'arrangement',
  'approach',
  'activity',
  'means',
  'trade',
  'at',
] as const;
export type ContactField = (typeof FIELDS)[number];

/** What was typed, as it stands in the form: given back whole when something does not fit. */
export type ContactDraft = Readonly<Record<ContactField, string>>;
export type ContactFaults = Readonly<Partial<Record<ContactField, string>>>;
export type ContactForm = { readonly draft: ContactDraft; readonly faults: ContactFaults };

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An empty form. Its id makes pressing the button twice log once. */
export const blankDraft = (messageId: string, over: Partial<ContactDraft> = {}): ContactDraft => ({
  ...(Object.fromEntries(FIELDS.map((field) => [field, ''])) as ContactDraft),
  messageId,
  kind: 'note_added',
  direction: 'in',
  handler: 'staff',
  ...over,
});

export function draftOf(form: Form, freshId: string): ContactDraft {
  const typed = Object.fromEntries(FIELDS.map((field) => [field, form.text(field).trim()])) as ContactDraft;
  return {
    ...typed,
    messageId: UUID.test(typed.messageId) ? typed.messageId : freshId,
    kind: typed.kind || 'note_added',
    handler: typed.handler || 'staff',
  };
}

/** A time as `datetime-local` writes it, read as UTC, as the API writes one; anything else as it is. */
const momentOf = (at: string): string => (/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(at) ? `${at}:00Z` : `${at}Z`);

const costOf = ({ cost, currency }: ContactDraft) =>
  cost === '' ? undefined : (moneyFromMajor(cost.replace(',', '.'), currency) ?? cost);

/** The draft in the words of the API: what is empty is left out. */
function bodyOf(draft: ContactDraft): Record<string, unknown> {
  const { at, cost: _cost, currency: _currency, minutes, ...rest } = draft;
  const said = Object.entries({
    ...rest,
    minutes: minutes === '' ? undefined : Number(minutes.replace(',', '.')),
    cost: costOf(draft),
    occurredAt: at === '' ? undefined : momentOf(at),
  });
  return Object.fromEntries(said.filter(([name, value]) => name === 'text' || (value !== '' && value !== undefined)));
}

const FIELD_OF: Readonly<Record<string, ContactField>> = { occurredAt: 'at' };
const OWN_WORDS: Readonly<Partial<Record<ContactField, string>>> = {
  cost: 'Write an amount such as 6.40, and its currency as three letters.',
};

function faultsIn(faults: readonly Fault[]): ContactFaults {
  const found: Partial<Record<ContactField, string>> = {};
  for (const { path, message } of faults) {
    const name = path.split('.', 1)[0] ?? '';
    const field = FIELD_OF[name] ?? FIELDS.find((candidate) => candidate === name) ?? 'text';
    const malformed = field === 'at' && !/come yet/.test(message);
    found[field] ??= malformed
      ? 'Write the time like 2026-11-22T14:05, or leave it empty for now.'
      : (OWN_WORDS[field] ?? message);
  }
  return found;
}

export type CheckedDraft =
  | { readonly ok: true; readonly body: z.output<typeof ContactBody> }
  | { readonly ok: false; readonly faults: ContactFaults };

/** Checks a draft as the API checks a contact. */
export function checkDraft(draft: ContactDraft, now: number): CheckedDraft {
  const parsed = ContactBody.safeParse(bodyOf(draft));
  if (!parsed.success) return { ok: false, faults: faultsIn(faultsOf(parsed.error)) };
  const fault = faultOfTime(parsed.data, now);
  return fault ? { ok: false, faults: faultsIn([fault]) } : { ok: true, body: parsed.data };
}

/** Logs what has been checked. False when there is no such customer. */
export async function logContact(
  runtime: Runtime,
  publicId: string,
  draft: ContactDraft,
  body: z.output<typeof ContactBody>,
): Promise<boolean> {
  const customer = await customerIdOf(runtime.db, publicId);
  if (customer === null) return false;
  await logByHand(runtime, customer, contactOf(body, draft.messageId));
  return true;
}
