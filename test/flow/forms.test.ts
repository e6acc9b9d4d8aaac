import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi, startWorker } from '../support/worker.ts';

/** The door that plain HTML forms are sent to, as a browser and as a script meet it. */
const HOST = 'http://rapport.test';
const SITE = 'https://harbour-hare.test';
const worker = startWorker();
type Answer = Awaited<ReturnType<typeof worker.dispatchFetch>>;
type Source = { readonly id: string; readonly key: string };
let open: Source;
let listed: Source;

const addForm = (name: string, settings: object = {}): Promise<Source> =>
  callApi<Source>(worker, '/sources', { method: 'POST', body: { kind: 'html_form', name, settings } });

beforeAll(async () => {
  await worker.ready;
  open = await addForm('Any page');
  listed = await addForm('Listed pages', { origins: [SITE] });
});
afterAll(() => worker.dispose());

type Sent = {
  readonly fields: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly query?: string;
};

/** Sends a form as a browser does. */
const send = (source: Source, { fields, headers = {}, query = '' }: Sent) =>
  worker.dispatchFetch(`${HOST}/f/${source.key}${query}`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      accept: 'text/html,application/xhtml+xml',
      'content-type': 'application/x-www-form-urlencoded',
      origin: SITE,
      referer: `${SITE}/contact`,
      ...headers,
    },
    body: new URLSearchParams(fields).toString(),
  });

const messagesOf = async (source: Source): Promise<readonly { readonly text: string | null }[]> =>
  (await callApi<{ items: { text: string | null }[] }>(worker, `/touchpoints?source=${source.id}&limit=200`)).items;

let serial = 0;
const letter = (): Record<string, string> => ({
  name: 'Ada Quill',
  email: 'ada.quill@example.com',
  message: `Do you repair teapots? (${++serial})`,
});

describe('where a form leads', () => {
  it.each([
    ['the page of the form itself', `${SITE}/thanks`, `${SITE}/thanks`],
    ['an address on its own site', '/thanks?a=1#b', `${SITE}/thanks?a=1#b`],
  ])('goes back to %s', async (_, next, location) => {
    const response = await send(open, { fields: { ...letter(), _next: next } });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(location);
  });

  it('goes to a listed site, also when the query asks for it', async () => {
    const { key } = await addForm('Two sites', { origins: [SITE, 'https://blog.test'] });
    const query = `?_next=${encodeURIComponent('https://blog.test/read')}`;
    const response = await send({ id: '', key }, { fields: letter(), query });
    expect(response.headers.get('location')).toBe('https://blog.test/read');
  });

  it.each([
    ['a stranger', 'https://evil.test/'],
    ['a stranger by a protocol-relative address', '//evil.test/'],
    ['a stranger that looks listed', `${SITE}.evil.test/`],
    ['a stranger behind a user name', `${SITE}@evil.test/`],
    ['a stranger behind a backslash', `https:\\\\evil.test/`],
    ['a script', 'javascript:alert(1)'],
    ['a document in the address', 'data:text/html,<b>x</b>'],
    ['a file', 'file:///etc/passwd'],
  ])('does not lead to %s', async (_, next) => {
    for (const source of [open, listed]) {
      const response = await send(source, { fields: { ...letter(), _next: next } });
      expect(response.status).toBe(200);
      expect(response.headers.get('location')).toBeNull();
      expect(await response.text()).toContain('Thank you!');
    }
  });

  it('thanks in the language of the browser and leads back to the page', async () => {
    const response = await send(open, {
      fields: letter(),
      headers: { 'accept-language': 'fr;q=0.9, ar;q=0.8, en;q=0.1' },
    });
    const page = await response.text();
    expect(page).toContain('<html lang="ar" dir="rtl"');
    expect(page).toContain('شكرًا لك!');
    expect(page).toContain(`href="${SITE}/contact"`);
  });

  it('does not let a page into a frame, a search engine or a cache', async () => {
    const { headers } = await send(open, { fields: letter() });
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-robots-tag')).toBe('noindex');
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

describe('what a form brings', () => {
  it('is recorded once, however often it is sent', async () => {
    const fields = letter();
    const before = (await messagesOf(open)).length;
    for (const response of await Promise.all([1, 2, 3].map(() => send(open, { fields }))))
      expect(response.status).toBe(200);
    expect((await messagesOf(open)).length).toBe(before + 1);
  });

  it.each(['application/json', 'multipart/form-data'])('may come as %s', async (type) => {
    const fields = letter();
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    const encoded = new Response(form);
    const isJson = type === 'application/json';
    const response = await worker.dispatchFetch(`${HOST}/f/${open.key}`, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': isJson ? type : (encoded.headers.get('content-type') ?? ''),
      },
      body: isJson ? JSON.stringify(fields) : await encoded.text(),
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ok: true });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect((await messagesOf(open))[0]?.text).toBe(fields.message);
  });

  it('is not recorded when a program filled in the trap, and the program is told nothing', async () => {
    const before = await messagesOf(open);
    const kept = letter();
    const honest = await send(open, { fields: { ...kept, _next: '/thanks' } });
    const trapped = await send(open, { fields: { ...letter(), _gotcha: 'x', _next: '/thanks' } });
    expect([trapped.status, trapped.headers.get('location')]).toEqual([honest.status, honest.headers.get('location')]);
    expect((await messagesOf(open)).length).toBe(before.length + 1);
  });
});

describe('who may send', () => {
  it('only pages the owner lists, where any are listed', async () => {
    const before = (await messagesOf(listed)).length;
    const elsewhere = { origin: 'https://evil.test', referer: 'https://evil.test/' };
    expect((await send(listed, { fields: letter(), headers: elsewhere })).status).toBe(401);
    expect((await send(listed, { fields: letter() })).status).toBe(200);
    expect((await messagesOf(listed)).length).toBe(before + 1);
  });

  it('learns the same from a wrong key as from a wrong page', async () => {
    const elsewhere = { origin: 'https://evil.test', referer: 'https://evil.test/' };
    for (const accept of ['text/html', 'application/json']) {
      const refused = await send(listed, { fields: letter(), headers: { ...elsewhere, accept } });
      const unknown = await send(
        { id: '', key: 'no-such-key' },
        { fields: letter(), headers: { ...elsewhere, accept } },
      );
      expect([refused.status, unknown.status]).toEqual([401, 404]);
      expect(await unknown.text()).toBe(await refused.text());
    }
  });

  it('a script of another site, after asking', async () => {
    const asked = await worker.dispatchFetch(`${HOST}/f/${open.key}`, { method: 'OPTIONS' });
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe('*');
    expect(asked.headers.get('access-control-allow-headers')).toContain('content-type');
  });
});

describe('what does not fit', () => {
  const broken = { body: '{"message":', type: 'application/json', status: 422 };
  const large = { body: `message=${'x'.repeat(300_000)}`, type: 'application/x-www-form-urlencoded', status: 413 };

  it.each([
    ['broken', broken],
    ['too large', large],
  ])(
    'a %s body is told to a person in a page and to a program in a problem document',
    async (_, { body, type, status }) => {
      const post = (accept: string, triesLeft = 5): Promise<Answer> =>
        worker
          .dispatchFetch(`${HOST}/f/${open.key}`, {
            method: 'POST',
            headers: { accept, 'content-type': type, 'accept-language': 'pl' },
            body,
          })
          // Who answers before all is read may cut the line while the rest is still being sent.
          .catch((error: unknown) => (triesLeft > 0 ? post(accept, triesLeft - 1) : Promise.reject(error)));
      const page = await post('text/html');
      expect([page.status, page.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8']);
      expect(await page.text()).toContain('<html lang="pl"');
      const problem = await post('application/json');
      expect([problem.status, problem.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
      expect(problem.headers.get('access-control-allow-origin')).toBe('*');
    },
  );
});
