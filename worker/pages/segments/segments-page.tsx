import type { Runtime } from '../../platform/env.ts';
import { type Count, countPopulations } from '../../record/segments/count.ts';
import { listSegments, populationOf, type Segment } from '../../record/segments/segments.ts';
import { formatCount, formatShare, plural } from '../format.ts';
import { Icon } from '../icons.tsx';
import { StaffPage, type StaffPageProps } from '../layout.tsx';
import { draftPath, READY_MADE } from './ready-made.ts';

type Counted = { readonly segment: Segment; readonly count: Count | null };

async function readCounts({ db, clock }: Runtime): Promise<readonly Counted[]> {
  const segments = await listSegments(db);
  const populations = segments.map((segment) => populationOf(segment, segments, clock.now()));
  const counts = [
    ...(await countPopulations(
      db,
      populations.flatMap((population) => population ?? []),
    )),
  ];
  return segments.map((segment, index) => ({ segment, count: (populations[index] && counts.shift()) || null }));
}

/** How much of all they are, as a bar that repeats the figure beside it. */
function Share({ count, asked }: Count) {
  const share = asked > 0 ? count / asked : 0;
  return (
    <span class="segment-share">
      {formatShare(share)}
      <meter min={0} max={1} value={share} aria-hidden="true" />
    </span>
  );
}

function Row({ segment, count }: Counted) {
  const { id, name, rule, watchedAt } = segment;
  return (
    <tr>
      <th scope="row">
        <a href={`/segments/${id}`} dir="auto">
          {name}
        </a>
        {watchedAt !== null && <span class="status">watched</span>}
        <code class="segment-rule" dir="ltr">
          {rule}
        </code>
      </th>
      <td class="number" data-label="customers">
        {count === null ? (
          <span class="fault">The rule does not hold any more</span>
        ) : (
          <a href={`/customers?segment=${id}`}>
            {formatCount(count.count)}
            <span class="visually-hidden"> customers of {name}</span>
          </a>
        )}
      </td>
      <td class="number">{count && <Share {...count} />}</td>
    </tr>
  );
}

function ReadyMade({ taken }: { readonly taken: readonly string[] }) {
  const left = READY_MADE.filter(({ name }) => !taken.includes(name));
  if (left.length === 0) return null;
  return (
    <section aria-labelledby="ready-made">
      <h2 id="ready-made">Ready to use</h2>
      <ul class="ready-made">
        {left.map(({ name, rule, why }) => (
          <li key={name} class="card">
            <h3>{name}</h3>
            <p>{why}</p>
            <code class="segment-rule" dir="ltr">
              {rule}
            </code>
            <a href={draftPath({ name, rule })}>
              Look at it<span class="visually-hidden">: {name}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** `GET /segments`: the saved segments, each counted now. */
export async function segmentsPage(runtime: Runtime, notice: StaffPageProps['notice']) {
  const counted = await readCounts(runtime);
  const asked = counted.find(({ count }) => count)?.count?.asked;
  return (
    <StaffPage title="Segments" section="segments" notice={notice ?? null}>
      <header class="page-head">
        <h1>Segments</h1>
        {asked !== undefined && <p class="muted">of {plural(asked, 'customer')}</p>}
        <p>
          <a class="button" href="/segments/new">
            New segment
          </a>
        </p>
      </header>
      {counted.length === 0 ? (
        <div class="empty">
          <p>
            A segment is a rule, such as <code>orders &gt; 2 and nps &lt;= 6</code>. Who belongs to it is worked out
            whenever somebody looks, so that it is always right. Lists, figures and exports can be asked of a segment.
          </p>
          <p>Begin with one of these, or write your own.</p>
        </div>
      ) : (
        <table class="listing segments">
          <caption class="visually-hidden">Segments by name</caption>
          <thead>
            <tr>
              <th scope="col">Segment</th>
              <th scope="col" class="number">
                Customers
              </th>
              <th scope="col" class="number">
                Of all
              </th>
            </tr>
          </thead>
          <tbody>
            {counted.map((one) => (
              <Row key={one.segment.id} {...one} />
            ))}
          </tbody>
        </table>
      )}
      <ReadyMade taken={counted.map(({ segment }) => segment.name)} />
      <p class="muted">
        <Icon name="code" /> Programs find the same under <a href="/api#segments">/api/v1/segments</a>.
      </p>
    </StaffPage>
  );
}
