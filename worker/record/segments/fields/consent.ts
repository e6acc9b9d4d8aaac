import { addressKindOf, type ConsentChannel, PURPOSES } from '../../../../schema/consent.ts';
import { ASKED_FIRST, holdersOf } from '../../consent/may-contact.ts';
import { latestOf, suppressedOf } from '../../consent/standing.ts';
import type { Field, Sql } from '../field.ts';

const FOREVER = '9007199254740991';
const THEIRS = 'SELECT f.id FROM fragment f WHERE f.customer_id = c.id';

/** What `mayContact` answers of a customer without an address in mind, as one condition over `customer c`. */
function mayContact(channel: ConsentChannel, purpose: string, sql: Sql): string {
  const [asked, by] = [sql.bind(purpose), sql.bind(channel)];
  const kind = addressKindOf(channel);
  const addresses = `SELECT i.kind, i.value FROM fragment f CROSS JOIN identifier i ON i.fragment_id = f.id AND +i.kind = '${kind}'
     WHERE f.customer_id = c.id`;
  const said = (fragments: string, condition: string): string =>
    `EXISTS (SELECT 1 FROM (${latestOf(fragments, FOREVER)}) word WHERE word.purpose = ${asked} AND word.channel = ${by} AND ${condition})`;
  // What was refused for an address of theirs counts, on whosever record that was.
  const concerned = kind === null ? THEIRS : `${THEIRS} UNION ${holdersOf(addresses)}`;
  return [
    ...(kind === null ? [] : [`NOT EXISTS (SELECT 1 FROM (${suppressedOf(addresses)}) b WHERE b.channel = ${by})`]),
    `NOT ${said(concerned, "word.state = 'denied'")}`,
    ...(ASKED_FIRST.some((first) => first === purpose)
      ? [said(THEIRS, "word.state = 'granted' AND word.assurance > 1")]
      : []),
  ].join(' AND ');
}

const WAYS: readonly (readonly [name: string, alias: string, channel: ConsentChannel, title: string])[] = [
  ['may email for', 'may e-mail for', 'email', 'May be e-mailed for'],
  ['may text for', 'may sms for', 'sms', 'May be texted for'],
  ['may message for', 'may use messenger for', 'messenger', 'May be messaged for'],
  ['may call for', 'may phone for', 'phone', 'May be called for'],
  ['may write for', 'may send letters for', 'letter', 'May be sent letters for'],
];

/** What they agreed to and refused, as it counts when something is about to be sent. */
export const consentFields: readonly Field[] = WAYS.map(([name, alias, channel, title]) => ({
  name,
  aliases: [alias, name.replace(/ for$/, '')],
  title,
  help: `Nothing stands against it: for ${PURPOSES.join(', ')}. Offers want their agreement.`,
  example: `${name} "marketing"`,
  group: 'What they agreed to',
  kind: 'set',
  choices: PURPOSES,
  isAlwaysKnown: true,
  condition: (_test, argument, sql) => mayContact(channel, argument ?? '', sql),
}));
