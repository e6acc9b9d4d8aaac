import type { Move, Preview as Previewed } from '../../record/stages/preview.ts';
import { StageBadge } from '../components/stage-badge.tsx';
import { formatCount, plural } from '../format.ts';

function Moves({ moves }: { readonly moves: readonly Move[] }) {
  return (
    <table class="moves">
      <caption class="visually-hidden">Who would move, the most first</caption>
      <thead>
        <tr>
          <th scope="col">From</th>
          <th scope="col">To</th>
          <th scope="col" class="number">
            Customers
          </th>
          <th scope="col">For example</th>
        </tr>
      </thead>
      <tbody>
        {moves.map(({ from, to, count, examples }) => (
          <tr key={`${from} ${to}`}>
            <td>
              <StageBadge stage={from} />
            </td>
            <td>
              <span class="moves-arrow" aria-hidden="true">
                →{' '}
              </span>
              <StageBadge stage={to} />
            </td>
            <td class="number">{formatCount(count)}</td>
            <td class="moves-who">
              {examples.map(({ id, name }, index) => (
                <>
                  {index > 0 && ', '}
                  <a key={id} href={`/customers/${id}`} dir="auto">
                    {name ?? 'No name yet'}
                  </a>
                </>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What saving the rules would do; nothing is written by showing it. */
export function Preview({ preview }: { readonly preview: Previewed }) {
  const { moves, total, customers, setByHand } = preview;
  return (
    <section class="card preview" aria-labelledby="preview" id="shown">
      <h2 id="preview">
        {total === 0
          ? 'With these rules nobody would move'
          : `With these rules ${plural(total, 'customer')} would move`}
      </h2>
      <p class="hint">
        Of {plural(customers, 'customer')}, as of now. Nothing has been saved.
        {setByHand > 0 &&
          ` ${plural(setByHand, 'customer')} whose stage was set by hand ${setByHand === 1 ? 'stays' : 'stay'} where ${setByHand === 1 ? 'it is' : 'they are'}.`}
      </p>
      {moves.length > 0 && <Moves moves={moves} />}
    </section>
  );
}
