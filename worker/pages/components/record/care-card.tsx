import type { Word } from '../../../record/customer.ts';
import { type Occasion, occasionsOf } from '../../../record/occasions.ts';
import { humanise } from '../../format.ts';
import { Icon } from '../../icons.tsx';
import { dayWords, inDaysWords, valueWords } from '../../who/words.ts';
import { KNOWN_TAGS } from '../known-tags.tsx';
import { Word as Said } from '../voices.tsx';
import type { CardProps } from './card.ts';

const wordOn = (record: CardProps['record'], field: string): Word | undefined =>
  record.said.find((word) => word.field === field);

function Line({ name, word }: { readonly name: string; readonly word: Word | undefined }) {
  if (!word) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span dir="auto">{word.valueName ?? valueWords(word.field, word.value)}</span>
        <Said word={word} />
      </dd>
    </div>
  );
}

function OccasionLine({ occasion: { what, day, inDays, years } }: { readonly occasion: Occasion }) {
  return (
    <div>
      <dt dir="auto">{humanise(what)}</dt>
      <dd>
        {dayWords(day)}{' '}
        <span class="muted">
          {inDaysWords(inDays)}
          {years !== null && years > 0 && `: ${years === 1 ? 'one year' : `${years} years`}`}
        </span>
      </dd>
    </div>
  );
}

const TAG = 'tag:';

function Tags({ record }: Pick<CardProps, 'record'>) {
  const tags = record.said.flatMap(({ field }) => (field.startsWith(TAG) ? [field.slice(TAG.length)] : []));
  return (
    <>
      {tags.length > 0 && (
        <ul class="chips tags" aria-label="Tags">
          {tags.map((tag) => (
            <li key={tag} class="tag">
              <a href={`/customers?tag=${encodeURIComponent(tag)}`} dir="auto">
                {tag}
              </a>
              {record.at === null && (
                <form method="post" action={`/customers/${record.id}/tags`}>
                  <input type="hidden" name="remove" value={tag} />
                  <button type="submit" class="plain" aria-label={`Take off the tag ${tag}`}>
                    <Icon name="cross" />
                  </button>
                </form>
              )}
            </li>
          ))}
        </ul>
      )}
      {record.at === null && (
        <form class="tag-form" method="post" action={`/customers/${record.id}/tags`}>
          <label for="tag">Add a tag</label>
          <span class="tag-row">
            <input id="tag" name="add" list={KNOWN_TAGS} maxLength={40} required dir="auto" autocomplete="off" />
            <button type="submit" class="quiet">
              Add
            </button>
          </span>
        </form>
      )}
    </>
  );
}

/** How this person is looked after: by whom, in what kind of relationship, how they wish to be reached, their days, their tags. */
export function CareCard({ record, now }: CardProps) {
  const occasions = occasionsOf(record, now);
  const words = ['party', 'relationship', 'owner', 'channel'].map((field) => wordOn(record, field));
  const hasFacts = occasions.length > 0 || words.some((word) => word !== undefined);
  const [party, relationship, owner, channel] = words;
  return (
    <section class="card" aria-labelledby="care">
      <header class="card-head">
        <h2 id="care">How we look after them</h2>
        {record.at === null && (
          <a href={`/customers/${record.id}/edit#care`}>
            Edit<span class="visually-hidden"> how we look after them</span>
          </a>
        )}
      </header>
      {hasFacts ? (
        <dl class="facts">
          <Line name="Looked after by" word={owner} />
          <Line name="Party" word={party} />
          <Line name="Relationship" word={relationship} />
          <Line name="Wishes" word={channel} />
          {occasions.map((occasion) => (
            <OccasionLine key={occasion.what} occasion={occasion} />
          ))}
        </dl>
      ) : (
        <p class="hint">Nobody has said yet who looks after them, or how they wish to be reached.</p>
      )}
      <Tags record={record} />
    </section>
  );
}

/** Who looks after them, under the name. */
export function OwnerLine({ record }: CardProps) {
  const owner = wordOn(record, 'owner');
  const relationship = wordOn(record, 'relationship');
  if (!owner && !relationship) return null;
  return (
    <p class="label">
      {relationship && `${valueWords('relationship', relationship.value)} relationship`}
      {owner && relationship && ' · '}
      {owner && (
        <>
          looked after by <span dir="auto">{owner.valueName ?? 'somebody'}</span>
        </>
      )}
    </p>
  );
}
