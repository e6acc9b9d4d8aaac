import { subscribe } from 'node:diagnostics_channel';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { busy, problemResponse } from '../../worker/platform/problem.ts';

/** The way between an SDK and the worker: it notes what goes by, and now and then something happens on it. */

export type Sent = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As it was on the wire, pressed or not. */
  readonly body: Buffer;
  /** What the SDK was told; null when it heard nothing. */
  readonly status: number | null;
};

/** `busy`: the worker's own words for it, and nothing reaches it. `lost`: the worker has done its work, but nobody hears of it. */
export type Fate = 'busy' | 'lost';

export type Relay = {
  readonly origin: string;
  /** Requests in the order in which they were answered. */
  readonly sent: Sent[];
  /** What happens to the next requests. */
  happen(...fates: Fate[]): void;
  /** Leads elsewhere from now on; null leads nowhere, as to a server that is down. */
  lead(to: URL | null): void;
  /** Sends a request again as it was. */
  replay(sent: Sent): Promise<{ status: number; body: unknown }>;
  close(): Promise<void>;
};

/** Headers that belong to one connection. */
const OF_THE_WAY = ['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive', 'expect'];
const headersOf = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === 'string' && !OF_THE_WAY.includes(name) ? [[name, value]] : [],
    ),
  );

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function startRelay(to: URL): Promise<Relay> {
  let target: URL | null = to;
  const sent: Sent[] = [];
  const fates: Fate[] = [];

  const forward = async (base: URL, { method, path, headers, body }: Omit<Sent, 'status'>): Promise<Response> =>
    fetch(new URL(path, base), { method, headers, ...(body.length > 0 && { body: new Uint8Array(body) }) });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/' } = request;
    const one = { method, path, headers: headersOf(request), body: await bytesOf(request) };
    // What a browser asks beforehand is no request of the SDK.
    const isAsked = method === 'OPTIONS';
    const fate = isAsked ? undefined : fates.shift();
    const told = fate === 'busy' ? problemResponse(busy) : target && (await forward(target, one));
    const isHeard = told !== null && fate !== 'lost';
    const text = await told?.text();
    if (!isAsked) sent.push({ ...one, status: isHeard ? told.status : null });
    // `fetch` has unpacked the text.
    const headers = [...(told?.headers ?? [])].filter(([name]) => !/^(content-(encoding|length)|transfer-)/.test(name));
    if (isHeard) response.writeHead(told.status, Object.fromEntries(headers)).end(text);
    else request.socket.destroy();
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.writeHead(502).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    happen: (...next) => void fates.push(...next),
    lead(next) {
      target = next;
    },
    async replay(one) {
      const response = await forward(target ?? to, one);
      return { status: response.status, body: await response.json() };
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Every host that this process asks from now on, by `fetch` or by `node:http`. */
export function watchHosts(): ReadonlySet<string> {
  const hosts = new Set<string>();
  subscribe('undici:request:create', (message) => {
    const { request } = message as { request: { origin: string | URL } };
    hosts.add(new URL(request.origin).hostname);
  });
  subscribe('http.client.request.start', (message) => {
    const { request } = message as { request: { host: string } };
    hosts.add(request.host);
  });
  return hosts;
}
