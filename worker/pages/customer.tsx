import type { Runtime } from '../platform/env.ts';
import { type CustomerRecord, readCustomer } from '../record/customer.ts';
import { CARDS } from './components/record/cards.ts';
import { nameOf, RecordHead } from './components/record/head.tsx';
import { Numbers } from './components/record/numbers.tsx';
import { Waiting } from './components/record/waiting.tsx';
import { Timeline } from './components/timeline.tsx';
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

/** `GET /customers/:id`: everything between the business and one person. */
export function customerPage(record: CustomerRecord, { query, notice, form }: CustomerRequest, runtime: Runtime) {
  const now = runtime.clock.now();
  const path = `/customers/${record.id}`;
  const props = { record, now };
  const numbers = new Map(record.orders.flatMap(({ id, number }) => (number ? [[id, number] as const] : [])));
  return (
    <StaffPage title={nameOf(record)} section="customers" notice={notice ?? null}>
      <RecordHead {...props} />
      <Numbers {...props} />
      <div class="columns">
        <div class="columns-main">
          <Waiting {...props} />
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
        <div class="columns-side">
          {CARDS.map((Card) => (
            <Card key={Card.name} {...props} />
          ))}
        </div>
      </div>
    </StaffPage>
  );
}
