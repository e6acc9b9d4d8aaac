import { ERASED_PERSON } from '../deliveries.ts';
import { ERASED } from './hashes.ts';

/**
 * Where the data of people stand: every table that holds any, with each of its columns. Erasure and export are made from this
 * list, and a test fails when a table or column of the schema is in neither this list nor the one of what is nobody's.
 */

/**
 * What erasure makes of a column:
 * `emptied`: NULL; `hashed`: a keyed hash, so that a repetition is still known; `random`: something that means nothing;
 * `figure`: stays, since it names nobody and the numbers of the business rest on it; `link`: a number of ours that leads to
 * another row of this list, or to a row that is nobody's.
 */
export type Fate = 'emptied' | 'hashed' | 'random' | 'figure' | 'link';

export type Holding = {
  readonly table: string;
  /** What staff call it: "identifiers". */
  readonly title: string;
  /** `deleted`: whole rows go. `anonymised`: rows stay, each column as its fate says. */
  readonly rows: 'deleted' | 'anonymised';
  readonly columns: Readonly<Record<string, Fate>>;
  /** Which rows of `x` are those of the fragments in the JSON list ?1. */
  readonly where: string;
  /** SQL for columns that get something other than what their fate says. */
  readonly set?: Readonly<Record<string, string>>;
  /** Part of what a person is handed who asks what we hold of them. */
  readonly isExported: boolean;
};

/** As hard to guess as any id of ours. */
const RANDOM = 'lower(hex(randomblob(16)))';
const LISTED = '(SELECT value FROM json_each(?1))';
const byFragment = `x.fragment_id IN ${LISTED}`;

export const HOLDINGS: readonly Holding[] = [
  {
    table: 'proof',
    title: 'tokens shown for them',
    rows: 'anonymised',
    // The token stays taken: it must be of use to nobody else.
    columns: { source_id: 'link', token_hash: 'figure', holder: 'random', first_at: 'figure' },
    set: { holder: `'${ERASED}' || ${RANDOM}` },
    where: `(x.source_id, x.holder) IN (SELECT i.scope, i.value FROM identifier i WHERE i.kind = 'anonymous_id' AND i.fragment_id IN ${LISTED})`,
    isExported: true,
  },
  {
    table: 'identifier',
    title: 'identifiers',
    rows: 'deleted',
    columns: {
      kind: 'emptied',
      value: 'emptied',
      scope: 'link',
      fragment_id: 'link',
      assurance: 'emptied',
      may_link: 'emptied',
      first_at: 'emptied',
      last_at: 'emptied',
    },
    where: byFragment,
    isExported: true,
  },
  {
    table: 'profile',
    title: 'profile fields',
    rows: 'deleted',
    columns: { fragment_id: 'link', field: 'emptied', value: 'emptied', assurance: 'emptied', at: 'emptied' },
    where: byFragment,
    isExported: true,
  },
  {
    table: 'decision',
    title: 'decisions on who they are',
    rows: 'deleted',
    columns: {
      id: 'link',
      action: 'emptied',
      actor: 'emptied',
      rule: 'emptied',
      fragment_a: 'link',
      fragment_b: 'link',
      evidence: 'emptied',
      decided_at: 'emptied',
      revoked_at: 'emptied',
      revoked_by: 'emptied',
      revoke_reason: 'emptied',
    },
    where: `x.id IN (SELECT d.id FROM decision d WHERE d.fragment_a IN ${LISTED} UNION SELECT d.id FROM decision d WHERE d.fragment_b IN ${LISTED})`,
    isExported: true,
  },
  {
    table: 'attention',
    title: 'open matters',
    rows: 'deleted',
    columns: {
      id: 'link',
      touchpoint_seq: 'link',
      rule: 'emptied',
      fragment_id: 'link',
      raised_at: 'emptied',
      closed_at: 'emptied',
    },
    // By the touchpoints of theirs: the index over fragments holds what is open only.
    where: `x.touchpoint_seq IN (SELECT t.seq FROM touchpoint t WHERE t.fragment_id IN ${LISTED})`,
    isExported: true,
  },
  {
    table: 'person_work',
    title: 'work under way',
    rows: 'deleted',
    columns: { id: 'link', fragment_id: 'link', reason: 'emptied' },
    where: byFragment,
    isExported: false,
  },
  {
    table: 'job',
    title: 'jobs about their messages',
    rows: 'deleted',
    columns: {
      id: 'link',
      key: 'emptied',
      kind: 'emptied',
      payload: 'emptied',
      source_id: 'link',
      run_at: 'emptied',
      attempts: 'emptied',
      error: 'emptied',
      created_at: 'emptied',
      done_at: 'emptied',
      dead_at: 'emptied',
    },
    where: `x.id IN (SELECT j.id FROM touchpoint t CROSS JOIN job j ON j.source_id = t.source_id AND j.payload ->> 'messageId' = t.message_id
      WHERE t.fragment_id IN ${LISTED})`,
    isExported: false,
  },
  {
    table: 'customer_search',
    title: 'search entries',
    rows: 'deleted',
    columns: { text: 'emptied' },
    where: `x.rowid IN ${LISTED}`,
    isExported: false,
  },
  {
    table: 'delivery',
    title: 'raw deliveries',
    rows: 'anonymised',
    columns: {
      id: 'figure',
      source_id: 'link',
      outcome: 'figure',
      reason: 'emptied',
      stored: 'figure',
      headers: 'emptied',
      body: 'emptied',
    },
    set: { reason: `'${ERASED_PERSON}'` },
    where: `x.id IN (SELECT t.delivery_id FROM touchpoint t WHERE t.fragment_id IN ${LISTED})`,
    isExported: true,
  },
  {
    table: 'touchpoint',
    title: 'touchpoints',
    rows: 'anonymised',
    columns: {
      seq: 'figure',
      source_id: 'link',
      message_id: 'hashed',
      fragment_id: 'link',
      delivery_id: 'link',
      kind: 'figure',
      channel: 'figure',
      direction: 'figure',
      initiator: 'figure',
      phase: 'figure',
      handler: 'figure',
      purpose: 'emptied',
      occurred_at: 'figure',
      received_at: 'figure',
      subject: 'emptied',
      value_minor: 'figure',
      currency: 'figure',
      cost_minor: 'figure',
      cost_currency: 'figure',
      score: 'figure',
      text: 'emptied',
      data: 'emptied',
    },
    where: byFragment,
    isExported: true,
  },
  {
    table: 'answer',
    title: 'answers',
    rows: 'anonymised',
    columns: {
      kind: 'figure',
      occurred_at: 'figure',
      seq: 'link',
      question: 'figure',
      fragment_id: 'link',
      score: 'figure',
    },
    where: byFragment,
    isExported: true,
  },
  {
    table: 'refund',
    title: 'refunds',
    rows: 'anonymised',
    columns: {
      source_id: 'link',
      order_id: 'hashed',
      external_id: 'hashed',
      amount_minor: 'figure',
      currency: 'figure',
    },
    where: `(x.source_id, x.order_id) IN (SELECT o.source_id, o.external_id FROM orders o WHERE o.fragment_id IN ${LISTED})`,
    isExported: true,
  },
  {
    table: 'orders',
    title: 'orders',
    rows: 'anonymised',
    columns: {
      source_id: 'link',
      external_id: 'hashed',
      fragment_id: 'link',
      person_rank: 'figure',
      person_as_of: 'figure',
      number: 'emptied',
      as_of: 'figure',
      total_minor: 'figure',
      currency: 'figure',
      lines: 'emptied',
      cancelled_at: 'figure',
      is_void: 'figure',
      placed_at: 'figure',
      paid_at: 'figure',
      fulfilled_at: 'figure',
      deleted_at: 'figure',
      refunded_minor: 'figure',
      is_deleted: 'figure',
      counts: 'figure',
    },
    where: byFragment,
    isExported: true,
  },
  {
    table: 'fragment',
    title: 'the person as each source knows them',
    rows: 'anonymised',
    columns: { id: 'link', source_id: 'link', key: 'random', customer_id: 'link', is_contested: 'figure' },
    // Each alone: what joined them is gone, and figures that stand together would tell more.
    set: { key: `'${ERASED}' || ${RANDOM}`, customer_id: 'id', is_contested: '0' },
    where: `x.id IN ${LISTED}`,
    isExported: true,
  },
  {
    table: 'customer',
    title: 'records',
    rows: 'anonymised',
    columns: {
      id: 'link',
      public_id: 'random',
      is_known: 'figure',
      is_current: 'figure',
      party: 'figure',
      display_name: 'emptied',
      touchpoints: 'figure',
      first_at: 'figure',
      last_at: 'figure',
      orders: 'figure',
      revenue: 'figure',
      created_at: 'figure',
    },
    set: { public_id: RANDOM },
    where: `x.id IN ${LISTED}`,
    isExported: true,
  },
];

/** Tables where no key leads from a person to their rows: the sweep searches them for the person's own values. */
export const SEARCHED: Readonly<Record<string, readonly string[]>> = {
  delivery: ['body', 'headers', 'reason'],
  import_refusal: ['import_id', 'line', 'field', 'reason', 'cells'],
};

/** Tables that hold nothing of customers, each with the reason. */
export const NOBODYS: Readonly<Record<string, string>> = {
  source: 'the doors of the business itself: its own keys and settings',
  import: 'files that staff brought in: how they are read and how far',
  log_cursor: 'how far followers of the log have read',
  staff_session: 'sessions of staff, by hash',
  erasure_key: 'a random key',
  erasure: 'certificates, without anything personal; what is still looked for goes when it was found',
  tombstone: 'keyed hashes that keep the erased from coming back',
  retention: 'rules of the business',
  d1_migrations: 'names of migrations',
};
