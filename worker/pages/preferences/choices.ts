import { addressKindOf, CONSENT_PAIRS, type ConsentChannel, PURPOSES, type Purpose } from '../../../schema/consent.ts';
import { ASKED_FIRST } from '../../record/consent/may-contact.ts';
import type { Standing } from '../../record/consent/standing.ts';
import type { CustomerRecord } from '../../record/customer.ts';

/** One thing that may be chosen, and how it stands: as they said, or as silence means. */
export type Choice = {
  readonly purpose: Purpose;
  readonly channel: ConsentChannel;
  readonly isAllowed: boolean;
  /** What they said, if they did and it counts. */
  readonly said: Pick<Standing, 'state' | 'at'> | null;
};

/** Ways that a person has no address for, and that still concern everybody. */
const ALWAYS: readonly string[] = ['marketing:letter', 'profiling:web'];

/** What somebody can choose: the ways by which they can be reached, and all they have spoken of. */
export function choicesOf(record: Pick<CustomerRecord, 'identifiers'>, standing: readonly Standing[]): Choice[] {
  const kinds = new Set(record.identifiers.map(({ kind }) => kind));
  return CONSENT_PAIRS.flatMap(({ purpose, channel }) => {
    const said = standing.find((one) => one.purpose === purpose && one.channel === channel) ?? null;
    const kind = addressKindOf(channel);
    const isReached = kind !== null && kinds.has(kind);
    if (!isReached && !said && !ALWAYS.includes(`${purpose}:${channel}`)) return [];
    const isAskedFirst = ASKED_FIRST.includes(purpose);
    // What somebody ticked in a form is theirs to confirm here, so the box is not ticked for them.
    const isUnconfirmed = isAskedFirst && said?.state === 'granted' && said.assurance === 'claimed';
    const heard = isUnconfirmed ? null : said;
    return [{ purpose, channel, isAllowed: heard ? heard.state === 'granted' : !isAskedFirst, said: heard }];
  });
}

/** The name of a choice in the form: `marketing:email`. */
export const nameOfChoice = ({ purpose, channel }: Pick<Choice, 'purpose' | 'channel'>): string =>
  `${purpose}:${channel}`;

/**
 * What a posted form changes. It tells what stood there when it was read, so that leaving something as it was says nothing of it,
 * whatever has become of it since.
 */
export const changedChoices = (ticked: readonly string[], shown: readonly string[]) =>
  CONSENT_PAIRS.flatMap(({ purpose, channel }) => {
    const name = nameOfChoice({ purpose, channel });
    const was = shown.includes(`${name}:1`) ? true : shown.includes(`${name}:0`) ? false : null;
    const isNow = ticked.includes(name);
    if (was === null || was === isNow) return [];
    return [{ purpose, channel, state: isNow ? ('granted' as const) : ('denied' as const) }];
  });

/** The choices of each purpose that has any. */
export const byPurpose = (choices: readonly Choice[]) =>
  PURPOSES.map((purpose) => ({ purpose, choices: choices.filter((choice) => choice.purpose === purpose) })).filter(
    (group) => group.choices.length > 0,
  );
