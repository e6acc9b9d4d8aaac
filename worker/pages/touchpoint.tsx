import type { Json } from '../../schema/touchpoint.ts';
import type { Runtime } from '../platform/env.ts';
import { isTalk } from '../record/conversations.ts';
import { readDelivery } from '../record/deliveries.ts';
import { readTouchpoint, type Touchpoint, touchpointSeq } from '../record/timeline.ts';
import { Files, MailNote, Quoted } from './components/mail-parts.tsx';
import { Moment } from './components/time.tsx';
import { KindIcon } from './components/touchpoint-line.tsx';
import { purposeWords } from './consent/words.ts';
import { formatMinutes, wordOf } from './contact-words.ts';
import { formatMoney } from './format.ts';
import { StaffPage } from './layout.tsx';
import { RawBody } from './raw-body.tsx';
import { sentenceOf } from './sentence.tsx';
import { phraseOf } from './words.ts';

const isEmpty = (value: string | number | null): boolean => value === null || value === '';

const textOf = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);

/** What kind of contact it was, where somebody said so. */
const NATURE = [
  ['arrangement', 'Came about'],
  ['means', 'By means of'],
  ['approach', 'Approach'],
  ['activity', 'Part taken'],
  ['trade', 'Form of trade'],
] as const;

/** What stands among the fields and need not be told again. */
const TOLD: readonly string[] = ['minutes', 'result', 'handledBy', 'costFrom', ...NATURE.map(([field]) => field)];

function handledBy({ handler, data }: Touchpoint): string | null {
  const [who, name] = [wordOf('handler', handler), textOf(data.handledBy)];
  return who && name ? `${who}: ${name}` : (who ?? name);
}

/** The plain fields of a touchpoint, in the order people ask for them. */
const fieldsOf = (t: Touchpoint): readonly (readonly [string, string | number | null])[] => [
  ['Kind', phraseOf(t.kind, t.direction)],
  ['Channel', wordOf('channel', t.channel)],
  ['Direction', t.direction === 'in' ? 'From the customer' : 'To the customer'],
  ['Begun by', wordOf('initiator', t.initiator)],
  ['Phase', wordOf('phase', t.phase)],
  ['Handled by', handledBy(t)],
  ['Took', typeof t.data.minutes === 'number' ? formatMinutes(t.data.minutes) : null],
  ['Purpose', purposeWords(t.purpose)],
  ['Result', textOf(t.data.result)],
  ...NATURE.map(([field, label]) => [label, wordOf(field, t.data[field])] as const),
  ['About', t.subject],
  ['Value', t.value && formatMoney(t.value)],
  ['Cost', t.cost && `${formatMoney(t.cost)}${t.data.costFrom === 'rates' ? ', worked out from the rates' : ''}`],
  ['Score', t.score],
  ['Title', typeof t.data.title === 'string' ? t.data.title : null],
  ['Message id', t.messageId],
  ['Id', t.id],
];

/** What stands on the page in words of its own. */
const SHOWN: readonly string[] = ['quoted', 'attachments', 'note', 'title'];

function Data({ data: all }: { readonly data: Readonly<Record<string, Json>> }) {
  const data = Object.fromEntries(Object.entries(all).filter(([name]) => !SHOWN.includes(name)));
  if (Object.keys(data).length === 0) return null;
  return (
    <section aria-labelledby="data">
      <h2 id="data">More it said</h2>
      <pre class="code raw" dir="auto">
        {JSON.stringify(data, null, 2)}
      </pre>
    </section>
  );
}

/** `GET /touchpoints/:id`: one contact with all its fields and what arrived. Null when there is no such touchpoint. */
export async function touchpointPage({ db }: Runtime, id: string) {
  const seq = touchpointSeq(id);
  const found = seq === null ? null : await readTouchpoint(db, seq);
  if (!found) return null;
  const { touchpoint } = found;
  const delivery = await readDelivery(db, found.deliveryId);
  return (
    <StaffPage title={sentenceOf(touchpoint)} section="customers">
      <header class="record-head">
        <KindIcon kind={touchpoint.kind} />
        <div>
          <p class="label">
            <a href={`/customers/${touchpoint.customerId}`} dir="auto">
              {touchpoint.customerName ?? 'No name yet'}
            </a>
          </p>
          <h1 dir="auto">{sentenceOf(touchpoint)}</h1>
        </div>
      </header>
      {touchpoint.text && (
        <blockquote class="words words-large" dir="auto">
          {touchpoint.text}
        </blockquote>
      )}
      <MailNote touchpoint={touchpoint} />
      <Files touchpoint={touchpoint} />
      <Quoted touchpoint={touchpoint} />
      {isTalk(touchpoint.kind, touchpoint.channel) && (
        <p class="to-conversation">
          <a href={`/conversations/${touchpoint.id}`}>The whole conversation</a>
        </p>
      )}
      <p class="to-conversation">
        <a href={`/customers/${touchpoint.customerId}?at=${new Date(touchpoint.occurredAt).toISOString()}`}>
          The record as it was then
        </a>
      </p>
      <dl class="facts card">
        <div>
          <dt>Happened</dt>
          <dd>
            <Moment ms={touchpoint.occurredAt} />
          </dd>
        </div>
        <div>
          <dt>Received</dt>
          <dd>
            <Moment ms={touchpoint.receivedAt} />
          </dd>
        </div>
        <div>
          <dt>Source</dt>
          <dd>
            <a href={`/sources/${touchpoint.sourceId}`} dir="auto">
              {touchpoint.sourceName}
            </a>
          </dd>
        </div>
        {fieldsOf(touchpoint)
          .filter(([, value]) => !isEmpty(value))
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd dir="auto">{String(value)}</dd>
            </div>
          ))}
      </dl>
      <Data data={Object.fromEntries(Object.entries(touchpoint.data).filter(([name]) => !TOLD.includes(name)))} />
      <section aria-labelledby="raw">
        <h2 id="raw">As it arrived</h2>
        <RawBody body={delivery?.body ?? null} headers={delivery?.headers ?? {}} />
      </section>
    </StaffPage>
  );
}
