import { Agent, request } from 'node:http';

/** A crowd of connections to a running worker: requests by the thousand straight to its socket. */
export type Shot = {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
};
export type Hit = { readonly status: number; readonly body: string };

export type Crowd = {
  /** Fires all shots, a few at a time, and gives what each got, in their order. */
  fire(shots: readonly Shot[]): Promise<Hit[]>;
  close(): void;
};

function shoot(base: URL, agent: Agent, { method = 'POST', path, headers = {}, body = '' }: Shot): Promise<Hit> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request(
      { host: base.hostname, port: base.port, method, path, agent, headers: { ...length, ...headers } },
      (got) => {
        let text = '';
        got.setEncoding('utf8');
        got.on('data', (part: string) => {
          text += part;
        });
        got.on('end', () => resolve({ status: got.statusCode ?? 0, body: text }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Opens `size` connections that are kept and used again. */
export function gather(base: URL, size = 24): Crowd {
  const agent = new Agent({ keepAlive: true, maxSockets: size });
  return {
    async fire(shots) {
      const hits: Hit[] = [];
      let next = 0;
      const worker = async () => {
        for (let at = next++; at < shots.length; at = next++) {
          const shot = shots[at];
          // An answer given before the body was read ends the connection; the next one on it then finds it closed, and knocks again.
          if (shot) hits[at] = await shoot(base, agent, shot).catch(() => shoot(base, new Agent(), shot));
        }
      };
      await Promise.all(Array.from({ length: size }, worker));
      return hits;
    },
    close: () => agent.destroy(),
  };
}
