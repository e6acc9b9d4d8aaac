import type { CustomerRecord } from '../record/customer.ts';
import type { Entry, Side } from '../record/identity/account.ts';
import { STAFF } from '../record/identity/rulings.ts';
import { kindName, overWords } from './components/identity.tsx';
import { Moment } from './components/time.tsx';
import { humanise } from './format.ts';
import { Icon } from './icons.tsx';
import { StaffPage, type StaffPageProps } from './layout.tsx';
import { keyWords } from './person-key.ts';
import { actorWords } from './who/words.ts';

/** Whose decision it was: a name, or what else is known of them. */
const deciderWords = (name: string | null, id: string | null): string =>
  id === null || id === STAFF ? 'staff' : actorWords({ actor: id, actorName: name });

/** Why, in a sentence: the rule and its evidence, or the words of whoever decided. */
function why({ reason, action, decidedBy, decidedById }: Entry): string {
  if (reason.rule === 'by_hand') return `Decided by ${deciderWords(decidedBy, decidedById)}: “${reason.reason}”`;
  const shared = `${kindName(reason.kind).toLowerCase()} ${reason.value}`;
  if (reason.rule === 'differing_id')
    return `Both hold ${shared}, but ${reason.namespace === 'email' ? 'their e-mail addresses' : `their ids (${humanise(reason.namespace.split('@')[0] ?? '')})`} differ: ${reason.ids.join(' and ')}.`;
  if (reason.rule === 'over_limit')
    return `Both hold ${shared}, but one person of both would have ${overWords(reason)}.`;
  if (reason.rule === 'ambiguous') return `Both hold ${shared}, and several people of one source hold it too.`;
  if (reason.rule === 'second_address')
    return `Both hold ${shared}, but one of them had another e-mail address before it, and nobody has proven this one.`;
  return action === 'link' ? `Both hold ${shared}, and both sources vouch for it.` : `Both hold ${shared}.`;
}

function SideName({ side }: { readonly side: Side }) {
  const { words, id, whole } = keyWords(side.key);
  return (
    <>
      {words}
      {id !== '' && (
        <>
          {' '}
          <bdi title={whole ?? undefined}>{id}</bdi>
        </>
      )}{' '}
      of <bdi>{side.sourceName}</bdi>
      {!side.isOwn && (
        <>
          {' '}
          (now <a href={`/customers/${side.customerId}`}>{side.displayName ?? 'somebody without a name'}</a>)
        </>
      )}
    </>
  );
}

const UNDO: Readonly<Record<string, string>> = {
  'link staff': 'Take back',
  'link rule': 'They are two people',
  'refuse staff': 'Take back',
};

function Line({ entry, own }: { readonly entry: Entry; readonly own: string }) {
  const undo = entry.revokedAt === null ? UNDO[`${entry.action} ${entry.actor}`] : undefined;
  const [a, b] = entry.sides;
  return (
    <li class={entry.revokedAt === null ? 'event' : 'event is-past'}>
      <span class="event-icon">
        <Icon name={entry.action === 'link' ? 'link' : 'person'} />
      </span>
      <div class="event-body">
        <p>
          {entry.action === 'link' ? 'Joined ' : 'Kept apart '}
          <SideName side={a} /> {entry.action === 'link' ? 'with' : 'from'} <SideName side={b} />
        </p>
        <p dir="auto">{why(entry)}</p>
        <p class="event-meta">
          <Moment ms={entry.decidedAt} />
          {entry.revokedAt !== null && (
            <span>
              taken back{' '}
              {entry.revokedById !== null && (
                <>
                  by <bdi>{deciderWords(entry.revokedBy, entry.revokedById)}</bdi>,{' '}
                </>
              )}
              <Moment ms={entry.revokedAt} />
              {entry.revokeReason ? <bdi>: {entry.revokeReason}</bdi> : ', as the evidence changed'}
            </span>
          )}
        </p>
        {undo && (
          <form method="post" action={`/decisions/${entry.id}/revoke`}>
            <input type="hidden" name="customer" value={own} />
            <button type="submit" class="small">
              {undo}
            </button>
          </form>
        )}
      </div>
    </li>
  );
}

/** `GET /customers/:id/why`: the account of a record. */
export function whyPage(record: CustomerRecord, entries: readonly Entry[], notice: StaffPageProps['notice']) {
  const name = record.displayName ?? 'No name yet';
  return (
    <StaffPage title={`Why ${name} is one person`} section="customers" notice={notice ?? null}>
      <header class="page-head">
        <div>
          <p class="label">
            <a href={`/customers/${record.id}`} dir="auto">
              {name}
            </a>
          </p>
          <h1>Why is this one person?</h1>
        </div>
      </header>
      {entries.length === 0 ? (
        <p class="empty">
          All that is known of them came from one source under one name, so there was nothing to join or to keep apart.
        </p>
      ) : (
        <ul class="events">
          {entries.map((entry) => (
            <Line key={entry.id} entry={entry} own={record.id} />
          ))}
        </ul>
      )}
    </StaffPage>
  );
}
