import { PROFILE_FIELDS } from '../../../../schema/customer.ts';
import type { ProfileValue } from '../../../record/customer.ts';
import { formatDay } from '../../format.ts';
import { codeName, fieldName } from '../../who/words.ts';
import { Identifiers } from '../identity.tsx';
import { Provenance, Trust, Value } from '../voices.tsx';
import type { CardProps } from './card.ts';

type FactProps = {
  readonly field: string;
  readonly name: string;
  readonly entry: ProfileValue;
  readonly at: number | null;
};

/** `at` is the past moment that is shown: a source may have said it later. */
function Fact({ field, name, entry, at }: FactProps) {
  const meant = codeName(field, entry.value);
  return (
    <div>
      <dt dir="auto">{name}</dt>
      <dd>
        <span dir="auto" title={meant === null ? undefined : entry.value}>
          <Value value={meant ?? entry.value} assurance={entry.assurance} />
        </span>{' '}
        <Trust assurance={entry.assurance} word={entry.word} />
        {at !== null && entry.at > at && <span class="hint"> said on {formatDay(entry.at)}</span>}
        <Provenance field={field} entry={entry} />
      </dd>
    </div>
  );
}

/** What is known of the person and who says so: what every business knows of people, then this one's own fields. */
function Facts({ record }: Pick<CardProps, 'record'>) {
  const own = record.customFields.map(({ key }) => `x:${key}`);
  const facts = [...PROFILE_FIELDS, ...own].flatMap((field) => {
    const entry = record.profile[field];
    return entry ? [{ field, entry }] : [];
  });
  if (facts.length === 0) return null;
  return (
    <dl class="facts">
      {facts.map(({ field, entry }) => (
        <Fact key={field} field={field} name={fieldName(field, record.customFields)} entry={entry} at={record.at} />
      ))}
    </dl>
  );
}

/** What is known of the person, and how surely. */
export function WhoCard({ record }: CardProps) {
  const path = `/customers/${record.id}`;
  return (
    <section class="card" aria-labelledby="who">
      <header class="card-head">
        <h2 id="who">Who this is</h2>
        {record.at === null && <a href={`${path}/edit`}>Edit</a>}
      </header>
      <Facts record={record} />
      <Identifiers identifiers={record.identifiers} />
      <p class="event-meta">
        <a href={`${path}/why`}>Why is this one person?</a>
        <a href={`${path}/compare`}>Join with another record</a>
        <a href={`${path}/changes`}>What was changed</a>
      </p>
    </section>
  );
}
