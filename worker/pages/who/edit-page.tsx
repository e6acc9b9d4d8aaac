import { PROFILE_FIELDS } from '../../../schema/customer.ts';
import type { CustomerRecord } from '../../record/customer.ts';
import type { Member } from '../../staff/members.ts';
import { humanise } from '../format.ts';
import { StaffPage } from '../layout.tsx';
import { LabelledField, TextField, told } from '../log/contact-fields.tsx';
import { ChoiceControl, NamedControl, OccasionControl, OwnControl, TextControl } from './edit-controls.tsx';
import { type EditForm, fieldsOf } from './edit-form.ts';
import { PARTY_OPTIONS, RELATIONSHIP_OPTIONS, WISH_OPTIONS } from './words.ts';

export type EditPageProps = {
  readonly record: CustomerRecord;
  readonly form: EditForm;
  readonly members: readonly Member[];
  /** Under whose name it is written; null where this session has not said. */
  readonly you: Member | null;
};

type Part = Pick<EditPageProps, 'record' | 'form'>;

function WhoPart({ record, form }: Part) {
  const own = fieldsOf(record).filter((field) => field.startsWith('x:'));
  return (
    <section class="card stack" aria-labelledby="who">
      <h2 id="who">Who this is</h2>
      <div class="say-grid">
        {PROFILE_FIELDS.map((field) =>
          field === 'language' || field === 'country' ? (
            <NamedControl key={field} {...{ record, form, field }} />
          ) : (
            <TextControl key={field} {...{ record, form, field }} />
          ),
        )}
        {own.map((field) => (
          <OwnControl key={field} {...{ record, form, field }} />
        ))}
      </div>
      <p class="hint">
        Something else you keep of people? <a href="/fields">Define a field of your own</a>.
      </p>
    </section>
  );
}

function CarePart({ record, form, members }: Omit<EditPageProps, 'you'>) {
  const people = members.filter(({ isActive }) => isActive).map(({ id, name }) => ({ value: id, label: name }));
  const owner = record.said.find(({ field }) => field === 'owner');
  const left = owner && !people.some(({ value }) => value === owner.value);
  const owners = left
    ? [{ value: owner.value, label: `${owner.valueName ?? 'somebody'} (has left)` }, ...people]
    : people;
  const saidParty = record.said.some(({ field }) => field === 'party');
  const asRecord = saidParty ? 'As the record says' : `As the record says: ${humanise(record.party)}`;
  return (
    <section class="card stack" aria-labelledby="care">
      <h2 id="care">How we look after them</h2>
      <div class="say-grid">
        <ChoiceControl {...{ record, form }} field="owner" options={owners} none="Nobody" />
        <ChoiceControl {...{ record, form }} field="party" options={PARTY_OPTIONS} none={asRecord} />
        <ChoiceControl {...{ record, form }} field="relationship" options={RELATIONSHIP_OPTIONS} none="Not said" />
        <ChoiceControl {...{ record, form }} field="channel" options={WISH_OPTIONS} none="No wish known" />
      </div>
      {people.length === 0 && (
        <p class="hint">
          Nobody is on your team yet. <a href="/team">Add who looks after customers</a>.
        </p>
      )}
    </section>
  );
}

function OccasionsPart({ record, form }: Part) {
  const occasions = fieldsOf(record).filter((field) => field.startsWith('occasion:'));
  return (
    <section class="card stack" aria-labelledby="occasions">
      <h2 id="occasions">Occasions</h2>
      <div class="say-grid">
        {occasions.map((field) => (
          <OccasionControl key={field} {...{ record, form, field }} />
        ))}
        <TextField
          id="new-occasion"
          name="new-occasion"
          label="Another occasion"
          hint="Such as birthday or name day."
          value={form.newOccasion}
          fault={form.faults['new-occasion']}
          maxLength={40}
          list="usual-occasions"
        />
        <TextField
          id="new-day"
          name="new-day"
          label="Its day"
          hint="03-14, or 1980-03-14 where you know the year."
          value={form.newDay}
          fault={form.faults['new-day']}
          maxLength={10}
        />
      </div>
      <datalist id="usual-occasions">
        <option value="birthday" />
        <option value="name day" />
        <option value="anniversary" />
      </datalist>
    </section>
  );
}

function WhyPart({ form, you }: Pick<EditPageProps, 'form' | 'you'>) {
  return (
    <section class="card stack" aria-labelledby="why">
      <h2 id="why">Save it</h2>
      <div class="say-grid">
        <TextField
          id="reason"
          name="reason"
          label="Why"
          hint="In a few words, for who reads it later. May stay empty."
          value={form.reason}
          maxLength={500}
        />
        <LabelledField id="until" label="Until" hint="Empty: for good." fault={form.faults.until}>
          <input id="until" name="until" type="date" value={form.until} {...told('until', form.faults.until, 'hint')} />
        </LabelledField>
      </div>
      <p class="hint">
        {you ? (
          <>
            Written down under the name of <b dir="auto">{you.name}</b>. <a href="/team">Somebody else?</a>
          </>
        ) : (
          <>
            Written down without a name. <a href="/team">Say who you are</a>
          </>
        )}
      </p>
      <button type="submit">Save what changed</button>
    </section>
  );
}

/** `GET /customers/:id/edit`: what staff say of a person, beside what sources say. */
export function editPage({ record, form, members, you }: EditPageProps) {
  const path = `/customers/${record.id}`;
  const name = record.displayName ?? 'No name yet';
  const hasFaults = Object.keys(form.faults).length > 0;
  const notice = hasFaults
    ? ({ tone: 'bad', text: 'Something does not fit yet. Nothing was saved; see below what to mend.' } as const)
    : null;
  return (
    <StaffPage title={`Edit ${name}`} section="customers" notice={notice}>
      <header class="page-head">
        <div>
          <p class="label">
            <a href={path} dir="auto">
              {name}
            </a>
          </p>
          <h1>Edit</h1>
        </div>
      </header>
      <p class="lead">
        What you write stands over what sources say, whatever they send later. You can take it back at any time, and{' '}
        <a href={`${path}/changes`}>every change is kept</a>.
      </p>
      <form method="post" action={`${path}/edit`} class="stack">
        <WhoPart record={record} form={form} />
        <CarePart record={record} form={form} members={members} />
        <OccasionsPart record={record} form={form} />
        <WhyPart form={form} you={you} />
      </form>
    </StaffPage>
  );
}
