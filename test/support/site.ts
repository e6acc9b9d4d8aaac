import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A site owner's server on an origin of its own: pages as a test wants them, and what their browsers report. */

export type SitePage = {
  readonly head?: string;
  readonly body?: string;
  /** Attributes of <html>. */
  readonly html?: string;
  readonly csp?: string;
};

export type Site = {
  readonly origin: string;
  /** Puts a page up and gives its address. */
  serve(page: SitePage): string;
  /** Puts a script up and gives its address. */
  serveScript(text: string): string;
  /** CSP reports that browsers sent, as they were. */
  readonly reports: string[];
  close(): Promise<void>;
};

const STYLE = 'body { font: 16px/1.5 sans-serif; margin: 2rem }';

const documentOf = ({ head = '', body = '', html = 'lang="en"' }: SitePage): string =>
  `<!doctype html><html ${html}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<title>A shop</title><link rel="stylesheet" href="/style.css">${head}</head>` +
  `<body><main><h1>A shop</h1><p><button id="own" type="button">Own</button></p></main>${body}</body></html>`;

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Starts the site on a free port. The name `localhost` makes it another site than the worker's 127.0.0.1. */
export async function startSite(): Promise<Site> {
  const pages = new Map<string, SitePage>();
  const scripts = new Map<string, string>();
  const reports: string[] = [];

  function answer(path: string, response: ServerResponse): void {
    if (path === '/style.css') return void response.setHeader('content-type', 'text/css').end(STYLE);
    const script = scripts.get(path);
    if (script !== undefined) return void response.setHeader('content-type', 'text/javascript').end(script);
    const page = pages.get(path);
    if (!page) return void response.writeHead(404).end();
    if (page.csp) response.setHeader('content-security-policy', `${page.csp}; report-uri /report`);
    response.setHeader('content-type', 'text/html; charset=utf-8').end(documentOf(page));
  }

  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (path !== '/report') return answer(path.split('?')[0] ?? '/', response);
    textOf(request).then((text) => {
      reports.push(text);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    reports,
    serve(page) {
      const path = `/page-${pages.size}`;
      pages.set(path, page);
      return origin + path;
    },
    serveScript(text) {
      const path = `/script-${scripts.size}.js`;
      scripts.set(path, text);
      return origin + path;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
