import { readShorthand } from '../../../schema/hand-contact.ts';
import {
  ContactBody,
  contactOf,
  type Fault,
  faultsOf,
  MAX_TEXT,
  StrangerBody,
  strangerOf,
} from '../../api/contact-schema.ts';
import type { Runtime } from '../../platform/env.ts';
import { logOfStranger } from '../../record/by-hand.ts';
import { type CustomerItem, listCustomers } from '../../record/customers.ts';
import { Avatar } from '../components/avatar.tsx';
import { SearchForm } from '../components/search-form.tsx';
import { DIRECTION_OPTIONS } from '../contact-words.ts';
import type { Form } from '../form.ts';
import { StaffPage } from '../layout.tsx';
import { LabelledField, RadioChips, TextField, told } from './contact-fields.tsx';

/** `/log`: what the dialog does, as a page. With whom, first; then the form of their record, or somebody new. */

const FIELDS = ['messageId', 'name', 'email', 'phone', 'line', 'direction'] as const;
type Field = (typeof FIELDS)[number];
export type StrangerDraft = Readonly<Record<Field, string>>;
type Faults = Readonly<Partial<Record<Field, string>>>;
export type StrangerForm = { readonly draft: StrangerDraft; readonly faults: Faults };

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const FOUND = 8;

const blankStranger = (messageId: string, name = ''): StrangerDraft => ({
  messageId,
  name: name.includes('@') ? '' : name,
  email: name.includes('@') ? name : '',
  phone: '',
  line: '',
  direction: 'in',
});

export function strangerDraft(form: Form, freshId: string): StrangerDraft {
  const typed = Object.fromEntries(FIELDS.map((field) => [field, form.text(field).trim()])) as StrangerDraft;
  return { ...typed, messageId: UUID.test(typed.messageId) ? typed.messageId : freshId };
}

function named(faults: readonly Fault[]): Faults {
  const found: Partial<Record<Field, string>> = {};
  for (const { path, message } of faults) {
    const field = FIELDS.find((candidate) => candidate === path) ?? 'line';
    found[field] ??= message;
  }
  return found;
}

/** Logs a contact with somebody new: the id of the record, or what is wrong with the fields. */
export async function logStranger(runtime: Runtime, draft: StrangerDraft): Promise<string | Faults> {
  const { name, email, phone, line, direction, messageId } = draft;
  const { kind, minutes, text } = readShorthand(line);
  const person = StrangerBody.safeParse({ name, ...(email && { email }), ...(phone && { phone }) });
  const contact = ContactBody.safeParse({
    kind: kind ?? 'note_added',
    text,
    ...(direction && { direction }),
    ...(minutes !== null && { minutes }),
  });
  if (person.success && contact.success)
    return logOfStranger(runtime, strangerOf(person.data), contactOf(contact.data, messageId));
  return named([person, contact].flatMap(({ error }) => (error ? faultsOf(error) : [])));
}

function Found({ people, q }: { readonly people: readonly CustomerItem[]; readonly q: string }) {
  if (people.length === 0)
    return (
      <p class="empty">
        Nobody matches “<span dir="auto">{q}</span>”. Try fewer letters, or add them below as somebody new.
      </p>
    );
  return (
    <ul class="found">
      {people.map(({ id, displayName, contact }) => (
        <li key={id}>
          <a class="person" href={`/customers/${id}#log`}>
            <Avatar id={id} name={displayName} />
            <span class="person-words">
              <span dir="auto">{displayName ?? 'No name yet'}</span>
              {contact !== null && contact !== displayName && <span class="muted person-contact">{contact}</span>}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function StrangerFormView({ form: { draft, faults } }: { readonly form: StrangerForm }) {
  return (
    <form method="post" action="/log" class="card log" aria-labelledby="stranger">
      <h2 id="stranger">Somebody new</h2>
      <input type="hidden" name="messageId" value={draft.messageId} />
      <div class="log-grid">
        <TextField id="name" name="name" label="Name" value={draft.name} fault={faults.name} maxLength={200} />
        <TextField id="email" name="email" type="email" label="E-mail" value={draft.email} fault={faults.email} />
        <TextField
          id="phone"
          name="phone"
          type="tel"
          label="or phone"
          hint="With the country code."
          value={draft.phone}
          fault={faults.phone}
        />
      </div>
      <LabelledField
        id="line"
        label="What happened"
        hint="A sentence, or “call 12m asked about the invoice”."
        fault={faults.line}
      >
        <textarea id="line" name="line" rows={2} maxLength={MAX_TEXT} dir="auto" {...told('line', faults.line, 'hint')}>
          {draft.line}
        </textarea>
      </LabelledField>
      <RadioChips name="direction" legend="Who began" value={draft.direction} options={DIRECTION_OPTIONS} />
      <button type="submit">Save as a new customer</button>
    </form>
  );
}

/** `GET /log`, and the same with its faults after a `POST` that did not fit. */
export async function logPage(runtime: Runtime, query: URLSearchParams, form?: StrangerForm) {
  const q = query.get('q')?.trim() ?? '';
  const page = await listCustomers(runtime.db, { limit: FOUND, ...(q && { q }) });
  const people = page?.items ?? [];
  return (
    <StaffPage title="Log a contact" section={null}>
      <header class="page-head">
        <h1>Log a contact</h1>
      </header>
      <section aria-labelledby="whom">
        <h2 id="whom">With whom</h2>
        <SearchForm action="/log" label="Search customers" placeholder="Name, address, phone or order number" q={q} />
        {(people.length > 0 || q !== '') && <Found people={people} q={q} />}
      </section>
      <StrangerFormView
        form={form ?? { draft: blankStranger(runtime.clock.uuid(), people.length === 0 ? q : ''), faults: {} }}
      />
    </StaffPage>
  );
}
