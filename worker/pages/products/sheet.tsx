import type { Imported } from '../../record/products/cost-sheet.ts';
import { plural } from '../format.ts';
import { Icon } from '../icons.tsx';

/** What became of a sheet that was given back. */
export function Outcome({ imported: { saved, faults } }: { readonly imported: Imported }) {
  return (
    <div class={`notice notice-${faults.length > 0 ? 'bad' : 'good'}`} role="alert">
      <Icon name={faults.length > 0 ? 'alert' : 'check'} />
      <div>
        <p>
          {plural(saved, 'cost')} saved{faults.length > 0 && `, ${plural(faults.length, 'line')} refused`}.
        </p>
        {faults.length > 0 && (
          <ol class="line-faults">
            {faults.slice(0, 50).map(({ line, message }) => (
              <li key={line} dir="auto">
                Line {String(line)}: {message}
              </li>
            ))}
          </ol>
        )}
        {faults.length > 50 && <p>And {String(faults.length - 50)} more.</p>}
      </div>
    </div>
  );
}

/** Costs as a sheet: fetched, filled in, given back. */
export function Sheet({ isOpen }: { readonly isOpen: boolean }) {
  return (
    <details class="card sheet-form" open={isOpen}>
      <summary>Set many costs at once, by a CSV sheet</summary>
      <form method="post" action={`/products/costs`} encType="multipart/form-data" class="stack">
        <p>
          <a href="/products.csv" download="products.csv">
            Download all products as CSV
          </a>
          , fill in the column “cost”, and give the sheet back here. Columns: sku (or title), cost, currency, and from,
          the day it begins to hold. Giving the same sheet twice changes nothing.
        </p>
        <div class="field">
          <label for="file">CSV file</label>
          <input id="file" name="file" type="file" accept=".csv,text/csv,text/plain" />
        </div>
        <div class="field">
          <label for="csv">or paste the lines</label>
          <textarea
            id="csv"
            name="csv"
            rows={4}
            class="mono"
            placeholder="SKU-1,21.50,EUR,2026-01-01"
            spellcheck={false}
          />
        </div>
        <button type="submit">Save these costs</button>
      </form>
    </details>
  );
}
