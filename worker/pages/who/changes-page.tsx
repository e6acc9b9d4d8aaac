import type { CustomField } from '../../../schema/custom-field.ts';
import type { Page } from '../../platform/page.ts';
import type { Change } from '../../record/changes.ts';
import { NOT_A_MEMBER } from '../../record/groups/members.ts';
import { Ago } from '../components/time.tsx';
import { formatDay } from '../format.ts';
import { Icon } from '../icons.tsx';
import { StaffPage } from '../layout.tsx';
import { consentWords, DecisionWords, isDecision } from './decision-words.tsx';
import { actorWords, fieldName, valueWords } from './words.ts';

export type ChangesPageProps = {
  readonly customer: { readonly id: string; readonly name: string | null };
  readonly page: Page<Change>;
  readonly fields: readonly CustomField[];
  readonly isFirst: boolean;
  readonly now: number;
};

/** From what to what. Where staff had said nothing, the sources spoke. */
function FromTo({ field, from, to, before }: Pick<Change, 'field' | 'from' | 'to' | 'before'>) {
  const isSet = field.startsWith('tag:');
  if (isSet) return <>{to === null ? 'taken off' : 'put on'}</>;
  return (
    <>
      {from !== null && (
        <>
          from <span dir="auto">“{valueWords(field, from)}”</span>{' '}
        </>
      )}
      {before !== null && to !== null && (
        <>
          from <span dir="auto">“{valueWords(field, before.value)}”</span> (<bdi>{before.sourceName}</bdi>){' '}
        </>
      )}
      {to === null ? (
        'taken back; the sources speak again'
      ) : (
        <>
          to <b dir="auto">{valueWords(field, to)}</b>
        </>
      )}
    </>
  );
}

/** Whether somebody belongs to a group, and who looks after them, in a sentence of their own; null for all else. */
function sentenceOf({ field, to, groupName }: Change) {
  if (field === 'owner') return to === null ? null : { says: 'Given to', what: to };
  if (!/^(organisation|household):/.test(field)) return null;
  const what = groupName ?? (field.startsWith('household') ? 'a household' : 'an organisation');
  if (to === null) return { says: 'Word of staff taken back:', what };
  return { says: to === NOT_A_MEMBER ? 'Taken out of' : 'Added to', what, role: to === NOT_A_MEMBER ? '' : to };
}

function SentenceWords({ says, what, role }: { says: string; what: string; role?: string }) {
  return (
    <>
      <span class="change-field">{says}</span> <b dir="auto">{what}</b>
      {role && (
        <>
          {' '}
          as <span dir="auto">{role}</span>
        </>
      )}
    </>
  );
}

function Line({
  change,
  fields,
  now,
}: {
  readonly change: Change;
  readonly fields: readonly CustomField[];
  readonly now: number;
}) {
  const sentence = sentenceOf(change);
  return (
    <li class="change">
      <p>
        {isDecision(change) ? (
          <DecisionWords {...change} />
        ) : consentWords(change) !== null ? (
          consentWords(change)
        ) : sentence ? (
          <>
            <SentenceWords {...sentence} />
            {change.from !== null && change.field === 'owner' && (
              <>
                {' '}
                from <span dir="auto">{change.from}</span>
              </>
            )}
          </>
        ) : (
          <>
            <span class="change-field" dir="auto">
              {fieldName(change.field, fields)}
              {change.groupName !== null && `: ${change.groupName}`}
            </span>{' '}
            <FromTo {...change} />
          </>
        )}
        {change.untilAt !== null && <>, until {formatDay(change.untilAt)}</>}
      </p>
      {change.reason !== null && (
        <p class="change-why" dir="auto">
          {change.reason}
        </p>
      )}
      <p class="event-meta">
        <span dir="auto">{actorWords(change)}</span>
        <Ago ms={change.at} now={now} />
      </p>
    </li>
  );
}

/** `GET /customers/:id/changes`: what staff changed about a person, latest first. */
export function changesPage({ customer, page, fields, isFirst, now }: ChangesPageProps) {
  const path = `/customers/${customer.id}`;
  const name = customer.name ?? 'No name yet';
  return (
    <StaffPage title={`What was changed about ${name}`} section="customers">
      <header class="page-head">
        <div>
          <p class="label">
            <a href={path} dir="auto">
              {name}
            </a>
          </p>
          <h1>What was changed</h1>
        </div>
      </header>
      {page.items.length === 0 ? (
        <div class="empty">
          <p>
            Nobody has changed, joined or noted anything by hand. What is known of this person comes from your sources.
          </p>
          <p>
            <a class="button" href={`${path}/edit`}>
              Edit
            </a>
          </p>
        </div>
      ) : (
        <ol class="changes">
          {page.items.map((change) => (
            <Line key={change.id} change={change} fields={fields} now={now} />
          ))}
        </ol>
      )}
      {(page.nextCursor || !isFirst) && (
        <nav class="pager" aria-label="Pages">
          {!isFirst && <a href={`${path}/changes`}>Latest</a>}
          {page.nextCursor && (
            <a rel="next" href={`${path}/changes?cursor=${page.nextCursor}`}>
              Earlier
              <Icon name="arrow" />
            </a>
          )}
        </nav>
      )}
    </StaffPage>
  );
}
