import type { Miniflare } from 'miniflare';

/** Somebody at the preference centre, with a browser's cookie and nothing of the staff's. */
export const ORIGIN = 'http://rapport.test';

export type Seen = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly location: string | null;
};

type Ask = {
  readonly form?: Record<string, string> | [string, string][];
  readonly headers?: Record<string, string>;
  readonly method?: string;
};

export type Visitor = {
  ask(path: string, ask?: Ask): Promise<Seen>;
  cookie: string;
};

/** Asks for pages as a browser does that was given no referrer: `Origin: null` on forms. Keeps the one cookie there is. */
export function visitor(worker: Miniflare): Visitor {
  const self: Visitor = {
    cookie: '',
    ask: async (path, { form, headers = {}, method } = {}) => {
      const response = await worker.dispatchFetch(new URL(path, ORIGIN).href, {
        method: method ?? (form ? 'POST' : 'GET'),
        redirect: 'manual',
        headers: {
          accept: 'text/html',
          ...(self.cookie && { cookie: self.cookie }),
          ...(form && { origin: 'null', 'content-type': 'application/x-www-form-urlencoded' }),
          ...headers,
        },
        ...(form && { body: new URLSearchParams(form).toString() }),
      });
      for (const cookie of response.headers.getSetCookie())
        self.cookie = /max-age=0/i.test(cookie) ? '' : (cookie.split(';', 1)[0] ?? '');
      return {
        status: response.status,
        headers: new Headers([...response.headers]),
        text: await response.text(),
        location: response.headers.get('location'),
      };
    },
  };
  return self;
}

/** The links into the centre that stand in the words of a mail. */
export const linksIn = (text: string): string[] =>
  [...text.matchAll(/http:\/\/rapport\.test(\/p\/[a-z0-9-]+)/g)].map(([, path = '']) => path);
