import * as v from 'valibot';
import { normaliseEmail, normalisePhone } from '../../schema/identifiers.ts';
import type { Money } from '../../schema/money.ts';
import type { Json, TouchpointInput } from '../../schema/touchpoint.ts';
import { readForm } from './html-form/fields.ts';
import { claimKey, email, identifiers, phone } from './person.ts';
import { firstOf, known, knownTexts, NAME_LIMIT, parseWith, TEXT_LIMIT, textOf } from './read.ts';

/**
 * What the form tools have in common: a list of questions with answers, of which some tools tell the type and others only
 * the words. The reading of the words is the one of plain HTML forms.
 */

/** What an answer is, where the form tool says so of its question. */
export type AnswerRole = 'email' | 'phone' | 'name' | 'message';

export type FormAnswer = { readonly label: string; readonly value: Json; readonly role?: AnswerRole | null };

export type Submission = {
  /** The tool's id of the submission: the same for each time it is delivered. */
  readonly id: string;
  readonly formId: string | null;
  readonly formName: string | null;
  readonly occurredAt: number | null;
  readonly answers: readonly FormAnswer[];
  /** Begun and not finished: another message of the same submission. */
  readonly isStart?: boolean;
  readonly value?: Money | null;
  readonly language?: string | null;
  readonly country?: string | null;
  readonly data?: { readonly [key: string]: Json };
};

/** The settings all form tools share. */
export const formSettings = {
  /** Country of telephone numbers written without their country code, ISO 3166 alpha-2. */
  country: v.optional(v.nullable(v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, 'use a country code like PL'))), null),
};

const Country = v.object(formSettings);

/** How people are asked for their name in a sentence; the bare words are known to the reader of forms. */
const ASKS_FOR_NAME =
  /\b(?:your|full|first and last) name\b|\bname and surname\b|\bihr name\b|\bvotre nom\b|\btu nombre\b|\bas[ií] se llama\b/i;

/** Nothing of ours begins a label, so that an underscore, which steers HTML forms, is taken off. */
function fieldsOf(answers: readonly FormAnswer[]): readonly FormAnswer[] {
  const seen = new Map<string, number>();
  return answers.map((answer) => {
    const label = textOf(answer.label.replace(/^[_\s]+/, ''), 100) ?? 'question';
    const count = (seen.get(label) ?? 0) + 1;
    seen.set(label, count);
    return { ...answer, label: count === 1 ? label : `${label} (${count})` };
  });
}

const textOfAnswer = ({ value }: FormAnswer): string | null =>
  typeof value === 'number' ? String(value) : textOf(value, TEXT_LIMIT);

const labelWhere = (fields: readonly FormAnswer[], isIt: (answer: FormAnswer) => boolean): string | null =>
  fields.find(isIt)?.label ?? null;

/**
 * One submission of a form. Whatever it says of a person is a claim, also when the tool signs: anybody may have typed it,
 * and what the tool vouches for is only that it was typed.
 */
export function formTouchpoint(submission: Submission, settings: { readonly [key: string]: Json }): TouchpointInput {
  const parsed = parseWith(Country, settings);
  const country = firstOf(parsed.ok ? parsed.value.country : null, submission.country);
  const fields = fieldsOf(submission.answers);
  const named = fields.find((field) => field.role === 'name' && textOfAnswer(field) !== null);
  const asked = named ? null : fields.find(({ label, role }) => !role && ASKS_FOR_NAME.test(label));
  const nameAnswer = named ?? asked;
  const rest = fields.filter((field) => field !== nameAnswer);
  const reading = readForm(Object.fromEntries(rest.map(({ label, value }) => [label, value])), {
    emailField: labelWhere(rest, (field) => field.role === 'email' && normaliseEmail(field.value) !== null),
    nameField: null,
    phoneField: labelWhere(
      rest,
      (field) => field.role === 'phone' && normalisePhone(textOfAnswer(field), country) !== null,
    ),
    messageField: labelWhere(rest, (field) => field.role === 'message' && textOfAnswer(field) !== null),
    honeypot: '',
    country,
  });
  const list = identifiers(email(reading.email, 'claimed'), phone(reading.phone, country, 'claimed'));
  const name = firstOf(nameAnswer ? textOf(nameAnswer.value, NAME_LIMIT) : null, reading.name);
  return {
    messageId: submission.isStart ? `${submission.id}:started` : submission.id,
    kind: submission.isStart ? 'form_started' : 'form_submitted',
    channel: 'web',
    direction: 'in',
    initiator: 'customer',
    occurredAt: submission.occurredAt,
    ...(submission.formId !== null && { subject: `form:${submission.formId}` }),
    value: submission.value ?? null,
    text: reading.message,
    person: {
      key: claimKey(list, `submission:${submission.id}`),
      identifiers: list,
      profile: knownTexts({
        name,
        country: submission.country ?? null,
        language: textOf(submission.language ?? null, 35),
      }),
    },
    data: known({
      externalId: submission.id,
      formId: submission.formId,
      form: submission.formName,
      fields: reading.others,
      ...submission.data,
    }),
  };
}
