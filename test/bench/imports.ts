import { MAX_IMPORT_ROWS } from '../../schema/imports/plan.ts';
import { clientOf } from '../support/http.ts';
import { planOf } from '../support/imports.ts';
import { asAdmin } from '../support/worker.ts';

/** Rows a second of a file of orders by people who are known, request after request as the page sends them. */
const WARM_UP = 4;
const PEOPLE = 1000;
let files = 0;

export async function importRate(port: number, requests: number): Promise<number> {
  const { post, close } = clientOf(port, 1);
  const headers = { ...asAdmin, 'content-type': 'application/json' };
  const ask = async <T>(path: string, body: unknown): Promise<T> => {
    const answer = await post(`/api/v1${path}`, headers, JSON.stringify(body));
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.body.slice(0, 300)}`);
    return JSON.parse(answer.body) as T;
  };
  const file = ++files;
  const plan = planOf({ columns: { orderId: 0, customerId: 1, email: 2, date: 3, product: 4, total: 5 } });
  const rowsTotal = (requests + WARM_UP) * MAX_IMPORT_ROWS;
  const begun = { fileName: `bench-${file}.csv`, fingerprint: file.toString(16).padStart(64, '0'), rowsTotal, plan };
  const { id } = await ask<{ id: string }>('/imports', begun);
  const rowOf = (index: number) => {
    const person = index % PEOPLE;
    const cells = [
      `o${index}`,
      `c${person}`,
      `p${person}@import-${file}.example`,
      '2026-01-05',
      'Enamel teapot',
      '48.50',
    ];
    return { line: index + 2, cells };
  };
  let started = 0;
  for (let request = 0; request < requests + WARM_UP; request++) {
    if (request === WARM_UP) started = performance.now();
    const from = request * MAX_IMPORT_ROWS;
    const rows = Array.from({ length: MAX_IMPORT_ROWS }, (_, index) => rowOf(from + index));
    await ask(`/imports/${id}/rows`, { from, rows });
  }
  close();
  return (requests * MAX_IMPORT_ROWS * 1000) / (performance.now() - started);
}
