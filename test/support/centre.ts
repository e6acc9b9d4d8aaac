import { expect } from 'vitest';
import { letSend, postOffice } from './mailers.ts';
import { linksIn, type Seen, visitor } from './person.ts';
import { SENDERS } from './senders.ts';
import { addSource, deliver, holdersOf, orderBody, shopifyDelivery } from './shop.ts';
import { startWithSql, type Value } from './sql.ts';

const SECRET = 'a-shopify-signing-secret';
export const MAIL_SECRET = SENDERS.resend?.secretOf?.('preferences') ?? '';

/** What an answer says to who compares two of them. */
export const comparable = ({ status, headers, text }: Seen) => ({
  status,
  text,
  headers: [...headers].filter(([name]) => name !== 'date').sort(),
});

/** A business with a shop, a post office that keeps what is mailed, and people who come to the preference centre. */
export async function openCentre() {
  const office = postOffice();
  const { worker, db } = await startWithSql({ outside: office.answer });
  const shop = { ...(await addSource(worker, 'shopify', { secret: SECRET })), secret: SECRET };
  const resend = { ...(await addSource(worker, 'resend', { secret: MAIL_SECRET })), secret: MAIL_SECRET };
  /** From now on mails go out. */
  const send = () => letSend(worker, resend.id);

  let n = 0;

  const all = async <Row>(sql: string, ...values: Value[]): Promise<Row[]> =>
    (
      await db
        .prepare(sql)
        .bind(...values)
        .all<Row>()
    ).results;
  const count = async (sql: string, ...values: Value[]): Promise<number> =>
    (await all<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`, ...values))[0]?.n ?? 0;
  const minute = async () => void (await (await worker.getWorker()).scheduled({}));
  const mailsTo = (address: string) => office.posted.filter(({ to }) => to === address);

  /** A customer of the shop: the shop says whose address it is. */
  async function customer(): Promise<{ email: string; id: string; name: string }> {
    const number = ++n;
    const email = `person${number}@example.com`;
    const name = `Mara Lindqvist${number}`;
    const order = { id: 5000 + number, customer: 900 + number, email, name, createdAt: '2026-01-05T10:00:00Z' };
    await deliver(worker, shop, shopifyDelivery(SECRET, 'orders/create', `preferences-${number}`, orderBody(order)));
    const [holder] = await holdersOf(worker, `email:${email}`);
    return { email, name, id: holder?.id ?? '' };
  }
  const fragmentOf = async (id: string): Promise<number> =>
    (await all<{ id: number }>('SELECT id FROM customer WHERE public_id = ?1', id))[0]?.id ?? 0;
  const statesOf = async (id: string) =>
    all<{ purpose: string; channel: string; state: string; basis: string }>(
      `SELECT DISTINCT k.purpose, k.channel, k.state, k.basis FROM customer c JOIN fragment o ON o.id = c.id
       JOIN fragment f ON f.customer_id = o.customer_id JOIN consent k ON k.fragment_id = f.id WHERE c.public_id = ?1
       ORDER BY k.purpose, k.channel, k.basis`,
      id,
    );

  /** Somebody who wrote by a form, of whom nothing else is known; gives their name. */
  async function typed(email: string): Promise<string> {
    const form = await addSource(worker, 'html_form', { settings: {} });
    const name = `Ines Okafor${n}`;
    await worker.dispatchFetch(form.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ email, name, message: 'Hello' }).toString(),
      redirect: 'manual',
    });
    return name;
  }

  const ask = (email: string, headers: Record<string, string> = {}) =>
    visitor(worker).ask('/p', { form: { email }, headers });

  /** Asks for a link and gives its path, as it stands in the mail. */
  async function linkFor(email: string): Promise<string> {
    await ask(email);
    await minute();
    const path = linksIn(mailsTo(email).at(-1)?.text ?? '')[0];
    if (!path) throw new Error(`no link came to ${email}`);
    return path;
  }

  /** Somebody who has followed their link. */
  async function inside(email: string) {
    const person = visitor(worker);
    const opened = await person.ask(await linkFor(email), { form: { act: 'open' } });
    expect([opened.status, opened.location]).toEqual([303, '/p/me']);
    return person;
  }
  return {
    worker,
    db,
    office,
    shop,
    resend,
    send,
    all,
    count,
    minute,
    mailsTo,
    customer,
    fragmentOf,
    statesOf,
    typed,
    ask,
    linkFor,
    inside,
  };
}
