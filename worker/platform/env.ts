import type { Clock } from './clock.ts';
import type { Files } from './files.ts';

/** What wrangler.toml binds. Only the database is needed; what may be missing is optional. */
export type Bindings = {
  readonly DB: D1Database;
  readonly ASSETS: Fetcher;
  /** The one secret: staff sign in with it, integrators send it as a bearer token. */
  readonly ADMIN_TOKEN?: string;
  readonly PUBLIC_LIMIT?: RateLimit;
  readonly SIGN_IN_LIMIT?: RateLimit;
  /** Where files of mails are kept. Without it they are named only. */
  readonly FILES?: Files;
  /** Where doors leave what came in a burst. Without it they write it themselves. */
  readonly INGEST?: Queue<string>;
  /** Sends mails by Cloudflare. Without it they go through a source that can, or not at all. */
  readonly EMAIL?: SendEmail;
};

/** What every room is handed: the database and the clock, and what a deployment may have besides. */
export type Runtime = {
  readonly db: D1Database;
  readonly clock: Clock;
  /** Where doors leave what came in a burst, if anywhere. */
  readonly ingest?: Queue<string> | null;
  /** Where files are kept, if anywhere. */
  readonly files?: Files | null;
  /** The key of tokens in addresses of ours; null without an admin token that protects anything. */
  readonly tokenKey?: string | null;
  /** Sends mails, if bound. */
  readonly email?: SendEmail | null;
};

/** Shorter admin tokens can be guessed; production refuses them with a page that says so. */
export const MIN_TOKEN_LENGTH = 16;

/** The admin token, or null when it is not set or too short to protect anything. */
export const adminToken = (env: Bindings): string | null =>
  env.ADMIN_TOKEN && env.ADMIN_TOKEN.length >= MIN_TOKEN_LENGTH ? env.ADMIN_TOKEN : null;

declare global {
  /** True only in the build that `npm start` and the browser tests use: the demo shop, the seed, running cron by hand. */
  const __DEV__: boolean;
  /** Version of the build, shown by /health. */
  const __VERSION__: string;
}
