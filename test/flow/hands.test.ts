import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAND_KINDS } from '../../schema/hand-contact.ts';
import {
  ACTIVITIES,
  APPROACHES,
  ARRANGEMENTS,
  CHANNELS,
  INITIATORS,
  MEANS,
  PHASES,
  TRADES,
} from '../../schema/vocabulary.ts';
import { addSource, deliver, holdersOf, orderBody, shopifyDelivery } from '../support/shop.ts';
import { signIn } from '../support/staff.ts';
import { asAdmin, callApi, startWorker } from '../support/worker.ts';

/** Contacts by hand, what they cost and what goods cost, as staff and programs put them in. */
const worker = startWorker();
const ORIGIN = 'http://rapport.test';
const SECRET = 'a-shopify-signing-secret';
const FORMULA = '=HYPERLINK("http://evil.example")';
let customer = '';

const { ask, textOf, cookie } = await signIn(worker);

type Contact = Record<string, unknown> & { readonly data: Record<string, unknown> };
const contactsOf = async (id: string) =>
  (await callApi<{ items: Contact[] }>(worker, `/touchpoints?customer=${id}&limit=200`)).items;
const newest = async () => (await contactsOf(customer))[0];

const tryApi = async (method: string, path: string, body: unknown) => {
  const response = await worker.dispatchFetch(`${ORIGIN}/api/v1${path}`, {
    method,
    headers: { ...asAdmin, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as { errors?: { path: string }[]; id?: string } };
};
const log = (body: Record<string, unknown>, id = customer) => tryApi('POST', `/customers/${id}/touchpoints`, body);
const runMinute = async () => (await worker.getWorker()).scheduled({ scheduledTime: new Date(), cron: '* * * * *' });

beforeAll(async () => {
  const shop = await addSource(worker, 'shopify', { secret: SECRET });
  const base = { createdAt: '2026-01-05T10:00:00Z', name: 'Ada Quill' };
  const first = orderBody({ ...base, id: 1, customer: 1, email: 'ada@hands.example' });
  const second = orderBody({ ...base, id: 2, customer: 2, email: 'bo@hands.example', total: '97.00' });
  const formula = orderBody({ ...base, id: 3, customer: 2, email: 'bo@hands.example', total: '5.00' })
    .replace('Enamel teapot', FORMULA.replaceAll('"', '\\"'))
    .replace('TEA-2', '+SKU');
  for (const [index, body] of [first, second, formula].entries())
    expect((await deliver(worker, shop, shopifyDelivery(SECRET, 'orders/create', `e${index}`, body))).status).toBe(200);
  customer = (await holdersOf(worker, 'email:ada@hands.example'))[0]?.id ?? '';
  await runMinute();
});
afterAll(() => worker.dispose());

describe('a contact by hand', () => {
  it('takes every kind, each in both directions where it has them', async () => {
    for (const kind of HAND_KINDS)
      for (const direction of ['in', 'out'])
        expect((await log({ kind, direction, channel: 'partner', text: `${kind} ${direction}` })).status).toBe(201);
    const contacts = await contactsOf(customer);
    const letterIn = contacts.filter(({ text }) => text === 'letter_sent in' || text === 'letter_received in');
    expect(letterIn.map(({ kind }) => kind)).toEqual(['letter_received', 'letter_received']);
    expect(new Set(contacts.map(({ kind }) => kind))).toEqual(new Set([...HAND_KINDS, 'order_placed']));
    // Each is told in words on the record, and on a page of its own.
    const html = await textOf(`/customers/${customer}?show=notes`);
    for (const words of ['We sent a letter', 'Sent us a fax', 'Came to see us', 'We talked with them at an event'])
      expect(html).toContain(words);
    expect(html).toContain('Got in touch, by partner');
  });

  it.each([
    ['channel', CHANNELS],
    ['initiator', INITIATORS],
    ['phase', PHASES],
    ['means', MEANS],
    ['arrangement', ARRANGEMENTS],
    ['approach', APPROACHES],
    ['activity', ACTIVITIES],
    ['trade', TRADES],
  ] as const)('keeps every %s, from the form and from the API alike', async (field, words) => {
    for (const word of words) {
      expect((await log({ kind: 'call_logged', text: 'by API', [field]: word })).status).toBe(201);
      const byApi = await newest();
      expect(byApi?.[field] ?? byApi?.data[field]).toBe(word);
      const posted = await ask(`/customers/${customer}/log`, { kind: 'call_logged', text: 'by form', [field]: word });
      expect(posted.status).toBe(303);
      const byForm = await newest();
      expect([byForm?.text, byForm?.[field] ?? byForm?.data[field]]).toEqual(['by form', word]);
    }
  });

  it('says who handled it, how long it took and what came of it, in the timeline and on its page', async () => {
    const form = {
      kind: 'call_logged',
      direction: 'in',
      handler: 'outsourced',
      handledBy: 'Dialogue Ltd',
      minutes: '12',
      cost: '7,5',
      currency: 'eur',
      purpose: 'Complaint',
      result: 'A new one is sent',
      means: 'chance',
      text: 'A handled call',
    };
    expect((await ask(`/customers/${customer}/log`, form)).status).toBe(303);
    const told = await newest();
    expect(told).toMatchObject({
      handler: 'outsourced',
      purpose: 'Complaint',
      cost: { amountMinor: 750, currency: 'EUR' },
      data: { minutes: 12, handledBy: 'Dialogue Ltd', result: 'A new one is sent', means: 'chance' },
    });
    const record = await textOf(`/customers/${customer}`);
    expect(record).toContain('Called us, 12 min, outsourced: Dialogue Ltd');
    expect(record).toContain('cost €7.50');
    expect(record).toContain('Contact by hand');
    const page = await textOf(`/touchpoints/${told?.id}`);
    for (const words of ['An outside service: Dialogue Ltd', '12 min', 'A new one is sent', 'Chance', '€7.50'])
      expect(page).toContain(words);
    expect(page).not.toContain('More it said');
  });

  it.each([
    [{ kind: 'call_shouted' }, 'body.kind'],
    [{ text: '  ' }, 'body.text'],
    [{ minutes: 2000 }, 'body.minutes'],
    [{ minutes: 1.5 }, 'body.minutes'],
    [{ cost: { amountMinor: -1, currency: 'EUR' } }, 'body.cost.amountMinor'],
    [{ cost: { amountMinor: 1, currency: 'euro' } }, 'body.cost'],
    [{ means: 'magic' }, 'body.means'],
    [{ kind: 'contact_logged' }, 'body.channel'],
    [{ occurredAt: '2999-01-01T00:00:00Z' }, 'body.occurredAt'],
    [{ unheard: 'of' }, 'body'],
  ])('is refused with %j, and the field is named', async (over, path) => {
    const { status, body } = await log({ kind: 'note_added', text: 'x', ...over });
    expect(status).toBe(422);
    expect(body.errors?.map((error) => error.path)).toEqual([path]);
  });

  it('gives the form back with every fault at its field, and what was typed', async () => {
    const form = {
      kind: 'contact_logged',
      text: 'Kept',
      minutes: 'ten',
      cost: 'much',
      currency: 'EUR',
      at: 'yesterday',
      handledBy: 'Dialogue Ltd',
      channel: '',
    };
    const response = await ask(`/customers/${customer}/log`, form);
    expect(response.status).toBe(422);
    const html = await response.text();
    expect(html).toContain('Kept</textarea>');
    expect(html).toContain('value="Dialogue Ltd"');
    for (const field of ['minutes', 'cost', 'at']) expect(html).toContain(`id="${field}-fault"`);
  });
});

describe('what a contact costs', () => {
  const put = (items: readonly object[], validFrom = '2026-01-01') =>
    tryApi('PUT', '/contact-rates', { validFrom, items });

  it('is set by API and on the page, and an earlier time keeps its rate', async () => {
    expect(
      (await put([{ channel: 'phone', handler: 'staff', perContactMinor: 40, perMinuteMinor: 50, currency: 'eur' }]))
        .status,
    ).toBe(200);
    expect(await textOf('/costs')).toContain('a 12-minute call costs €6.40');
    const today = new Date().toISOString().slice(0, 10);
    const form = { currency: 'EUR', from: today, 'contact.phone.staff': '0.40', 'minute.phone.staff': '0.60' };
    expect((await ask('/costs', form)).headers.get('location')).toBe('/costs?done=saved');
    expect(await textOf('/costs')).toContain('a 12-minute call costs €7.60');
    const { items } = await callApi<{ items: object[] }>(worker, '/contact-rates');
    expect(items).toMatchObject([
      { channel: 'phone', handler: 'staff', validFrom: today, perContactMinor: 40, perMinuteMinor: 60 },
      { validFrom: '2026-01-01', perMinuteMinor: 50, currency: 'EUR' },
    ]);
  });

  it('is worked out when a contact is logged with its minutes and no cost, by the rate of its day', async () => {
    await log({ kind: 'call_logged', minutes: 12, text: 'then', occurredAt: '2026-02-01T10:00:00Z' });
    expect(await newest()).toMatchObject({ cost: { amountMinor: 640, currency: 'EUR' }, data: { costFrom: 'rates' } });
    await log({ kind: 'call_logged', minutes: 12, text: 'now' });
    const now = await newest();
    expect(now).toMatchObject({ cost: { amountMinor: 760, currency: 'EUR' } });
    expect(await textOf(`/touchpoints/${now?.id}`)).toContain('€7.60, worked out from the rates');
    for (const over of [
      { kind: 'call_logged', handler: 'outsourced', minutes: 12 },
      { kind: 'note_added', channel: 'phone' },
    ]) {
      await log({ text: 'nothing known', ...over });
      expect(await newest()).toMatchObject({ text: 'nothing known', cost: null });
    }
  });

  it('writes nothing for a form that changes nothing, and keeps one that does not fit', async () => {
    const form = { currency: 'EUR', from: '2999-01-01', 'contact.phone.staff': '0.40', 'minute.phone.staff': '0.60' };
    expect((await ask('/costs', form)).status).toBe(303);
    expect((await callApi<{ items: object[] }>(worker, '/contact-rates')).items).toHaveLength(2);
    const bad = await ask('/costs', { ...form, from: 'soon', 'minute.phone.staff': 'a lot' });
    expect(bad.status).toBe(422);
    const html = await bad.text();
    expect(html).toContain('value="a lot"');
    expect(html).toContain('Write the day like');
    expect((await put([{ channel: 'phone', handler: 'staff', currency: 'x' }])).body.errors?.[0]?.path).toBe(
      'body.items.0.currency',
    );
  });

  it('is unknown again once both amounts are taken away', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const form = { currency: 'EUR', from: today, 'contact.phone.staff': '', 'minute.phone.staff': '' };
    expect((await ask('/costs', form)).status).toBe(303);
    await log({ kind: 'call_logged', minutes: 12, text: 'unknown' });
    expect(await newest()).toMatchObject({ text: 'unknown', cost: null });
  });
});

describe('somebody new', () => {
  it('is put on record once, with the first contact, and found by the address', async () => {
    const messageId = '0f0e0d0c-0b0a-4908-8706-050403020100';
    const form = {
      messageId,
      name: 'Noor Haddon',
      email: 'Noor@hands.example',
      phone: '',
      line: 'fair 10m liked the glaze',
      direction: 'in',
    };
    const places: (string | null)[] = [];
    for (const _press of [1, 2]) places.push((await ask('/log', form)).headers.get('location'));
    expect(places[0]).toBe(places[1]);
    const [found, ...others] = await holdersOf(worker, 'email:noor@hands.example');
    expect(others).toEqual([]);
    expect(places[0]).toBe(`/customers/${found?.id}?done=logged`);
    expect(found?.displayName).toBe('Noor Haddon');
    expect(await contactsOf(found?.id ?? '')).toMatchObject([
      { kind: 'event_attended', channel: 'event', direction: 'in', text: 'liked the glaze', data: { minutes: 10 } },
    ]);
  });

  it('who is known by the address already gets the contact on their record', async () => {
    const { status, body } = await tryApi('POST', '/customers', {
      person: { name: 'A. Quill', email: 'ada@hands.example' },
      contact: { kind: 'note_added', text: 'Met again at the fair' },
    });
    expect(status).toBe(201);
    expect(body.id).toBe(customer);
    expect(await newest()).toMatchObject({ text: 'Met again at the fair' });
  });

  it('needs a name and an address or a number, and is told so at the field', async () => {
    const empty = await ask('/log', { name: '', email: '', phone: '', line: '' });
    expect(empty.status).toBe(422);
    const html = await empty.text();
    for (const field of ['name', 'line']) expect(html).toContain(`id="${field}-fault"`);
    const contact = { kind: 'note_added', text: 'x' };
    for (const [person, path] of [
      [{ name: 'N' }, 'body.person.email'],
      [{ name: 'N', email: 'nobody' }, 'body.person.email'],
      [{ name: 'N', phone: '123' }, 'body.person.phone'],
      [{ email: 'n@hands.example' }, 'body.person.name'],
    ] as const)
      expect((await tryApi('POST', '/customers', { person, contact })).body.errors?.[0]?.path).toBe(path);
  });

  it('finds customers on the page that works without a script', async () => {
    expect(await textOf('/log?q=quill')).toContain(`href="/customers/${customer}#log"`);
    expect(await textOf('/log?q=nobody-of-that-name')).toContain('value="nobody-of-that-name"');
  });
});

describe('products', () => {
  const costOf = async (sku: string) =>
    (await callApi<{ items: { sku: string; cost: unknown }[] }>(worker, `/products?q=${encodeURIComponent(sku)}`))
      .items[0]?.cost;
  const importSheet = async (csv: string, asFile = false) => {
    const form = new FormData();
    if (asFile) form.set('file', new File([csv], 'costs.csv', { type: 'text/csv' }));
    else form.set('csv', csv);
    const request = new Request(ORIGIN, { method: 'POST', body: form });
    return worker.dispatchFetch(`${ORIGIN}/products/costs`, {
      method: 'POST',
      headers: { cookie, origin: ORIGIN, 'content-type': request.headers.get('content-type') ?? '' },
      body: new Uint8Array(await request.arrayBuffer()),
    });
  };

  it('show what they sold, to how many, and a form for their cost', async () => {
    const html = await textOf('/products');
    expect(html).toContain('Enamel teapot');
    expect(html).toContain('€145.50');
    expect(html).toContain('2 without a cost');
    expect(html).not.toContain('<script>');
  });

  it('take a cost in the row, and give back what does not fit', async () => {
    const { items } = await callApi<{ items: { id: string; sku: string }[] }>(worker, '/products?q=TEA-2');
    const path = `/products/${items[0]?.id}/cost`;
    const bad = await ask(path, { cost: 'dear', currency: 'EUR', from: '2026-01-01', back: '/products?q=TEA' });
    expect(bad.status).toBe(422);
    expect(await bad.text()).toContain('value="dear"');
    const good = await ask(path, { cost: '21.50', currency: 'EUR', from: '2026-01-01', back: '/products?q=TEA' });
    expect(good.headers.get('location')).toBe('/products?q=TEA&done=saved');
    expect(await costOf('TEA-2')).toEqual({ amountMinor: 2150, currency: 'EUR', validFrom: '2026-01-01' });
    expect(await textOf(`/products/${items[0]?.id}`)).toContain('€21.50 from 1 January 2026');
    expect(
      (await ask(path, { cost: '1', currency: 'EUR', from: '2026-01-01' }, { origin: 'https://evil.example' })).status,
    ).toBe(403);
    expect((await ask('/products/99999')).status).toBe(404);
  });

  it('take costs from a sheet, pasted or as a file, and name each line that does not fit', async () => {
    const sheet =
      'sku;cost;currency;from\r\ntea-2;22,00;EUR;2026-03-01\r\nNONE;1;EUR;\r\nTEA-2;abc;EUR;\nTEA-2;5;EUR;2026-02-31\n;4;EUR;\n';
    for (const asFile of [false, true]) {
      const response = await importSheet(sheet, asFile);
      expect(response.status).toBe(422);
      const html = (await response.text()).replaceAll('<!-- -->', '');
      expect(html).toContain('1 cost saved, 4 lines refused');
      for (const line of [
        'Line 3: No order has named',
        'Line 4: “abc EUR” is not an amount',
        'Line 5: “2026-02-31”',
        'Line 6: There is no SKU',
      ])
        expect(html).toContain(line);
    }
    expect(await costOf('TEA-2')).toEqual({ amountMinor: 2200, currency: 'EUR', validFrom: '2026-03-01' });
    expect((await importSheet('')).status).toBe(422);
  });

  it('go out as a sheet that no spreadsheet runs, and that can be given back', async () => {
    const response = await ask('/products.csv');
    expect(response.headers.get('content-type')).toContain('text/csv');
    const csv = await response.text();
    expect(csv).toContain(`'+SKU,"'=HYPERLINK(""http://evil.example"")"`);
    expect(csv).not.toMatch(/(^|,|")[=+@-]/m);
    const filled = csv.replace(/^('\+SKU,".*?"),,,/m, '$1,1.20,EUR,2026-01-01');
    expect((await importSheet(filled)).status).toBe(200);
    expect(await costOf('+SKU')).toEqual({ amountMinor: 120, currency: 'EUR', validFrom: '2026-01-01' });
    expect(await costOf('TEA-2')).toMatchObject({ amountMinor: 2200 });
  });

  it('are shut to whoever has no session', async () => {
    for (const path of ['/products', '/products/1', '/products.csv', '/costs', '/log']) {
      const response = await worker.dispatchFetch(ORIGIN + path, { redirect: 'manual' });
      expect(response.status, path).toBe(303);
      expect(response.headers.get('location')).toMatch(/^\/sign-in/);
    }
  });
});
