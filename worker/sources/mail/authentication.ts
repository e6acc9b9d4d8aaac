/** A header of a mail as it came: name in lower case, value unfolded, in the order of the mail. */
export type MailHeader = { readonly key: string; readonly value: string };

/** Who a result is from (RFC 8601 section 2.5), and the results by method. */
type Results = { readonly server: string; readonly parts: readonly string[] };

const MAX_RESULTS = 10_000;

/** A value without its comments and quoted texts, in which anybody may have written anything. */
function bareOf(value: string): string {
  let bare = '';
  let depth = 0;
  let isQuoted = false;
  for (const character of value.slice(0, MAX_RESULTS)) {
    if (isQuoted) isQuoted = character !== '"';
    else if (character === '"') isQuoted = true;
    else if (character === '(') depth++;
    else if (character === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0) bare += character;
  }
  return bare;
}

function resultsOf(value: string): Results {
  const [server = '', ...parts] = bareOf(value)
    .split(';')
    .map((part) => part.trim().toLowerCase());
  return { server: server.split(/\s/)[0] ?? '', parts };
}

/** Of an `ARC-Authentication-Results` the number of its set comes first (RFC 8617 section 4.1.1). */
const arcResultsOf = (value: string): Results => resultsOf(value.replace(/^\s{0,5}i=\d{1,3}\s{0,5};/i, ''));

/** Passes for this domain and nothing speaks against it. */
function passes({ parts }: Results, domain: string): boolean {
  const results = parts.filter((part) => /^dmarc\s?=/.test(part));
  const [result] = results;
  if (result === undefined || results.length > 1 || !/^dmarc\s?=\s?pass(\s|$)/.test(result)) return false;
  return /\sheader\.from\s?=\s?(\S+)/.exec(result)?.[1] === domain;
}

/** A server in whose word on the sender we trust: what it calls itself there, and how it signs its `Received`. */
export type TrustedServer = { readonly name: string; readonly received: RegExp };

/** Email Routing's own: `Authentication-Results: mx.cloudflare.net; …` below `Received: from … by cloudflare-email.net (cloudflare)`. */
const EMAIL_ROUTING: TrustedServer = {
  name: 'mx.cloudflare.net',
  received: /\sby\s+(?:[\w.-]{1,100}\.)?(?:cloudflare-email\.net|email\.cloudflare\.net)\s/i,
};

/**
 * True when the server that handed us the mail says that its sender's domain stands behind it: DMARC passed for the domain
 * of its one `From`. A server puts what it says above all that it was given, so that only what stands above the second
 * `Received`, under its own `Received`, is its; the topmost by its name counts and whatever a sender wrote below does not.
 */
export function isAuthentic(headers: readonly MailHeader[], from: string | null, server = EMAIL_ROUTING): boolean {
  const domain = from?.slice(from.lastIndexOf('@') + 1).toLowerCase() ?? '';
  const senders = headers.filter(({ key }) => key === 'from');
  if (domain === '' || senders.length !== 1) return false;
  const received = headers.flatMap(({ key }, at) => (key === 'received' ? [at] : []));
  const [own = -1, next = headers.length] = received;
  if (own < 0 || !server.received.test(` ${headers[own]?.value.replace(/\s+/g, ' ') ?? ''} `)) return false;
  const stamped = headers.slice(0, next);
  const readers: Readonly<Record<string, (value: string) => Results>> = {
    'authentication-results': resultsOf,
    'arc-authentication-results': arcResultsOf,
  };
  const results = stamped
    .flatMap(({ key, value }) => (Object.hasOwn(readers, key) ? (readers[key]?.(value) ?? []) : []))
    .find((said) => said.server === server.name);
  return results !== undefined && passes(results, domain);
}
