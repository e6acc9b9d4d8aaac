import type { Runtime } from '../../platform/env.ts';
import {
  MAX_DAYS,
  MIN_DAYS,
  RETENTION_RULES,
  type Retention,
  type RetentionRule,
  setRetention,
} from '../../record/erasure/retention.ts';
import { countTightened, previewRule } from '../../record/erasure/retention-preview.ts';
import type { Form } from '../form.ts';
import { CONFIRMATION } from './erase-page.tsx';
import type { RetentionForm, RuleForm } from './retention-form.tsx';

type Read = { readonly typed: string; readonly days: number | null; readonly fault: string | null };
type Rules = Readonly<Record<RetentionRule, Read>>;

/** Days as they were typed; empty for none. */
function daysOf(form: Form, rule: RetentionRule): Read {
  const typed = form.text(rule).trim();
  if (typed === '') return { typed, days: null, fault: null };
  const days = /^\d{1,6}$/.test(typed) ? Number(typed) : Number.NaN;
  if (days >= MIN_DAYS && days <= MAX_DAYS) return { typed, days, fault: null };
  return { typed, days: null, fault: `Write a number of days from ${MIN_DAYS} to ${MAX_DAYS}, or leave it empty.` };
}

/** What a confirmation is about: these days, and so many people at most. */
const seenOf = ({ visitors, inactive }: Retention, count: number): string =>
  `${visitors ?? ''}/${inactive ?? ''}/${count}`;

/** True where the same rules were confirmed, and no more go than were seen. */
function isSeen(seen: string, rules: Retention, count: number): boolean {
  const counted = /\d+$/.exec(seen)?.[0];
  return counted !== undefined && count <= Number(counted) && seen === seenOf(rules, Number(counted));
}

async function previewed(runtime: Runtime, rules: Rules, confirm: RetentionForm['confirm']): Promise<RetentionForm> {
  const shown = async (rule: RetentionRule): Promise<RuleForm> => {
    const { typed, days, fault } = rules[rule];
    return { typed, fault, due: days === null ? null : await previewRule(runtime, rule, days) };
  };
  const [visitors, inactive] = await Promise.all([shown('visitors'), shown('inactive')]);
  return { visitors, inactive, confirm };
}

const FAULTS = {
  word: `Type the word “${CONFIRMATION}”. Nothing was saved.`,
  other: 'This is no longer what you saw before. Look at it again, please. Nothing was saved.',
} as const;

/** What is not saved yet, and how it is shown; null for what is saved. */
type Outcome = { readonly form: RetentionForm | null; readonly status: number };

/**
 * Saves the rules of retention as typed, or shows what they would do. Rules under which somebody would go at once who stays
 * under those that are set are saved only after the word was typed over the people that were shown.
 */
export async function setRules(runtime: Runtime, form: Form): Promise<Outcome> {
  const read: Rules = { visitors: daysOf(form, 'visitors'), inactive: daysOf(form, 'inactive') };
  const isWrong = RETENTION_RULES.some((rule) => read[rule].fault !== null);
  if (isWrong || form.text('act') !== 'save')
    return { form: await previewed(runtime, read, null), status: isWrong ? 422 : 200 };
  const wanted: Retention = { visitors: read.visitors.days, inactive: read.inactive.days };
  const count = await countTightened(runtime, wanted);
  const seen = form.text('seen');
  const isTyped = form.text('confirmation').trim().toLowerCase() === CONFIRMATION;
  if (count === 0 || (isTyped && isSeen(seen, wanted, count))) {
    await setRetention(runtime, wanted);
    return { form: null, status: 303 };
  }
  const fault = seen === '' ? null : isTyped ? FAULTS.other : FAULTS.word;
  const confirm = { seen: seenOf(wanted, count), fault };
  return { form: await previewed(runtime, read, confirm), status: fault === null ? 200 : 422 };
}
