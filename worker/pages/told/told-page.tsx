import type { Runtime } from '../../platform/env.ts';
import { listNotices, type Notice, type Reader, readersOf } from '../../reactions/notices.ts';
import { Ago } from '../components/time.tsx';
import { pathWith } from '../form.ts';
import { formatCount } from '../format.ts';
import { Icon } from '../icons.tsx';
import { StaffPage, type StaffPageProps } from '../layout.tsx';

const PATH = '/notices';
const PAGE = 50;
/** Unread ones are shown together, up to so many; reading some brings up the rest. */
const UNREAD = 100;

/** Whose notices are shown, as a link for each member of staff who has any or could have. */
function Readers({ readers, shown }: { readonly readers: readonly Reader[]; readonly shown: string | null }) {
  const all = readers.reduce((sum, { unread }) => sum + unread, 0);
  const chips = [{ id: null, name: 'Everybody', unread: all }, ...readers];
  return (
    <ul class="chips" aria-label="Told to">
      {chips.map(({ id, name, unread }) => (
        <li key={id}>
          <a
            class="chip"
            aria-current={shown === id ? 'true' : undefined}
            href={`${PATH}?member=${id === null ? 'all' : encodeURIComponent(id)}`}
          >
            <span dir="auto">{name}</span>
            {unread > 0 && (
              <span class="count">
                {formatCount(unread)}
                <span class="visually-hidden"> unread</span>
              </span>
            )}
          </a>
        </li>
      ))}
    </ul>
  );
}

function Line({ notice, back, isAll, now }: { notice: Notice; back: string; isAll: boolean; now: number }) {
  const { id, title, customer, touchpointId, certificate, text, member, toldAt, readAt } = notice;
  const name = customer?.name ?? 'No name yet';
  const link = touchpointId
    ? `/touchpoints/${touchpointId}`
    : certificate
      ? `/privacy/erasures/${certificate}`
      : customer
        ? `/customers/${customer.id}/why`
        : null;
  return (
    <li class="waiting">
      <Icon name={readAt === null ? 'bell' : 'check'} />
      <div class="event-body">
        <p class="event-line">
          {customer && (
            <>
              <a href={`/customers/${customer.id}`} class="who" dir="auto">
                {name}
              </a>{' '}
            </>
          )}
          {link ? (
            <a href={link} class="what">
              {title}
            </a>
          ) : (
            title
          )}
        </p>
        {text && (
          <blockquote class="words" dir="auto">
            {text.slice(0, 280)}
          </blockquote>
        )}
        <p class="event-meta">
          <Ago ms={toldAt} now={now} />
          {isAll && (
            <span>
              to <bdi>{member.name}</bdi>
            </span>
          )}
        </p>
      </div>
      {readAt === null && (
        <form method="post" action={`/notices/${id}/read`}>
          <input type="hidden" name="back" value={back} />
          <button type="submit" class="small">
            <Icon name="check" />
            Mark as read
            <span class="visually-hidden">
              : {customer ? `${name}, ` : ''}
              {title}
            </span>
          </button>
        </form>
      )}
    </li>
  );
}

function Nothing({ hasMembers }: { readonly hasMembers: boolean }) {
  return (
    <div class="empty">
      <p>
        Nothing has changed about anybody’s customers yet. Whoever looks after a customer is told here of a low score, a
        complaint, a failed payment, a big order, a cancelled subscription, a wish to get no more messages, and of the
        first word after a long silence.
      </p>
      <p>
        {hasMembers
          ? 'Say on the record of a customer who looks after them.'
          : 'Begin with your team, then say on the record of a customer who looks after them.'}
      </p>
      <p>
        <a class="button" href={hasMembers ? '/customers' : '/team'}>
          {hasMembers ? 'Choose a customer' : 'Add your team'}
        </a>
      </p>
    </div>
  );
}

type SectionProps = {
  readonly id: string;
  readonly title: string;
  readonly notices: readonly Notice[];
  readonly back: string;
  readonly isAll: boolean;
  readonly now: number;
};

function Lines({ id, title, notices, ...more }: SectionProps) {
  if (notices.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ul class="events">
        {notices.map((notice) => (
          <Line key={notice.id} notice={notice} {...more} />
        ))}
      </ul>
    </section>
  );
}

export type ToldRequest = {
  readonly query: URLSearchParams;
  /** Public id of the member of staff who is looking, where they have said who they are. */
  readonly self: string | null;
  readonly notice?: StaffPageProps['notice'];
};

/** `GET /notices`: what changed about somebody's customers, what is unread first. Null when the cursor is none of ours. */
export async function toldPage({ db, clock }: Runtime, { query, self, notice = null }: ToldRequest) {
  const now = clock.now();
  const asked = query.get('member') ?? self;
  const readers = await readersOf(db);
  const reader = readers.find(({ id }) => id === asked);
  const shown = reader ? { member: reader.id } : {};
  const cursor = query.get('cursor');
  const [unread, read] = await Promise.all([
    listNotices(db, { ...shown, state: 'unread', limit: UNREAD }),
    listNotices(db, { ...shown, state: 'read', limit: PAGE, ...(cursor && { cursor }) }),
  ]);
  if (!unread || !read) return null;
  const back = pathWith(PATH, new URLSearchParams({ member: reader?.id ?? 'all' }), {});
  const isAll = reader === undefined;
  const more = { back, isAll, now };
  return (
    <StaffPage title="Notices" section="notices" notice={notice}>
      <header class="page-head">
        <div>
          <h1>Notices</h1>
          <p class="muted">What changed about {isAll ? 'customers who are looked after' : 'your customers'}</p>
        </div>
        {reader && unread.items.length > 0 && (
          <form method="post" action="/notices/read">
            <input type="hidden" name="member" value={reader.id} />
            <input type="hidden" name="until" value={String(unread.items[0]?.toldAt ?? now)} />
            <button type="submit" class="quiet">
              Mark all as read
            </button>
          </form>
        )}
      </header>
      {readers.length > 0 && <Readers readers={readers} shown={reader?.id ?? null} />}
      {readers.length > 0 && (
        <p class="hint">
          They can come by mail each morning as well: say so on the page <a href="/team">Team</a>.
        </p>
      )}
      {unread.items.length === 0 && read.items.length === 0 && <Nothing hasMembers={readers.length > 0} />}
      {unread.items.length === 0 && read.items.length > 0 && <p class="empty">All read.</p>}
      <Lines id="unread" title="Unread" notices={unread.items} {...more} />
      {unread.nextCursor && <p class="hint">Older ones appear when these are read.</p>}
      <Lines id="earlier" title="Earlier" notices={read.items} {...more} />
      {(read.nextCursor || cursor) && (
        <nav class="pager" aria-label="Pages">
          {cursor && <a href={back}>First page</a>}
          {read.nextCursor && (
            <a rel="next" href={pathWith(PATH, query, { cursor: read.nextCursor, done: null })}>
              Next {String(PAGE)}
              <Icon name="arrow" />
            </a>
          )}
        </nav>
      )}
    </StaffPage>
  );
}
