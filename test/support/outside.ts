import { Response } from 'miniflare';
import { STAND_INS } from './apis.ts';
import type { WorkerOptions } from './worker.ts';

/** Everything the worker asks for out there, answered by the stand-in whose host it is, and written down. */
export type Outside = {
  readonly answer: NonNullable<WorkerOptions['outside']>;
  /** `kind path` of every question, latest last. */
  readonly asked: string[];
  /** Questions that no sender's API would have understood, and questions to hosts that are nobody's. */
  readonly complaints: string[];
  /** While it is set, answers wait for it. */
  hold: Promise<void> | null;
  /** While it is set, it answers in the place of the stand-ins. */
  trick: ((url: URL) => Response) | null;
};

export function outsideWorld(): Outside {
  const outside: Outside = {
    asked: [],
    complaints: [],
    hold: null,
    trick: null,
    answer: async (request) => {
      const url = new URL(request.url);
      const found = Object.entries(STAND_INS).find(([, { domains }]) =>
        domains.some((domain) => url.host === domain || url.host.endsWith(`.${domain}`)),
      );
      if (found?.[1].list?.path === url.pathname) return Response.json(found[1].list.body);
      outside.asked.push(`${found?.[0] ?? 'nobody'} ${url.pathname}${url.search}`);
      await outside.hold;
      if (outside.trick) return outside.trick(url);
      if (!found) {
        outside.complaints.push(`nobody is at ${url.origin}`);
        return new Response(null, { status: 502 });
      }
      const headers = new Headers([...request.headers]);
      const { status, body, complaint } = found[1].answer({ method: request.method, url, headers });
      if (complaint) outside.complaints.push(`${found[0]}: ${complaint}`);
      return new Response(body === undefined || body === null ? null : JSON.stringify(body), {
        status,
        headers: { 'content-type': 'application/json' },
      });
    },
  };
  return outside;
}
