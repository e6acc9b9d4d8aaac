import { STAGES } from '../../../schema/vocabulary.ts';
import type { Move, Preview as Previewed } from '../../record/stages/preview.ts';
import { formatCount, plural } from '../format.ts';
import { stageTitle } from '../stage-words.ts';

function Matrix({ moves }: { readonly moves: readonly Move[] }) {
  const from = STAGES.filter((stage) => moves.some((move) => move.from === stage));
  const to = STAGES.filter((stage) => moves.some((move) => move.to === stage));
  return (
    <div class="scrolled" tabIndex={0} role="region" aria-label="Moves">
      <table class="moves">
        <caption class="visually-hidden">Who would move: from the stage of the row to the stage of the column</caption>
        <thead>
          <tr>
            <th scope="col">from ↓ to →</th>
            {to.map((stage) => (
              <th key={stage} scope="col" class="number">
                {stageTitle(stage)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {from.map((was) => (
            <tr key={was}>
              <th scope="row">{stageTitle(was)}</th>
              {to.map((stage) => {
                const count = moves.find((move) => move.from === was && move.to === stage)?.count ?? 0;
                return (
                  <td key={stage} class="number">
                    {count === 0 ? <span class="muted">–</span> : formatCount(count)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Examples({ moves }: { readonly moves: readonly Move[] }) {
  return (
    <ul class="move-examples">
      {moves.map(({ from, to, count, examples }) => (
        <li key={`${from} ${to}`}>
          {stageTitle(from)} → {stageTitle(to)}:{' '}
          {examples.map(({ id, name }, index) => (
            <>
              {index > 0 && ', '}
              <a key={id} href={`/customers/${id}`} dir="auto">
                {name ?? 'No name yet'}
              </a>
            </>
          ))}
          {count > examples.length && ` and ${formatCount(count - examples.length)} more`}
        </li>
      ))}
    </ul>
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
      {moves.length > 0 && (
        <>
          <Matrix moves={moves} />
          <Examples moves={moves} />
        </>
      )}
    </section>
  );
}
