import { questionKinds } from '../../schema/questions.gen.ts';
import type { Runtime } from '../platform/env.ts';
import { ruleTitle } from '../reactions/rules.ts';
import { type CustomerRecord, readCustomer } from '../record/customer.ts';
import { touchpointId } from '../record/timeline.ts';
import { AttentionLine } from './components/attention.tsx';
import { Avatar } from './components/avatar.tsx';
import { Identifiers, Profile, Suggestions } from './components/identity.tsx';
import { Orders } from './components/orders.tsx';
import { Ago } from './components/time.tsx';
import { Timeline } from './components/timeline.tsx';
import { formatMinutes } from './contact-words.ts';
import { formatCount, formatMoney, humanise } from './format.ts';
import { StaffPage, type StaffPageProps } from './layout.tsx';
import { ContactFormView } from './log/contact-form.tsx';
import { blankDraft, type ContactForm } from './log/draft.ts';
import { kindsOf } from './words.ts';

const PAGE = 30;
/** Deeper pages are never asked for by hand, and each costs the rows it skips. */
const MAX_PAGE = 1000;

export type CustomerRequest = {
  readonly id: string;
  readonly query: URLSearchParams;
  readonly notice?: StaffPageProps['notice'];
  /** What was typed and what is wrong with it, after a contact that could not be logged. */
  readonly form?: ContactForm;
};

const pageNumber = (query: URLSearchParams): number => {
  const page = Number(query.get('page') ?? '1');
  return Number.isInteger(page) && page >= 1 && page <= MAX_PAGE ? page : 1;
};

/** The record behind the page. Null when there is no such customer. */
export function readRecord(runtime: Runtime, { id, query }: CustomerRequest): Promise<CustomerRecord | null> {
  const kinds = kindsOf(query.get('show') ?? undefined);
  return readCustomer(runtime.db, id, {
    limit: PAGE,
    offset: (pageNumber(query) - 1) * PAGE,
    ...(kinds && { kinds }),
  });
}

/** A score with the end of its scale: `9 of 10`. */
function scoreWords(kind: string, score: number): string {
  const scale = questionKinds.find((candidate) => candidate.kind === kind)?.scale;
  return scale ? `${score} of ${scale.max}` : String(score);
}

/** What the contacts by hand took, and what they cost. */
function Effort({ effort: { minutes, cost } }: { readonly effort: CustomerRecord['effort'] }) {
  if (minutes === 0 && cost.length === 0) return null;
  return (
    <div>
      <dt>Contact by hand</dt>
      <dd>
        {cost.length > 0 ? cost.map((money) => <span key={money.currency}>{formatMoney(money)}</span>) : '–'}
        {minutes > 0 && <span class="numbers-more">{formatMinutes(minutes)}</span>}
      </dd>
    </div>
  );
}

function Numbers({ record, now }: { readonly record: CustomerRecord; readonly now: number }) {
  const { touchpoints, orders, revenue, firstTouchpointAt, lastTouchpointAt } = record.stats;
  return (
    <dl class="numbers">
      <div>
        <dt>Touchpoints</dt>
        <dd>{formatCount(touchpoints)}</dd>
      </div>
      <div>
        <dt>Orders</dt>
        <dd>{formatCount(orders)}</dd>
      </div>
      <div>
        <dt>Revenue</dt>
        <dd>
          {revenue.length === 0 ? '–' : revenue.map((money) => <span key={money.currency}>{formatMoney(money)}</span>)}
        </dd>
      </div>
      {record.scores.map(({ kind, score, answeredAt }) => (
        <div key={kind}>
          <dt>Last {kind.length <= 4 ? kind.toUpperCase() : humanise(kind)}</dt>
          <dd>
            {scoreWords(kind, score)}
            <span class="numbers-more">
              <Ago ms={answeredAt} now={now} />
            </span>
          </dd>
        </div>
      ))}
      <Effort effort={record.effort} />
      <div>
        <dt>Last contact</dt>
        <dd>
          {lastTouchpointAt === null ? '–' : <Ago ms={lastTouchpointAt} now={now} />}
          {firstTouchpointAt !== null && (
            <span class="numbers-more">
              first <Ago ms={firstTouchpointAt} now={now} />
            </span>
          )}
        </dd>
      </div>
    </dl>
  );
}

function Waiting({
  record,
  path,
  now,
}: {
  readonly record: CustomerRecord;
  readonly path: string;
  readonly now: number;
}) {
  if (record.attention.length === 0) return null;
  return (
    <section class="card alerting" aria-labelledby="waiting">
      <h2 id="waiting">Needs attention</h2>
      <ul class="events">
        {record.attention.map(({ id, rule, raisedAt, seq }) => (
          <AttentionLine
            key={id}
            id={id}
            title={ruleTitle(rule)}
            raisedAt={raisedAt}
            touchpointId={touchpointId(seq)}
            back={path}
            now={now}
          />
        ))}
      </ul>
    </section>
  );
}

function Side({ record }: { readonly record: CustomerRecord }) {
  return (
    <div class="columns-side">
      {record.suggestions.length > 0 && (
        <section class="card" aria-labelledby="suggestions">
          <h2 id="suggestions">Same person?</h2>
          <Suggestions own={record.id} suggestions={record.suggestions} />
        </section>
      )}
      <section class="card" aria-labelledby="who">
        <h2 id="who">Who this is</h2>
        <Profile profile={record.profile} />
        <Identifiers identifiers={record.identifiers} />
        <p class="event-meta">
          <a href={`/customers/${record.id}/why`}>Why is this one person?</a>
          <a href={`/customers/${record.id}/compare`}>Join with another record</a>
        </p>
      </section>
      <section class="card" aria-labelledby="orders">
        <h2 id="orders">Orders</h2>
        <Orders orders={record.orders} />
      </section>
      <section class="card" aria-labelledby="privacy">
        <h2 id="privacy">Privacy</h2>
        <p class="event-meta">
          <a href={`/customers/${record.id}/export`} download>
            Download all we hold
          </a>
          <a href={`/api/v1/customers/${record.id}/export`} download={`person-${record.id}.json`}>
            the same as JSON
          </a>
          <a href={`/customers/${record.id}/erase`}>Erase this person</a>
        </p>
      </section>
    </div>
  );
}

/** `GET /customers/:id`: everything between the business and one person. */
export function customerPage(record: CustomerRecord, { query, notice, form }: CustomerRequest, runtime: Runtime) {
  const now = runtime.clock.now();
  const name = record.displayName ?? 'No name yet';
  const path = `/customers/${record.id}`;
  const numbers = new Map(record.orders.flatMap(({ id, number }) => (number ? [[id, number] as const] : [])));
  return (
    <StaffPage title={name} section="customers" notice={notice ?? null}>
      <header class="record-head">
        <Avatar id={record.id} name={record.displayName} large />
        <div>
          <p class="label">{humanise(record.party)}</p>
          <h1 dir="auto">{name}</h1>
        </div>
      </header>
      <Numbers record={record} now={now} />
      <div class="columns">
        <div class="columns-main">
          <Waiting record={record} path={path} now={now} />
          <ContactFormView
            customerId={record.id}
            form={form ?? { draft: blankDraft(runtime.clock.uuid()), faults: {} }}
          />
          <Timeline
            path={path}
            query={query}
            touchpoints={record.timeline}
            conversations={record.conversations}
            numbers={numbers}
            page={pageNumber(query)}
            hasMore={record.hasMore}
            now={now}
          />
        </div>
        <Side record={record} />
      </div>
    </StaffPage>
  );
}
