import type { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeReplyToken } from '../../worker/platform/reply-token.ts';
import { mime, multipart, routeMail, stamped } from '../support/mail.ts';
import { addSource, deliver, holdersOf, linesOf, type Source } from '../support/shop.ts';
import { ADMIN_TOKEN, callApi, startWorker } from '../support/worker.ts';

let worker: Miniflare;
let source: Source;
let n = 0;
beforeAll(async () => {
  worker = startWorker({ files: true });
  source = await addSource(worker, 'mailbox', { settings: { address: 'support@shop.example' } });
});
afterAll(() => worker.dispose());

type Touchpoint = {
  readonly id: string;
  readonly kind: string;
  readonly customerId: string;
  readonly direction: string;
  readonly initiator: string;
  readonly messageId: string;
  readonly text: string | null;
  readonly data: Record<string, unknown>;
};
const all = async () =>
  (await callApi<{ items: Touchpoint[] }>(worker, '/touchpoints?limit=100')).items.filter(({ kind }) => kind !== 'x');
const latest = async (): Promise<Touchpoint> => {
  const [first] = await all();
  if (!first) throw new Error('nothing came');
  return first;
};
const keyed = () => `${source.key}@in.shop.example`;
const assuranceOf = async (address: string) => {
  const holders = await holdersOf(worker, `email:${address}`);
  const records = await Promise.all(
    holders.map(({ id }) =>
      callApi<{ identifiers: { kind: string; value: string; assurance: string }[] }>(worker, `/customers/${id}`),
    ),
  );
  return records.flatMap(({ identifiers }) =>
    identifiers.filter(({ kind, value }) => kind === 'email' && value === address).map(({ assurance }) => assurance),
  );
};
const unique = () => `person${++n}@example.com`;
const headersFor = (from: string) => ({ from: `Mara <${from}>`, above: stamped('example.com') });

describe('a mail by Email Routing', () => {
  it('becomes a contact of who wrote it, at the key, at anything before it, and at the address of the settings', async () => {
    const before = (await all()).length;
    for (const to of [
      keyed(),
      `shop+${source.key}@in.shop.example`,
      `${source.key.toUpperCase()}@IN.SHOP.EXAMPLE`,
      'Support@Shop.example',
    ])
      expect(await routeMail(worker, mime({ from: 'Mara Lindqvist <mara@example.com>' }), { to })).toMatchObject({
        status: 200,
      });
    expect(await all()).toHaveLength(before + 4);
    expect(await latest()).toMatchObject({
      kind: 'email_received',
      direction: 'in',
      initiator: 'customer',
      text: 'Does the lid come in blue?',
      data: { title: 'A lid', to: 'support@shop.example' },
    });
  });

  it('is refused for an address that is nobody’s', async () => {
    for (const to of [
      'stranger@in.shop.example',
      `reply+${'a'.repeat(40)}@in.shop.example`,
      `${'f'.repeat(24)}@in.shop.example`,
    ]) {
      const refused = await routeMail(worker, mime({}), { to });
      expect(refused).toMatchObject({ status: 400, text: expect.stringContaining('No such address') });
    }
  });

  it('is one, however often and by whichever way it comes', async () => {
    const mail = mime({ id: '<once@example.com>', text: 'Only once' });
    const before = (await all()).length;
    for (let time = 0; time < 2; time++) await routeMail(worker, mail, { to: keyed() });
    const posted = await deliver(worker, source, { headers: { 'content-type': 'message/rfc822' }, body: mail });
    expect(posted.status).toBe(200);
    expect(await all()).toHaveLength(before + 1);
    expect((await linesOf(worker, source)).slice(0, 3).map(({ outcome }) => outcome)).toEqual([
      'duplicate',
      'duplicate',
      'accepted',
    ]);
  });

  it('leaves a body that can be replayed, and brings nothing new then', async () => {
    await routeMail(worker, mime({ id: '<again@example.com>', ...headersFor('replay@example.com') }), { to: keyed() });
    const before = await all();
    const [line] = await linesOf(worker, source);
    expect(line?.canReplay).toBe(true);
    await callApi(worker, `/deliveries/${line?.id}/replay`, { method: 'POST' });
    expect(await all()).toEqual(before);
    expect(await assuranceOf('replay@example.com')).toEqual(['verified']);
  });
});

describe('who wrote it', () => {
  it('is verified when the receiving server says that DMARC passed for its domain', async () => {
    const address = unique();
    await routeMail(worker, mime(headersFor(address)), { to: keyed() });
    expect(await assuranceOf(address)).toEqual(['verified']);
  });

  it.each([
    ['no result', []],
    ['a result that failed', stamped('example.com', 'fail')],
    ['a result for another domain', stamped('example.net')],
    [
      'the stamp below the sender’s own Received',
      ['Received: from x by mail.example.com; Thu, 15 Jan 2026 12:00:01 +0000', ...stamped('example.com')],
    ],
    ['a stamp without the Received of Email Routing', stamped('example.com').slice(1)],
    ['a forged result beneath the real one', [...stamped('example.com', 'fail'), ...stamped('example.com').slice(2)]],
    [
      'another server’s word',
      stamped('example.com').map((line) => line.replace('mx.cloudflare.net;', 'mx.cloudflare.net.evil.example;')),
    ],
    [
      'a pass in a comment',
      stamped('example.com', 'fail').map((line) =>
        line.replace('dmarc=fail', '(; dmarc=pass header.from=example.com ;) dmarc=fail'),
      ),
    ],
  ])('stays a claim with %s', async (_, above) => {
    const address = unique();
    await routeMail(worker, mime({ from: address, above }), { to: keyed() });
    expect(await assuranceOf(address)).toEqual(['claimed']);
  });

  it('stays a claim when the mail was posted by a request, or names two senders', async () => {
    const [posted, first] = [unique(), unique()];
    await deliver(worker, source, { headers: { 'content-type': 'message/rfc822' }, body: mime(headersFor(posted)) });
    await routeMail(worker, mime({ from: `${first}, other@example.com`, above: stamped('example.com') }), {
      to: keyed(),
    });
    expect([await assuranceOf(posted), await assuranceOf(first)]).toEqual([['claimed'], ['claimed']]);
  });
});

describe('an answer to a reply address', () => {
  const days = (count: number) => Date.now() + count * 24 * 3600 * 1000;
  /** A customer known by a shop, and the reply address a mail to them would carry. */
  async function customer() {
    const address = unique();
    const shop = await addSource(worker, 'standard_webhooks');
    await callApi(worker, `/sources/${shop.id}/test`, { method: 'POST' });
    await routeMail(worker, mime(headersFor(address)), { to: keyed() });
    const db = await worker.getD1Database('DB', 'rapport');
    const row = await db
      .prepare(
        "SELECT i.fragment_id AS id, s.id AS source FROM identifier i, source s WHERE i.value = ?1 AND s.kind = 'mailbox'",
      )
      .bind(address)
      .first<{ id: number; source: number }>();
    const [holder] = await holdersOf(worker, `email:${address}`);
    return { address, fragmentId: row?.id ?? 0, sourceId: row?.source ?? 0, customerId: holder?.id ?? '' };
  }
  const tokenFor = (to: Awaited<ReturnType<typeof customer>>, expiresAt = days(30), key = ADMIN_TOKEN) =>
    makeReplyToken(key, { ...to, expiresAt });

  it('comes to the person it was sent to', async () => {
    const person = await customer();
    const token = await tokenFor(person);
    await routeMail(worker, mime({ from: person.address, text: 'Thank you' }), {
      to: `reply+${token}@in.shop.example`,
    });
    expect(await latest()).toMatchObject({ customerId: person.customerId, kind: 'email_received', text: 'Thank you' });
    expect(await assuranceOf(person.address)).toEqual(['verified']);
  });

  it('passed on, joins no two people: the stranger’s address stays a claim even if their mail proves it', async () => {
    const person = await customer();
    const stranger = await customer();
    const token = await tokenFor(person);
    await routeMail(worker, mime(headersFor(stranger.address)), { to: `reply+${token}@in.shop.example` });
    expect(await latest()).toMatchObject({ customerId: person.customerId, data: { from: stranger.address } });
    const holders = await holdersOf(worker, `email:${stranger.address}`);
    expect(holders.map(({ id }) => id).sort()).toEqual([person.customerId, stranger.customerId].sort());
    expect((await assuranceOf(stranger.address)).sort()).toEqual(['claimed', 'verified']);
  });

  it('counts for nothing when it is changed, expired or made with another key', async () => {
    const person = await customer();
    const token = await tokenFor(person);
    const other = await customer();
    const changed = token.replace(/^[^-]+/, other.fragmentId.toString(36));
    const forged = await tokenFor(person, days(30), 'another-admin-token-for-tests');
    for (const bad of [changed, forged, await tokenFor(person, days(-2)), `${token}a`, token.slice(0, -1)])
      expect((await routeMail(worker, mime({}), { to: `reply+${bad}@in.shop.example` })).status).toBe(400);
  });
});

describe('files', () => {
  const withFile = (id: string) =>
    mime({
      id,
      content: {
        type: 'multipart/mixed; boundary=b1',
        body: multipart('b1', [
          { head: 'Content-Type: text/plain; charset=utf-8', body: 'See the picture.' },
          {
            head: 'Content-Type: image/png; name="lid.png"\r\nContent-Disposition: attachment; filename="lid.png"\r\nContent-Transfer-Encoding: base64',
            body: Buffer.from('<script>alert(1)</script>').toString('base64'),
          },
        ]),
      },
    });

  it('are named and kept where there is a bucket', async () => {
    await routeMail(worker, withFile('<file-1@example.com>'), { to: keyed() });
    const { text, data } = await latest();
    expect(text).toBe('See the picture.');
    expect(data.attachments).toEqual([
      { name: 'lid.png', type: 'image/png', size: 25, file: expect.stringMatching(/^attachments\/[0-9a-f]{40}$/) },
    ]);
    const bucket = await worker.getR2Bucket('FILES', 'rapport');
    const kept = await bucket.get((data.attachments as { file: string }[])[0]?.file ?? '');
    expect(await kept?.text()).toBe('<script>alert(1)</script>');
  });

  it('are only named where there is none', async () => {
    const plain = startWorker();
    try {
      const other = await addSource(plain, 'mailbox');
      expect(
        await routeMail(plain, withFile('<file-2@example.com>'), { to: `${other.key}@in.shop.example` }),
      ).toMatchObject({ status: 200 });
      const [first] = (await callApi<{ items: Touchpoint[] }>(plain, '/touchpoints?limit=5')).items;
      expect(first?.data.attachments).toEqual([{ name: 'lid.png', type: 'image/png', size: 25 }]);
    } finally {
      await plain.dispose();
    }
  });
});
