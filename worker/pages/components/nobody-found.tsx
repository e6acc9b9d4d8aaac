import { STAGES } from '../../../schema/vocabulary.ts';
import type { Member } from '../../staff/members.ts';
import { humanise, plural } from '../format.ts';
import type { Asked } from '../segments/asked.ts';
import { stageTitle } from '../stage-words.ts';
import { whoFilterOf } from '../who/who-filter.tsx';

const PATH = '/customers';

type Props = {
  /** Customers known in all. */
  readonly known: number;
  readonly query: URLSearchParams;
  readonly asked: Asked;
  readonly members: readonly Member[];
};

/** What the filters ask of somebody besides the text, as ends of a sentence that begins with "Nobody". */
function demandsOf({ query, asked, members }: Props): readonly string[] {
  const { owner, party, tag } = whoFilterOf(query);
  const stage = STAGES.find((value) => value === query.get('stage'));
  const orders = query.get('orders');
  const ownerName = members.find(({ id }) => id === owner)?.name ?? 'that member of staff';
  return [
    ...(query.get('attention') === '1' ? ['needs attention'] : []),
    ...(orders === 'some' ? ['has ordered'] : []),
    ...(orders === 'none' ? ['has never ordered'] : []),
    ...(stage ? [`is in the stage ${stageTitle(stage)}`] : []),
    ...(/^(?:30|90|180)$/.test(query.get('quiet') ?? '') ? [`has been quiet for ${query.get('quiet')} days`] : []),
    ...(owner ? [owner === 'none' ? 'is looked after by nobody' : `is looked after by ${ownerName}`] : []),
    ...(party ? [`is of the party ${humanise(party)}`] : []),
    ...(tag ? [`has the tag “${tag}”`] : []),
    ...(asked.segment ? [`belongs to the segment ${asked.segment.name}`] : []),
    ...(asked.where === null ? [] : ['fits this rule']),
  ];
}

/** The rule that looks for a text in what people wrote. */
const wrote = (q: string): string => `wrote "${q.replaceAll(/["\\]/g, '\\$&')}"`;

function NobodyYet() {
  return (
    <div class="empty">
      <p>Nobody is known yet. A customer appears with the first order, payment, form or answer that names somebody.</p>
      <p>
        <a class="button" href="/sources/new">
          Add a source
        </a>
      </p>
      <p>
        Or <a href="/imports/new">import a file</a> of the customers and orders you have.
      </p>
    </div>
  );
}

/** Says why the list is empty and what to do about it. */
export function NobodyFound(props: Props) {
  const { known, query, asked } = props;
  if (known === 0) return <NobodyYet />;
  const all = <a href={PATH}>Show all {plural(known, 'customer')}</a>;
  if (asked.fault !== null)
    return (
      <div class="empty">
        <p>{asked.fault}</p>
        <p>{all}</p>
      </div>
    );
  const q = query.get('q')?.trim() ?? '';
  const demands = demandsOf(props);
  return (
    <div class="empty">
      <p>
        Nobody{' '}
        {q && (
          <>
            matches “<span dir="auto">{q}</span>”
          </>
        )}
        {q && demands.length > 0 && ' and '}
        <span dir="auto">{demands.join(' and ')}</span>.{' '}
        {q
          ? 'Try fewer letters of the name, the whole e-mail address, or the number of an order.'
          : demands.length > 1 && 'Take one of these off.'}
      </p>
      {q && (
        <p>
          <a href={`${PATH}?${new URLSearchParams({ where: wrote(q) })}`}>Search what they wrote</a>
        </p>
      )}
      <p>{all}</p>
    </div>
  );
}
