import { BELONGING } from './belonging.ts';
import type { Holding } from './holding.ts';
import { WHAT_HAPPENED } from './what-happened.ts';
import { WHO_THEY_RESEMBLE } from './who-they-resemble.ts';
import { WHO_THEY_WERE } from './who-they-were.ts';

/**
 * Where the data of people stand: every table that holds any, with each of its columns. Erasure and export are made from this
 * list, and a test fails when a table or column of the schema is in neither this list nor the one of what is nobody's.
 */
export const HOLDINGS: readonly Holding[] = [...BELONGING, ...WHO_THEY_RESEMBLE, ...WHO_THEY_WERE, ...WHAT_HAPPENED];

/** Tables where no key leads from a person to their rows: the sweep searches them for the person's own values. */
export const SEARCHED: Readonly<Record<string, readonly string[]>> = {
  delivery: ['body', 'headers', 'reason'],
  import_refusal: ['import_id', 'line', 'field', 'reason', 'cells'],
};

/** Tables that hold nothing of customers, each with the reason. */
export const NOBODYS: Readonly<Record<string, string>> = {
  source: 'the doors of the business itself: its own keys and settings',
  import: 'files that staff brought in: how they are read and how far',
  replay: 'how far kept deliveries were read once more',
  household: 'a number that people may share; who they are stands in edits, and its name is made of theirs',
  contact_rate: 'what a contact costs the business',
  product: 'what is sold',
  product_cost: 'what it costs the business',
  product_total: 'what it brings in, over everybody',
  segment: 'rules that staff have made; who belongs to them is worked out anew each time',
  stage_rules: 'rules of the business',
  log_cursor: 'how far followers of the log have read',
  staff_session: 'sessions of staff, by hash',
  staff_member: 'who works for the business',
  custom_field: 'what the business keeps of people: names of fields, not what they hold',
  wording: 'texts of the business that people are asked to agree to',
  erasing: 'empty but within the transaction of an erasure',
  erasure_key: 'a random key',
  erasure: 'certificates, without anything personal; what is still looked for goes when it was found',
  business: 'who the business itself is, and how its mails go out',
  mail_request: 'keyed hashes of addresses that asked for a link, known and unknown ones alike; gone after a day',
  confirmation:
    'keyed hashes of browsers and addresses that asked for a code, known and unknown ones alike; gone after a day',
  kept_refusal: 'keyed hashes of addresses of the erased that must not be written to',
  tombstone: 'keyed hashes that keep the erased from coming back',
  retention: 'rules of the business',
  never_join: 'values that the owner has said are nobody’s: they name no single person',
  identity_limit: 'rules of the business',
  d1_migrations: 'names of migrations',
};
