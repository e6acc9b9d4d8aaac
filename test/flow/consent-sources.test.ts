import { afterAll, describe, expect, it } from 'vitest';
import { readConsent } from '../../worker/record/consent/ledger.ts';
import { mayContact, whyNot } from '../../worker/record/consent/may-contact.ts';
import { customerIdOf } from '../../worker/record/customers.ts';
import { askOf, importFile, planOf } from '../support/imports.ts';
import { SENDERS } from '../support/senders.ts';
import { addSource, deliver, holdersOf, linesOf, type Source, shopifyDelivery } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { callApi } from '../support/worker.ts';

/** What sources tell of consent, from the wire to what follows: each speaks in its own way, the ledger in one. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());

const keyOf = async (identifier: string): Promise<number> => {
  const [holder] = await holdersOf(worker, identifier);
  return (holder && (await customerIdOf(db, holder.id))) ?? 0;
};
const standing = async (identifier: string): Promise<string[]> =>
  (await readConsent(db, await keyOf(identifier))).map(
    ({ purpose, channel, state, basis }) => `${purpose} ${channel} ${state} (${basis})`,
  );
const signed = (source: Source, kind: string, body: string) =>
  SENDERS[kind]?.sign?.(body, { secret: source.secret, now: Date.now(), url: source.url }) ?? { headers: {}, body };
/** Sends a body as the sender of a source would. */
async function send(source: Source, kind: string, body: string): Promise<void> {
  const delivery = signed(source, kind, body);
  const answer = await deliver(worker, source, delivery);
  expect(answer.status, answer.text).toBe(200);
}

describe('a shop', async () => {
  const shop = await addSource(worker, 'shopify', { secret: 'consent' });
  let event = 0;
  const customer = async (id: number, permissions: object) => {
    const body = JSON.stringify({
      id,
      email: `shop${id}@x.example`,
      updated_at: `2026-03-0${(event % 8) + 1}T10:00:00Z`,
      ...permissions,
    });
    const sent = await deliver(
      worker,
      shop,
      shopifyDelivery('consent', 'customers/update', `consent-${event++}`, body),
    );
    expect(sent.status).toBe(200);
  };
  const permission = (state: string, at: string | null) => ({
    state,
    opt_in_level: 'confirmed_opt_in',
    consent_updated_at: at,
  });

  it('says who subscribed and who unsubscribed, as of the moment they did', async () => {
    await customer(1, {
      email_marketing_consent: permission('subscribed', '2026-01-05T10:00:00Z'),
      sms_marketing_consent: permission('unsubscribed', '2026-02-01T09:00:00Z'),
    });
    expect(await standing('email:shop1@x.example')).toEqual([
      'marketing email granted (source)',
      'marketing sms denied (source)',
    ]);
    const [email] = await readConsent(db, await keyOf('email:shop1@x.example'));
    expect(email).toMatchObject({ at: Date.parse('2026-01-05T10:00:00Z'), proof: { optIn: 'confirmed_opt_in' } });
  });

  it('says nothing of who never subscribed', async () => {
    await customer(2, { email_marketing_consent: permission('not_subscribed', null), sms_marketing_consent: null });
    expect(await standing('email:shop2@x.example')).toEqual([]);
  });
});

it('a box that is not ticked any more takes the tick back, and refuses nothing elsewhere', async () => {
  const paddle = await addSource(worker, 'paddle', { secret: 'pdl_ntfset_consent' });
  const tell = (id: string, marketing_consent: boolean, at: string) =>
    send(
      paddle,
      'paddle',
      JSON.stringify({
        event_id: `evt_${id}`,
        event_type: 'customer.updated',
        occurred_at: at,
        data: { id: 'ctm_1', email: 'tick@x.example', marketing_consent },
      }),
    );
  await tell('1', true, '2026-01-01T10:00:00Z');
  expect(await standing('email:tick@x.example')).toEqual(['marketing email granted (source)']);
  await tell('2', false, '2026-01-02T10:00:00Z');
  expect(await standing('email:tick@x.example')).toEqual([]);
});

describe('mail', async () => {
  const postmark = await addSource(worker, 'postmark');
  const tell = (record: object) => send(postmark, 'postmark', JSON.stringify(record));
  const may = async (address: string, purpose: 'service' | 'research') => {
    const answer = await mayContact(db, await keyOf(`email:${address}`), { purpose, channel: 'email', address });
    return answer.ok ? 'yes' : whyNot(answer.why);
  };
  const at = '2026-02-03T10:00:00Z';

  it('that bounced for good is sent to nobody again; one that bounced for now is', async () => {
    await tell({
      RecordType: 'Bounce',
      ID: 1,
      Type: 'HardBounce',
      MessageID: 'm1',
      Email: 'gone@x.example',
      BouncedAt: at,
    });
    await tell({
      RecordType: 'Bounce',
      ID: 2,
      Type: 'SoftBounce',
      MessageID: 'm2',
      Email: 'full@x.example',
      BouncedAt: at,
    });
    expect(await may('gone@x.example', 'service')).toBe('mail to this address came back for good on 2026-02-03');
    expect(await may('full@x.example', 'service')).toBe('yes');
  });

  it('that was called spam ends all mail to the address', async () => {
    await tell({ RecordType: 'SpamComplaint', ID: 3, MessageID: 'm3', Email: 'angry@x.example', BouncedAt: at });
    expect(await may('angry@x.example', 'service')).toBe('this address reported our mail as spam on 2026-02-03');
    expect(await standing('email:angry@x.example')).toEqual([
      'marketing email denied (complaint)',
      'research email denied (complaint)',
    ]);
  });

  it('that was unsubscribed from ends offers and surveys, and not what concerns an order', async () => {
    await tell({
      RecordType: 'SubscriptionChange',
      MessageID: 'm4',
      Recipient: 'enough@x.example',
      ChangedAt: at,
      SuppressSending: true,
      SuppressionReason: 'ManualSuppression',
    });
    expect(await may('enough@x.example', 'research')).toBe('they refused by unsubscribing on 2026-02-03');
    expect(await may('enough@x.example', 'service')).toBe('yes');
  });
});

it('a number that answers STOP gets no more texts, until it answers START', async () => {
  const twilio = await addSource(worker, 'twilio', { secret: 'twilio-consent' });
  const number = '+447911123456';
  const say = (id: string, text: string) =>
    send(twilio, 'twilio', new URLSearchParams({ MessageSid: id, From: number, To: '+441', Body: text }).toString());
  const may = async () =>
    (await mayContact(db, await keyOf(`phone:${number}`), { purpose: 'service', channel: 'sms' })).ok;
  await say('SM1', 'Where is my parcel? Do not stop looking');
  expect(await may()).toBe(true);
  await say('SM2', ' Stop. ');
  expect(await may()).toBe(false);
  expect(await standing(`phone:${number}`)).toEqual([
    'marketing sms denied (stop_word)',
    'research sms denied (stop_word)',
  ]);
  await say('SM3', 'START');
  expect(await may()).toBe(true);
  expect(await standing(`phone:${number}`)).toEqual(['marketing sms granted (stop_word)']);
});

describe('a form', async () => {
  const form = await addSource(worker, 'html_form');
  const submit = (fields: Record<string, string>) =>
    worker.dispatchFetch(form.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', referer: 'https://shop.example/join?x=1' },
      body: new URLSearchParams(fields).toString(),
      redirect: 'manual',
    });

  it('keeps what was ticked with the version of the words beside it and the page it stood on', async () => {
    await submit({
      email: 'form1@x.example',
      consent_marketing: 'on',
      consent_research_sms: 'no',
      consent_wording: 'news-2',
    });
    expect(await standing('email:form1@x.example')).toEqual([
      'marketing email granted (form)',
      'research sms denied (form)',
    ]);
    const [said] = await readConsent(db, await keyOf('email:form1@x.example'));
    expect(said).toMatchObject({
      wording: 'news-2',
      assurance: 'claimed',
      proof: { field: 'consent_marketing', page: 'https://shop.example/join' },
    });
  });

  it('speaks for nobody: who types an address neither agrees for its owner, nor lifts a refusal, nor stops what concerns orders', async () => {
    type Answer = { ok: boolean; rule: string | null };
    const may = async (purpose: string): Promise<string> => {
      const [holder] = await holdersOf(worker, 'email:form3@x.example');
      const path = `/customers/${holder?.id}/may-contact?purpose=${purpose}&channel=email`;
      const answer = await callApi<Answer>(worker, path);
      return answer.ok ? 'yes' : String(answer.rule);
    };
    const email = 'form3@x.example';
    await submit({ email, consent_marketing: 'yes', consent_service: 'no' });
    expect([await may('marketing'), await may('service')]).toEqual(['not_confirmed', 'yes']);
    await submit({ email, consent_marketing: 'no', message: 'Leave me alone' });
    expect(await may('marketing')).toBe('denied');
    await submit({ email, consent_marketing: 'yes', message: 'A stranger' });
    expect(await may('marketing')).toBe('denied');
  });

  it('says nothing where nothing was ticked', async () => {
    await submit({ email: 'form2@x.example', message: 'Hello' });
    expect(await standing('email:form2@x.example')).toEqual([]);
  });
});

describe('what people look at', async () => {
  const segment = await addSource(worker, 'segment', { settings: { profilingCategories: ['Analytics', 'cat-7'] } });
  const { writeKey = '' } = segment as Source & { writeKey?: string };
  const say = async (path: string, body: object) => {
    const response = await worker.dispatchFetch(`http://rapport.test/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${writeKey}:`)}` },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
    return response.text();
  };
  const views = async (visitor: string) =>
    (
      await db
        .prepare(
          "SELECT count(*) AS n FROM touchpoint t JOIN fragment f ON f.id = t.fragment_id WHERE f.key = ?1 AND t.kind = 'page_viewed'",
        )
        .bind(`visitor:${visitor}`)
        .first<{ n: number }>()
    )?.n;
  let viewed = 0;
  const page = (anonymousId: string) =>
    say('page', {
      anonymousId,
      messageId: `view-${viewed++}`,
      properties: { url: 'https://shop.example/secret-wish' },
    });

  it('is not kept of a visitor who refused it, and the answer is the same', async () => {
    const before = await page('v1');
    await say('identify', {
      anonymousId: 'v1',
      context: { consent: { categoryPreferences: { Analytics: false, Ads: true } } },
    });
    expect(await page('v1')).toBe(before);
    await page('v2');
    expect([await views('v1'), await views('v2')]).toEqual([1, 1]);
    const lines = await linesOf(worker, segment);
    expect(lines.filter(({ reason }) => reason === 'profiling_refused')).toMatchObject([
      { outcome: 'ignored', stored: 0, canReplay: false },
    ]);
    const kept = await db
      .prepare(
        "SELECT count(*) AS n FROM delivery WHERE reason = 'profiling_refused' AND (body IS NOT NULL OR headers IS NOT NULL)",
      )
      .first();
    expect(kept).toEqual({ n: 0 });
  });

  it('is kept again once they agree, as RudderStack tells it', async () => {
    const management = (allowed: string[], denied: string[]) => ({
      consentManagement: { allowedConsentIds: allowed, deniedConsentIds: denied, provider: 'custom' },
    });
    await say('identify', { anonymousId: 'v3', context: management([], ['cat-7']) });
    await page('v3');
    await say('identify', { anonymousId: 'v3', context: management(['cat-7'], []) });
    await page('v3');
    expect(await views('v3')).toBe(1);
  });

  it('is not decided by categories nobody has named in the settings', async () => {
    await say('identify', { anonymousId: 'v4', context: { consent: { categoryPreferences: { Ads: false } } } });
    await page('v4');
    expect(await views('v4')).toBe(1);
  });
});

it('a file can refuse for people and never agree for them', async () => {
  const text = ['Email,Do not contact', 'file1@x.example,yes', 'file2@x.example,no', 'file3@x.example,2026-01-01'].join(
    '\n',
  );
  const ended = await importFile(
    askOf(worker),
    { text },
    planOf({ kind: 'customers', columns: { email: 0, doNotContact: 1 } }),
  );
  expect(ended).toMatchObject({ end: 'finished' });
  expect(await standing('email:file2@x.example')).toEqual([]);
  for (const who of ['file1', 'file3']) {
    const told = await standing(`email:${who}@x.example`);
    expect(told).toHaveLength(12);
    expect(told.every((line) => line.includes('denied'))).toBe(true);
  }
});
