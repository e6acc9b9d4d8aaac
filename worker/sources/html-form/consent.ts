import { CONSENT_CHANNELS, type ConsentInput, PURPOSES } from '../../../schema/consent.ts';
import { type JsonObject, known, textOf } from '../read.ts';

/**
 * Boxes that ask for consent go by their name: `consent_marketing`, or `consent_research_sms` for a channel other than e-mail. What a
 * browser sends is a tick; a box that is not ticked is not sent and says nothing. `consent_wording` names the version of the text
 * beside them.
 */
const NAME = /^consent_([a-z]+?)(?:_([a-z]+))?$/;
const WORDING = 'consent_wording';

const NO: readonly string[] = ['0', 'false', 'no', 'off', 'none', 'denied', ''];

/** True for a field that is read here and need not be shown among the others. */
export const isConsentField = (name: string): boolean => name === WORDING || readName(name) !== null;

function readName(name: string): Pick<ConsentInput, 'purpose' | 'channel'> | null {
  const [, first, second] = NAME.exec(name) ?? [];
  const purpose = PURPOSES.find((one) => one === first);
  const channel = CONSENT_CHANNELS.find((one) => one === (second ?? (purpose === 'profiling' ? 'web' : 'email')));
  return purpose && channel ? { purpose, channel } : null;
}

/** What was ticked. A value that says no in so many words (radio buttons) is a refusal. */
export function consentsIn(payload: JsonObject, page: string | null): readonly ConsentInput[] {
  const wording = textOf(payload[WORDING], 100);
  return Object.entries(payload).flatMap(([name, value]): readonly ConsentInput[] => {
    const about = readName(name);
    // A hidden field before a box sends its "no" along with the tick: the last one counts.
    const said = Array.isArray(value) ? value.at(-1) : value;
    const text = typeof said === 'boolean' || typeof said === 'number' ? String(said) : (textOf(said) ?? '');
    if (!about) return [];
    const state = NO.includes(text.toLowerCase()) ? 'denied' : 'granted';
    return [{ ...about, state, basis: 'form', wording, proof: known({ field: name, page }) }];
  });
}
