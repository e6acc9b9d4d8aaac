import { LOCALES } from '../../schema/survey.ts';
import { chooseLocale } from '../../widgets/locales/locale.ts';
import type { Runtime } from '../platform/env.ts';
import { wishesOf } from '../platform/languages.ts';
import { type CustomerRecord, readCustomer } from '../record/customer.ts';
import { listTags } from '../record/tags.ts';
import { KnownTags } from './components/known-tags.tsx';
import { AskForDay, AsOfBanner, NotYetKnown } from './components/record/as-of.tsx';
import type { CardProps } from './components/record/card.ts';
import { CARDS, FIRST_CARDS, PAST_CARDS, PAST_FIRST_CARDS } from './components/record/cards.ts';
import { nameOf, RecordHead } from './components/record/head.tsx';
import { Numbers } from './components/record/numbers.tsx';
import { Waiting } from './components/record/waiting.tsx';
import { Timeline } from './components/timeline.tsx';
import { placeIn } from './components/timeline-pager.tsx';
import { StaffPage, type StaffPageProps } from './layout.tsx';
import { ContactFormView } from './log/contact-form.tsx';
import { blankDraft, type ContactForm } from './log/draft.ts';
import { kindsOf } from './words.ts';

const PAGE = 60;
/** Addresses of before pages had places say how many pages to skip: each costs the rows it skips. */
const MAX_PAGE = 1000;

export type CustomerRequest = {
  readonly id: string;
  readonly query: URLSearchParams;
  /** What is asked for in the Accept-Language header. */
  readonly language?: string | null | undefined;
  readonly notice?: StaffPageProps['notice'];
  /** What was typed and what is wrong with it, after a contact that could not be logged. */
  readonly form?: ContactForm;
  /** What is wrong with the day that was asked for. */
  readonly dayFault?: { readonly typed: string; readonly message: string };
};

const pageNumber = (query: URLSearchParams): number => {
  const page = Number(query.get('page') ?? '1');
  return Number.isInteger(page) && page >= 1 && page <= MAX_PAGE ? page : 1;
};

/** The end of a month such as `2026-03`, epoch ms; null for any other text. */
function endOfMonth(month: string | null): number | null {
  const [, year, number] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month ?? '') ?? [];
  return year && number ? Date.UTC(Number(year), Number(number), 1) : null;
}

/** The record behind the page. Null when there is no such customer. */
export function readRecord(
  runtime: Runtime,
  { id, query }: CustomerRequest,
  at: number | null = null,
): Promise<CustomerRecord | null> {
  const before = endOfMonth(query.get('month'));
  const kinds = kindsOf(query.get('show') ?? undefined);
  const place = placeIn(query);
  return readCustomer(runtime.db, id, {
    limit: PAGE,
    offset: place ? 0 : (pageNumber(query) - 1) * PAGE,
    at,
    place,
    ...(before !== null && { before }),
    ...(kinds && { kinds }),
  });
}

function Body({
  record,
  now,
  locale,
  request,
  draftId,
}: CardProps & { readonly request: CustomerRequest; readonly draftId: string }) {
  const { query, form } = request;
  const props = { record, now, locale };
  const path = `/customers/${record.id}`;
  const isNow = record.at === null;
  const numbers = new Map(record.orders.flatMap(({ id, number }) => (number ? [[id, number] as const] : [])));
  return (
    <>
      <Numbers {...props} />
      {isNow && <Waiting {...props} />}
      <div class="columns record-columns">
        <div class="columns-side record-first">
          {(isNow ? FIRST_CARDS : PAST_FIRST_CARDS).map((Card) => (
            <Card key={Card.name} {...props} />
          ))}
        </div>
        <div class="columns-main">
          {isNow && (
            <ContactFormView customerId={record.id} form={form ?? { draft: blankDraft(draftId), faults: {} }} />
          )}
          <Timeline
            months={record.months}
            path={path}
            query={query}
            touchpoints={record.timeline}
            conversations={record.conversations}
            numbers={numbers}
            hasMore={record.hasMore}
            hasNewer={record.hasNewer}
            now={isNow ? now : null}
          />
        </div>
        <div class="columns-side">
          {(isNow ? CARDS : PAST_CARDS).map((Card) => (
            <Card key={Card.name} {...props} />
          ))}
        </div>
      </div>
    </>
  );
}

/** `GET /customers/:id`: everything between the business and one person. */
export async function customerPage(record: CustomerRecord, request: CustomerRequest, runtime: Runtime) {
  const { notice, dayFault } = request;
  const today = runtime.clock.now();
  // Times are told as from the day that is shown.
  const now = record.at ?? today;
  const isEmpty = record.at !== null && record.stats.touchpoints === 0;
  const locale = chooseLocale(LOCALES, wishesOf(request.language));
  const props = { record, now, locale };
  const tags = record.at === null ? await listTags(runtime.db) : [];
  return (
    <StaffPage title={nameOf(record)} section="customers" notice={notice ?? null}>
      <AsOfBanner record={record} />
      <KnownTags tags={tags} />
      <RecordHead {...props}>
        <AskForDay id={record.id} at={record.at} now={today} fault={dayFault} />
      </RecordHead>
      {isEmpty ? <NotYetKnown record={record} /> : <Body {...props} request={request} draftId={runtime.clock.uuid()} />}
    </StaffPage>
  );
}
