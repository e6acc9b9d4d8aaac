import * as z from 'zod';
import { ASSURANCES } from '../../schema/customer.ts';
import { tidyTag } from '../../schema/staff-word.ts';
import { PARTIES, WISH_CHANNELS } from '../../schema/vocabulary.ts';
import type { CustomerRecord, ProfileValue } from '../record/customer.ts';
import type { CustomerFilter } from '../record/customers.ts';
import { occasionsOf } from '../record/occasions.ts';
import { time, toTime, toTimeOrNull } from './times.ts';

/** Who a customer is, as the API tells it: every value with who says it. */

const Value = z.object({
  value: z.string(),
  assurance: z.enum([...ASSURANCES, 'staff']).describe('"staff" stands over all sources'),
  at: time,
  source: z.string().nullable().describe('Name of the source; null where staff say it'),
  saidBy: z.string().nullable().describe('Name or kind of who said it, where staff say it'),
  reason: z.string().nullable(),
  until: time.nullable().describe('Stands until then; null for good'),
  others: z
    .array(z.object({ value: z.string(), assurance: z.enum(ASSURANCES), at: time, source: z.string() }))
    .describe('What other sources say, the best first'),
});

export const WHO = {
  relationship: z.string().nullable(),
  owner: z.string().nullable().describe('Id of the member of staff who looks after them'),
  ownerName: z.string().nullable(),
  profile: z.record(z.string(), Value),
  fields: z.record(z.string(), Value).describe('Your own fields, by key'),
  tags: z.array(z.string()),
  occasions: z.array(
    z.object({
      what: z.string(),
      day: z.string().describe('MM-DD, or YYYY-MM-DD where the year is known'),
      inDays: z.int(),
      years: z.int().nullable().describe('How many years it will be'),
      isDerived: z.boolean(),
    }),
  ),
  wishes: z.object({ channel: z.enum(WISH_CHANNELS).nullable(), language: z.string().nullable() }),
};

/** Voices given of one value. */
const MOST_OTHERS = 20;

const entryOf = ({ value, assurance, at, sourceName, word, voices }: ProfileValue): z.input<typeof Value> => ({
  value,
  assurance,
  at: toTime(at),
  source: sourceName,
  saidBy: word && (word.actorName ?? word.actor),
  reason: word?.reason ?? null,
  until: word && toTimeOrNull(word.untilAt),
  others: voices.slice(0, MOST_OTHERS).map((voice) => ({
    value: voice.value,
    assurance: voice.assurance,
    at: toTime(voice.at),
    source: voice.sourceName,
  })),
});

const OWN = 'x:';
const TAG = 'tag:';

/** The part of a customer that says who they are. `now` in epoch ms. */
export function whoOf(record: CustomerRecord, now: number) {
  const values = Object.entries(record.profile).flatMap(([field, value]) =>
    value ? [[field, entryOf(value)] as const] : [],
  );
  const word = (field: string) => record.said.find((candidate) => candidate.field === field);
  const channel = WISH_CHANNELS.find((candidate) => candidate === word('channel')?.value) ?? null;
  return {
    relationship: record.relationship,
    owner: record.owner,
    ownerName: word('owner')?.valueName ?? null,
    profile: Object.fromEntries(values.filter(([field]) => !field.startsWith(OWN))),
    fields: Object.fromEntries(
      values.flatMap(([field, value]) => (field.startsWith(OWN) ? [[field.slice(OWN.length), value]] : [])),
    ),
    tags: record.said.flatMap(({ field }) => (field.startsWith(TAG) ? [field.slice(TAG.length)] : [])),
    occasions: occasionsOf(record, now),
    wishes: { channel, language: record.profile.language?.value ?? null },
  };
}

/** What lists of customers can be narrowed by. */
export const WHO_FILTERS = {
  party: z.enum(PARTIES).optional(),
  owner: z.string().max(100).optional().describe('Id of a member of staff, or "none"'),
  tag: z.string().max(100).optional(),
};

/** The same as the record reads it. */
export const whoFilter = (query: {
  readonly party?: string | undefined;
  readonly owner?: string | undefined;
  readonly tag?: string | undefined;
}): Pick<CustomerFilter, 'party' | 'owner' | 'tag'> => ({
  ...(query.party !== undefined && { party: query.party }),
  ...(query.owner !== undefined && { owner: query.owner }),
  ...(query.tag !== undefined && { tag: tidyTag(query.tag) ?? query.tag }),
});
