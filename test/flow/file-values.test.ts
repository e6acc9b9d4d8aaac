import { renderToString } from 'preact-render-to-string';
import { afterAll, expect, it } from 'vitest';
import { LOCALES } from '../../schema/survey.ts';
import { speechIn } from '../../worker/pages/preferences/speech.ts';
import { personFile } from '../../worker/pages/privacy/person-file.tsx';
import type { PersonExport } from '../../worker/record/erasure/export.ts';
import { callApi, startWorker } from '../support/worker.ts';

/** What a person is handed reads like words, whoever of a year of business they are. */
const HOST = 'http://rapport.test';
const worker = startWorker({ build: 'development' });
afterAll(() => worker.dispose());

/** What stands there as it arrived or as it is numbered elsewhere. */
const AS_IT_IS = ['body', 'externalId', 'messageId', 'publicId'];
const numbersIn = (held: PersonExport): ReadonlySet<string> =>
  new Set(
    held.holdings.flatMap(({ rows }) =>
      rows.flatMap((row) => AS_IT_IS.flatMap((column) => (typeof row[column] === 'string' ? [row[column]] : []))),
    ),
  );
const textsOf = (html: string): readonly string[] =>
  [...html.matchAll(/<bdi>([^<]*)<\/bdi>/g)].map(([, text = '']) =>
    text.replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
  );

it('shows no JSON, no epoch and no code of ours in any language', async () => {
  const seeded = await worker.dispatchFetch(`${HOST}/demo/seed`, { method: 'POST', headers: { origin: HOST } });
  expect(seeded.status).toBe(200);
  const { items } = await callApi<{ items: { id: string }[] }>(worker, '/customers?limit=40');
  const raw: string[] = [];
  let seen = 0;
  for (const { id } of items) {
    const held = await callApi<PersonExport>(worker, `/customers/${id}/export`);
    const numbers = numbersIn(held);
    for (const locale of LOCALES)
      for (const text of textsOf(renderToString(personFile(held, Date.now(), speechIn(locale))))) {
        seen += 1;
        if (numbers.has(text)) continue;
        const isRaw = /[[{]"|^[a-z]+(_[a-z0-9]+)+$|^[a-z_]+:(?!\/\/)\S|^1\d{12}$|\d([.,\s]\d{3}){4}/.test(text);
        if (isRaw) raw.push(`${locale}: ${text.slice(0, 100)}`);
      }
  }
  expect(seen).toBeGreaterThan(5000);
  expect([...new Set(raw)]).toEqual([]);
});
