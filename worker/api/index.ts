import { type Context, Hono } from 'hono';
import type * as z from 'zod';
import { LOCALES } from '../../schema/survey.ts';
import { chooseLocale } from '../../widgets/locales/locale.ts';
import { readBody } from '../platform/body.ts';
import type { Bindings } from '../platform/env.ts';
import { parseJson } from '../platform/json.ts';
import { wishesOf } from '../platform/languages.ts';
import { invalid, notFound, type Problem, problemResponse, tooLarge, unknownParameter } from '../platform/problem.ts';
import { runtimeOf } from '../platform/runtime.ts';
import { actorOf } from '../staff/session.ts';
import { bearerAuth } from './guard.ts';
import { openApiDocument } from './openapi.ts';
import { operations } from './operations.ts';
import type { Call, Operation } from './route.ts';

const MAX_API_BODY = 256 * 1024;

type Checked = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: Problem };

function check(schema: z.ZodType | undefined, raw: unknown, place: string): Checked {
  if (!schema) return { ok: true, value: undefined };
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { ok: true, value: parsed.data };
  const errors = parsed.error.issues.map(({ path, message }) => ({
    path: [place, ...path.map(String)].join('.'),
    message,
  }));
  return { ok: false, problem: invalid(errors) };
}

/** True where a name stands that no object of ours can have: readers of the body would pass it over without a word. */
const hasNoName = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (Object.hasOwn(value, '__proto__') || Object.values(value).some(hasNoName));

async function readJson(request: Request, limit: number): Promise<Checked> {
  const body = await readBody(request, limit);
  if (!body) return { ok: false, problem: tooLarge(limit) };
  if (body.byteLength === 0) return { ok: true, value: undefined };
  const parsed = parseJson(body);
  if (parsed.ok && hasNoName(parsed.value))
    return { ok: false, problem: invalid([{ path: 'body', message: '__proto__ is no name that can be used here' }]) };
  return parsed.ok
    ? parsed
    : { ok: false, problem: invalid([{ path: 'body', message: `${parsed.fault.path} ${parsed.fault.message}` }]) };
}

/** Whoever asks with a name that is not read, a typo of a filter, is not answered with everything. */
function strangeOf({ method, query }: Operation, asked: Readonly<Record<string, string>>): Problem | null {
  if (method !== 'get') return null;
  const known = Object.keys(query?.shape ?? {});
  const unknown = Object.keys(asked).filter((name) => !known.includes(name));
  return unknown.length > 0 ? unknownParameter(unknown, known) : null;
}

async function run(c: Context<{ Bindings: Bindings }>, operation: Operation): Promise<Response> {
  const strange = strangeOf(operation, c.req.query());
  if (strange) return problemResponse(strange);
  const raw: Checked = operation.body
    ? await readJson(c.req.raw, operation.maxBody ?? MAX_API_BODY)
    : { ok: true, value: undefined };
  if (!raw.ok) return problemResponse(raw.problem);
  const parts = [
    check(operation.params, c.req.param(), 'path'),
    check(operation.query, c.req.query(), 'query'),
    check(operation.body, raw.value, 'body'),
  ] as const;
  const wrong = parts.find((part) => !part.ok);
  if (wrong && !wrong.ok) return problemResponse(wrong.problem);
  const [params, query, body] = parts.map((part) => (part.ok ? part.value : undefined));
  const runtime = runtimeOf(c.env);
  const actor = () => actorOf(c, runtime);
  const locale = chooseLocale(LOCALES, wishesOf(c.req.header('accept-language')));
  const call = { locale, runtime, env: c.env, origin: new URL(c.req.url).origin, actor, params, query, body };
  const answer = await operation.handle(call as Call<never, never, never>);
  if (!answer.ok) return problemResponse(answer.problem);
  if (answer.value instanceof Response) return answer.value;
  return Response.json(answer.value, { status: operation.status ?? 200, headers: { 'cache-control': 'no-store' } });
}

/** `/api/v1` for staff and integrators, and its description for everybody. */
export function api(): Hono<{ Bindings: Bindings }> {
  const app = new Hono<{ Bindings: Bindings }>();
  app.get('/api/openapi.json', (c) => c.json(openApiDocument(__VERSION__, new URL(c.req.url).origin)));
  app.use('/api/v1/*', bearerAuth);
  for (const operation of operations) {
    app.on(operation.method, `/api/v1${operation.path.replaceAll(/\{(\w+)\}/g, ':$1')}`, (c) => run(c, operation));
  }
  app.all('/api/v1/*', () => problemResponse(notFound('operation')));
  return app;
}
