import { addressKindOf, type ConsentInput } from '../../../schema/consent.ts';
import type { TouchpointInput } from '../../../schema/touchpoint.ts';
import { bestOf, rankOfPerson } from '../person-rank.ts';
import type { Stamp } from '../stamp.ts';
import { saidWith } from './of-kinds.ts';

/** What touchpoints say of consent, as rows of the ledgers. They are written in the batch of the touchpoint that brings them. */

/** A version is a word of the owner's: cut to what an index should hold. */
const MAX_WORDING = 100;

/**
 * Whose word it is. Who agrees to be reached by a channel agrees for the address there, so that the word is worth what is known of
 * that address: the sender's own customer may have typed another's. A refusal is worth what is known of the person: it does no harm.
 */
function wordOf({ person: { identifiers } }: TouchpointInput, { channel, state }: ConsentInput): number {
  const kind = addressKindOf(channel);
  const addresses = state === 'denied' ? [] : identifiers.filter((one) => one.kind === kind);
  return addresses.length > 0 ? bestOf(addresses) : rankOfPerson(identifiers);
}

export const consentRows = (t: TouchpointInput) =>
  saidWith(t).consents.map((said) => {
    const { purpose, channel, state, at, basis = 'source', wording, proof } = said;
    return {
      message: t.messageId,
      purpose,
      channel,
      state,
      said: at ?? null,
      assurance: wordOf(t, said),
      basis,
      wording: wording?.trim().slice(0, MAX_WORDING) || null,
      proof: proof && Object.keys(proof).length > 0 ? JSON.stringify(proof) : null,
    };
  });

/** One row an address: a claim speaks for nobody's. */
export const suppressionRows = (t: TouchpointInput) =>
  saidWith(t).suppressions.flatMap(({ channel, reason, isLifted = false }) =>
    t.person.identifiers
      .filter(({ kind, assurance }) => kind === addressKindOf(channel) && assurance !== 'claimed')
      .map(({ value }) => ({
        message: t.messageId,
        channel,
        address: value,
        reason,
        state: isLifted ? ('lifted' as const) : ('suppressed' as const),
      })),
  );

type Stamped<Row> = readonly (Row & Stamp)[];

/** Rows of touchpoints that are new with their delivery. What is said again of the same moment is not written again. */
export const insertConsents = (
  db: D1Database,
  rows: Stamped<ReturnType<typeof consentRows>[number]>,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO consent (fragment_id, purpose, channel, state, at, recorded_at, assurance, basis, source_id, touchpoint_seq, wording, proof)
       SELECT t.fragment_id, c.value ->> 'purpose', c.value ->> 'channel', c.value ->> 'state',
         min(coalesce(c.value ->> 'said', t.occurred_at), t.received_at), t.received_at, c.value ->> 'assurance', c.value ->> 'basis',
         t.source_id, t.seq, c.value ->> 'wording', c.value ->> 'proof'
       FROM json_each(?1) c
       CROSS JOIN touchpoint t ON t.source_id = c.value ->> 'source' AND t.message_id = c.value ->> 'message'
       WHERE t.delivery_id = c.value ->> 'delivery'
       ON CONFLICT DO NOTHING`,
    )
    .bind(JSON.stringify(rows));

/** The same for what became of addresses. */
export const insertSuppressions = (
  db: D1Database,
  rows: Stamped<ReturnType<typeof suppressionRows>[number]>,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO suppression (channel, address, reason, state, at, recorded_at, fragment_id, source_id)
       SELECT s.value ->> 'channel', s.value ->> 'address', s.value ->> 'reason', s.value ->> 'state', t.occurred_at, t.received_at,
         t.fragment_id, t.source_id
       FROM json_each(?1) s
       CROSS JOIN touchpoint t ON t.source_id = s.value ->> 'source' AND t.message_id = s.value ->> 'message'
       WHERE t.delivery_id = s.value ->> 'delivery'
       ON CONFLICT DO NOTHING`,
    )
    .bind(JSON.stringify(rows));
