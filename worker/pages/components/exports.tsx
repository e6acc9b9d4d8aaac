import { pathWith } from '../form.ts';

type ExportsProps = {
  /** Of the API. */
  readonly path: string;
  /** The filters of the list that is shown. */
  readonly query: URLSearchParams;
  /** What the file holds: "these customers". */
  readonly what: string;
};

/** A list as a file, with the filters it is shown with. */
export function Exports({ path, query, what }: ExportsProps) {
  const as = (format: string): string => pathWith(path, query, { format, cursor: null, done: null });
  return (
    <span class="exports">
      Export{' '}
      <a href={as('csv')} download>
        CSV<span class="visually-hidden"> of {what}</span>
      </a>{' '}
      <a href={as('json')} download>
        JSON<span class="visually-hidden"> of {what}</span>
      </a>
    </span>
  );
}
