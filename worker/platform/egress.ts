/**
 * The only way out: https to named hosts, no redirects, at most ten seconds. A host matches itself and its subdomains when it
 * begins with a dot. No socket-level guard exists on Workers, so the names are the guard; they come from code, never from data.
 */
export type Fetch = (
  url: string,
  init?: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string },
) => Promise<Response>;

const TIMEOUT_MS = 10_000;

/** The address is none of the hosts: a defect of ours, or data where only code may speak. */
export class AddressRefused extends TypeError {
  override readonly name = 'AddressRefused';
}

/** The other side sends us on to another address; it may be anybody's. */
export class RedirectRefused extends TypeError {
  override readonly name = 'RedirectRefused';
}

const isAllowed = (url: URL, hosts: readonly string[]): boolean =>
  url.protocol === 'https:' &&
  url.port === '' &&
  url.username === '' &&
  hosts.some((host) => (host.startsWith('.') ? url.hostname.endsWith(host) : url.hostname === host));

/** A fetch that reaches only these hosts. @throws AddressRefused for any other address, RedirectRefused when one sends us on. */
export function fetchFrom(hosts: readonly string[]): Fetch {
  return async (address, init = {}) => {
    const url = new URL(address);
    if (!isAllowed(url, hosts)) throw new AddressRefused(`not an address this source may fetch: ${url.origin}`);
    // "manual": a redirect would leave the list of hosts; "error" is not implemented on Workers.
    const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw new RedirectRefused(`${url.origin} answered with a redirect`);
    }
    return response;
  };
}
