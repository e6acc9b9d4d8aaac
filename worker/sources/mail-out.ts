import type { Json } from '../../schema/touchpoint.ts';
import { AddressRefused, fetchFrom, RedirectRefused } from '../platform/egress.ts';
import { parseJson } from '../platform/json.ts';
import { retryAfterMs } from './ask.ts';
import type { MailAnswer, OutgoingMail, ProviderMailer } from './provider-mailer.ts';
import { providerOf, type Source } from './store.ts';

/**
 * What became of an attempt to send. `isFinal` is for what no later attempt can mend: the mail itself or its address is refused. `error` is
 * read by people.
 */
export type Sent =
  | { readonly ok: true; readonly mailId: string | null }
  | { readonly ok: false; readonly error: string; readonly isFinal: boolean; readonly afterMs?: number | null };

/** How mail goes out through a source: null unless its provider can and everything it needs is there. */
export function mailerOf({ kind, credentials }: Source): ProviderMailer | null {
  const mailer = providerOf(kind)?.mailer;
  return mailer?.fields.every(({ name, isOptional }) => isOptional || credentials[name]) ? mailer : null;
}

/** The largest answer that is read, in characters. */
const MAX_ANSWER = 64 * 1024;

async function bodyOf(response: Response): Promise<Json> {
  const text = (await response.text().catch(() => '')).slice(0, MAX_ANSWER);
  const parsed = parseJson(new TextEncoder().encode(text));
  return parsed.ok ? parsed.value : null;
}

/** Statuses below 500 that are about us or the moment, and not about the mail. */
const PASSING = [401, 402, 403, 408, 425, 429];

function refusalOf(mailer: ProviderMailer, answer: MailAnswer, host: string, now: number): Sent {
  const { status, headers } = answer;
  const words = mailer.faultIn(answer);
  const isPassing = status >= 500 || PASSING.includes(status) || (mailer.isMendable?.(answer) ?? false);
  const said = words === null ? '' : ` It says: ${words}`;
  if (status === 401 || status === 403)
    return {
      ok: false,
      isFinal: false,
      error: `${host} refused the access (${status}). Check it, and the address mails are from.${said}`,
    };
  const what = status === 429 ? 'asked us to slow down' : status >= 500 ? 'is in trouble' : 'refused the mail';
  return {
    ok: false,
    isFinal: !isPassing,
    afterMs: retryAfterMs(headers, now),
    error: `${host} ${what} (${status}).${said}`,
  };
}

/**
 * Sends one mail through a source, once. A request whose answer is lost may have been taken: trying again may send twice where the
 * provider knows no key for a request.
 * @throws AddressRefused for an address that is not among the hosts: that is a defect of ours.
 */
export async function sendThrough(source: Source, mail: OutgoingMail, now: number): Promise<Sent> {
  const mailer = mailerOf(source);
  if (!mailer) return { ok: false, isFinal: false, error: `The access to send through “${source.name}” is missing.` };
  const { url, headers, body } = mailer.request(mail, source.credentials);
  const { host } = new URL(url);
  const all = { accept: 'application/json', 'content-type': 'application/json', ...headers };
  try {
    const response = await fetchFrom(mailer.hosts(source.credentials))(url, { method: 'POST', headers: all, body });
    const answer = { status: response.status, headers: response.headers, body: await bodyOf(response) };
    return response.ok ? { ok: true, mailId: mailer.mailIdIn(answer) } : refusalOf(mailer, answer, host, now);
  } catch (error) {
    if (error instanceof RedirectRefused)
      return { ok: false, isFinal: false, error: `${host} sent us on to another address, which we do not follow.` };
    if (error instanceof AddressRefused) throw error;
    return { ok: false, isFinal: false, error: `${host} could not be reached in time.` };
  }
}
