import type * as workers from '@cloudflare/workers-types/experimental';

/**
 * The names of the platform that the worker's own files use, for tests that call them directly. Not the whole of
 * `@cloudflare/workers-types`: its `Response` and ours of Node would exclude each other.
 */
declare global {
  type D1Database = workers.D1Database;
  type D1PreparedStatement = workers.D1PreparedStatement;
  type D1Result<Row = unknown> = workers.D1Result<Row>;
  type Fetcher = workers.Fetcher;
  type Message<Body = unknown> = workers.Message<Body>;
  type MessageBatch<Body = unknown> = workers.MessageBatch<Body>;
  type Queue<Body = unknown> = workers.Queue<Body>;
  type RateLimit = workers.RateLimit;
  type SendEmail = workers.SendEmail;
  /** What the pages use of it, over a Response of either kind. */
  class HTMLRewriter {
    on(
      selector: string,
      handlers: { element(element: { append(content: string, options: { html: boolean }): unknown }): void },
    ): this;
    transform(response: Response): Response;
  }
}
