import { afterAll, describe, expect, it } from 'vitest';
import { addSource, deliver } from '../support/shop.ts';
import { signStandardWebhooks } from '../support/sign.ts';
import { startWithSql } from '../support/sql.ts';
import { asAdmin, callApi } from '../support/worker.ts';

/** Changes to one source: at the same moment, of where secrets go, of what is kept. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());

const patch = (id: string, body: object) =>
  worker.dispatchFetch(`http://rapport.test/api/v1/sources/${id}`, {
    method: 'PATCH',
    headers: { ...asAdmin, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
type Shown = { name: string; pausedAt: string | null; bodyDays: number };

describe('changes at the same moment', () => {
  it('all stand: none takes another back', async () => {
    for (let round = 0; round < 10; round++) {
      const source = await addSource(worker, 'standard_webhooks');
      const secret = `whsec_${btoa(`a secret of the owner, number ${round}`)}`;
      const answers = await Promise.all([
        patch(source.id, { secret }),
        patch(source.id, { name: `round ${round}` }),
        patch(source.id, { bodyDays: 7 }),
        patch(source.id, { paused: true }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      expect(await callApi<Shown>(worker, `/sources/${source.id}`)).toMatchObject({
        name: `round ${round}`,
        bodyDays: 7,
        pausedAt: expect.any(String),
      });
      const event = JSON.stringify({ type: 'note.added', timestamp: new Date().toISOString(), data: { id: 'n' } });
      const signed = signStandardWebhooks(event, { secret, now: Date.now(), id: `msg_${round}` });
      expect((await deliver(worker, source, signed)).status, `round ${round}`).toBe(200);
    }
  });

  it('of the secret leave the two newest', async () => {
    const source = await addSource(worker, 'shopify', { secret: 'first' });
    await Promise.all(['second', 'third'].map((secret) => patch(source.id, { secret })));
    const row = await db
      .prepare('SELECT secrets FROM source WHERE public_id = ?1')
      .bind(source.id)
      .first<{ secrets: string }>();
    expect(JSON.parse(row?.secrets ?? '[]').sort()).toEqual(['second', 'third']);
  });
});

describe('access to a sender’s API', () => {
  it('goes to no other address than the one it was typed for', async () => {
    const source = await addSource(worker, 'zendesk', { secret: 'signing' });
    const first = {
      subdomain: 'harbour',
      email: 'agent@example.com',
      apiToken: 'a-token-of-forty-characters-0123456789ab',
    };
    expect((await patch(source.id, { credentials: first })).status).toBe(200);
    const moved = await patch(source.id, { credentials: { subdomain: 'elsewhere' } });
    expect(moved.status).toBe(422);
    expect(await moved.text()).toContain('typed again');
    expect((await patch(source.id, { credentials: { ...first, subdomain: 'elsewhere' } })).status).toBe(200);
  });
});

describe('headers kept of a delivery', () => {
  it('are none that carry a key, a password or a session', async () => {
    const form = await addSource(worker, 'html_form');
    const secrets = ['x-api-key', 'x-password', 'x-session-id', 'x-csrf-token', 'x-credentials'];
    await deliver(worker, form, {
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        'x-kept': 'yes',
        ...Object.fromEntries(secrets.map((name) => [name, 'SUPERSECRET'])),
      },
      body: 'email=keys%40form.example&message=Hi',
    });
    const { results } = await db
      .prepare('SELECT headers FROM delivery WHERE source_id = (SELECT id FROM source WHERE public_id = ?1)')
      .bind(form.id)
      .all<{ headers: string }>();
    expect(results.map(({ headers }) => headers).join()).toContain('x-kept');
    expect(JSON.stringify(results)).not.toContain('SUPERSECRET');
  });
});
