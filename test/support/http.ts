import { Agent, request } from 'node:http';

/** A small client over kept connections: what senders and load generators of the tests speak with. */
export type Answer = { readonly status: number; readonly body: string };
export type Post = (path: string, headers: Record<string, string>, body: string) => Promise<Answer>;

export function clientOf(port: number, connections: number): { readonly post: Post; readonly close: () => void } {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'fifo' });
  const once = (path: string, headers: Record<string, string>, body: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const length = { 'content-length': String(Buffer.byteLength(body)) };
      const outgoing = request(
        { agent, port, host: '127.0.0.1', path, method: 'POST', headers: { ...headers, ...length } },
        (incoming) => {
          let text = '';
          incoming.setEncoding('utf8');
          incoming.on('data', (part: string) => {
            text += part;
          });
          incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: text }));
          incoming.on('error', reject);
        },
      );
      outgoing.on('error', (error) => reject(outgoing.reusedSocket ? new ClosedMeanwhile(String(error)) : error));
      outgoing.end(body);
    });
  // A kept connection that the server has just closed says nothing about the request, which has not been read.
  const post: Post = (path, headers, body) =>
    once(path, headers, body).catch((error) => {
      if (error instanceof ClosedMeanwhile) return once(path, headers, body);
      throw error;
    });
  return { post, close: () => agent.destroy() };
}

class ClosedMeanwhile extends Error {}

/** Runs the tasks of a list, so many at a time. */
export async function inParallel<T>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const lane = async () => {
    for (let next = queue.next(); !next.done; next = queue.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: width }, lane));
}
