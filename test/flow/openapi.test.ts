import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { operations } from '../../worker/api/operations.ts';
import { addSource, deliver, orderBody, shopifyDelivery } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { callApi } from '../support/worker.ts';

/** The description of the API, held against what the API does. */
const { worker } = await startWithSql();
afterAll(() => worker.dispose());

type Described = {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: unknown;
  readonly responses: Record<
    string,
    { readonly content: Record<string, { readonly schema: Record<string, unknown> }> }
  >;
};
type Document = { readonly openapi: string; readonly paths: Record<string, Record<string, Described>> };
const document = (await (await worker.dispatchFetch('http://rapport.test/api/openapi.json')).json()) as Document;

describe('the OpenAPI document', () => {
  it('is of version 3.1, open to everybody, and holds every operation once', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(described.sort()).toEqual(operations.map(({ method, path }) => `${method} /api/v1${path}`).sort());
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map((one) => one.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('names each parameter of a path, as required', () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const { parameters } of Object.values(methods)) {
        const named = parameters.filter((parameter) => parameter.in === 'path');
        expect(named.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
        expect(named.every(({ required }) => required)).toBe(true);
      }
    }
  });

  it('points to nothing that is not there, and its schemas can be read as JSON Schema', () => {
    const text = JSON.stringify(document);
    for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) {
      expect(text).toContain(`"${name}":{`);
    }
    for (const methods of Object.values(document.paths)) {
      for (const { responses } of Object.values(methods)) {
        const answer = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
        const schema = answer?.content['application/json']?.schema;
        expect(schema).toBeDefined();
        expect(() => z.fromJSONSchema(schema ?? {})).not.toThrow();
      }
    }
  });
});

describe('what the API answers', async () => {
  const { items } = await callApi<{ items: { kind: string }[] }>(worker, '/providers');
  for (const { kind } of items) {
    const source = await callApi<{ id: string }>(worker, '/sources', {
      method: 'POST',
      body: { kind, name: kind, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
    });
    await callApi(worker, `/sources/${source.id}/test`, { method: 'POST' });
  }
  const shop = await addSource(worker, 'shopify', { secret: 'described' });
  const order = orderBody({ id: 1, customer: 1, createdAt: '2026-01-05T10:00:00Z' });
  await deliver(worker, shop, shopifyDelivery('described', 'orders/create', 'described', order));
  // Products are followed from the log by the minute's run.
  await (await worker.getWorker()).scheduled({ scheduledTime: new Date(), cron: '* * * * *' });
  // Somebody is erased, so that there is a certificate to read.
  const everybody = await callApi<{ items: { id: string }[] }>(worker, '/customers?limit=200');
  await callApi(worker, `/customers/${everybody.items.at(-1)?.id}`, { method: 'DELETE' });
  // Two live together, in an organisation, so that there is one of each to read.
  const [one = '', other = ''] = everybody.items.map(({ id }) => id);
  const { id: organisation } = await callApi<{ id: string }>(worker, '/organisations', {
    method: 'POST',
    body: { name: 'Described Ltd' },
  });
  await callApi(worker, `/organisations/${organisation}/members/${one}`, { method: 'PUT', body: {} });
  const { householdId } = await callApi<{ householdId: string }>(worker, `/customers/${one}/household`, {
    method: 'POST',
    body: { with: other },
  });
  const plan = { kind: 'customers', header: ['e-mail'], columns: { email: 0 } };
  const file = { fileName: 'people.csv', fingerprint: '0a'.repeat(32), rowsTotal: 1, plan };
  const begun = await callApi<{ id: string }>(worker, '/imports', { method: 'POST', body: file });
  const rows = [{ line: 2, cells: ['nobody'] }];
  await callApi(worker, `/imports/${begun.id}/rows`, { method: 'POST', body: { from: 0, rows } });
  await callApi(worker, '/segments', { method: 'POST', body: { name: 'Buyers', rule: 'orders > 0' } });
  // Somebody of the team looks after them and has said what they know, so that there is something of each kind.
  const ann = await callApi<{ id: string }>(worker, '/staff-members', { method: 'POST', body: { name: 'Ann' } });
  const size = { key: 'size', label: 'Size', kind: 'number' };
  await callApi(worker, '/custom-fields', { method: 'POST', body: size });
  const said = { owner: ann.id, city: 'Porto', fields: { size: 43 }, occasions: { birthday: '03-14' }, reason: 'Told' };
  await callApi(worker, `/customers/${everybody.items[0]?.id}`, { method: 'PATCH', body: said });
  const first = async (path: string) => (await callApi<{ items: { id: string }[] }>(worker, path)).items[0]?.id ?? '';
  const readable = operations.filter(({ method }) => method === 'get');
  it.each(readable.map(({ path }) => path))('is what it says it is: GET %s', async (path) => {
    // One of what the list above it holds.
    const [list = '', isBelow] = path.split('/{id}');
    const id = list === '/households' ? householdId : isBelow === undefined ? '' : await first(list);
    const answer = await callApi(worker, path.replace('{id}', id));
    const schema = document.paths[`/api/v1${path}`]?.get?.responses['200']?.content['application/json']?.schema;
    const parsed = z.fromJSONSchema(schema ?? {}).safeParse(answer);
    expect(parsed.error?.issues ?? []).toEqual([]);
    // And nothing beside it: a field that is not described is one that somebody will come to rely on.
    const operation = operations.find((one) => one.method === 'get' && one.path === path);
    expect(operation?.response.parse(answer)).toEqual(answer);
  });
});
