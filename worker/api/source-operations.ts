import * as z from 'zod';
import { invalid, notFound } from '../platform/problem.ts';
import { latestDeliveries } from '../record/deliveries.ts';
import { type SourceTimes, sourceTimes } from '../record/health.ts';
import { BODY_DAYS, MAX_BODY_DAYS } from '../record/retention.ts';
import { addSource, changeSource, sendTest } from '../sources/manage.ts';
import { providers } from '../sources/providers.gen.ts';
import { listSources, providerOf, type Source as StoredSource, sourceById } from '../sources/store.ts';
import { fail, ok, operation } from './route.ts';
import { Delivery, NewSource, Source, Tried, toTime, toTimeOrNull, tried } from './schemas.ts';

const tag = 'Sources';
const byId = z.object({ id: z.string() });

/** Where a sender delivers to. */
export function sourceUrl(origin: string, source: StoredSource): string {
  const door = providerOf(source.kind)?.door;
  if (door === 'tracking') return `${origin}/v1/batch`;
  if (door === 'form') return `${origin}/f/${source.key}`;
  return door === 'site' ? `${origin}/w/${source.key}/in` : `${origin}/in/${source.key}`;
}

/** The tag a site owner pastes, null for a source that has none. */
export const snippetOf = (origin: string, source: StoredSource): string | null =>
  providerOf(source.kind)?.door === 'site' ? `<script async src="${origin}/w/${source.key}.js"></script>` : null;

/** The two keys of a source that SDKs send to: one to publish, one to keep. */
const writeKeysOf = (source: StoredSource): { writeKey?: string; secretKey?: string | null } =>
  providerOf(source.kind)?.door === 'tracking' ? { writeKey: source.key, secretKey: source.secrets[0] ?? null } : {};

type Times = Pick<SourceTimes, 'lastAcceptedAt' | 'lastDeliveryAt'>;
const NEVER: Times = { lastAcceptedAt: null, lastDeliveryAt: null };

const sourceItem = (origin: string, source: StoredSource, times: Times = NEVER) => ({
  id: source.publicId,
  kind: source.kind,
  name: source.name,
  key: source.key,
  url: sourceUrl(origin, source),
  hasSecret: source.secrets.length > 0,
  settings: { ...source.settings } as z.input<typeof Source>['settings'],
  pausedAt: toTimeOrNull(source.pausedAt),
  oldSecretUntil: toTimeOrNull(source.oldSecretUntil),
  oldSecretUsedAt: toTimeOrNull(source.oldSecretUsedAt),
  bodyDays: source.bodyDays ?? BODY_DAYS,
  createdAt: toTime(source.createdAt),
  lastAcceptedAt: toTimeOrNull(times.lastAcceptedAt),
  lastDeliveryAt: toTimeOrNull(times.lastDeliveryAt),
});

export const sourceOperations = [
  operation({
    method: 'get',
    path: '/providers',
    id: 'listProviders',
    summary: 'Kinds of source that can be added',
    tag,
    response: z.object({
      items: z.array(
        z.object({
          kind: z.string(),
          title: z.string(),
          summary: z.string(),
          secret: z.enum(['from_sender', 'from_us', 'optional', 'none']),
        }),
      ),
    }),
    handle: async () =>
      ok({ items: providers.map(({ kind, title, summary, secret }) => ({ kind, title, summary, secret })) }),
  }),
  operation({
    method: 'get',
    path: '/sources',
    id: 'listSources',
    summary: 'All sources with when they were last heard',
    tag,
    response: z.object({ items: z.array(Source), nextCursor: z.null() }),
    handle: async ({ runtime, origin }) => {
      const [sources, heard] = await Promise.all([listSources(runtime), sourceTimes(runtime.db)]);
      const times = new Map(heard.map((entry) => [entry.sourceId, entry]));
      const items = sources
        .filter((source) => providerOf(source.kind))
        .map((s) => sourceItem(origin, s, times.get(s.id)));
      return ok({ items, nextCursor: null });
    },
  }),
  operation({
    method: 'post',
    path: '/sources',
    id: 'addSource',
    summary: 'Add a source; the secret is shown this once',
    tag,
    body: z.strictObject({
      kind: z.string(),
      name: z.string().max(100),
      secret: z.string().max(500).optional(),
      settings: z.record(z.string(), z.json()).optional(),
    }),
    response: NewSource,
    status: 201,
    handle: async ({ runtime, origin, body }) => {
      const added = await addSource(runtime, body);
      if (!added.ok) return fail(invalid(added.misfits));
      const source = added.value;
      return ok({
        ...sourceItem(origin, source),
        secret: source.secrets[0] ?? null,
        snippet: snippetOf(origin, source),
        ...writeKeysOf(source),
      });
    },
  }),
  operation({
    method: 'get',
    path: '/sources/{id}',
    id: 'getSource',
    summary: 'One source with when it was last heard',
    tag,
    params: byId,
    response: Source,
    handle: async ({ runtime, origin, params }) => {
      const source = await sourceById(runtime, params.id);
      if (!source) return fail(notFound('source'));
      const [times] = await sourceTimes(runtime.db, source.id);
      return ok(sourceItem(origin, source, times));
    },
  }),
  operation({
    method: 'patch',
    path: '/sources/{id}',
    id: 'changeSource',
    summary:
      'Change name, settings or access to the sender’s API; pause and resume; add a new secret, beside which the old one is valid for 24 hours',
    tag,
    params: byId,
    body: z.strictObject({
      name: z.string().max(100).optional(),
      secret: z.string().max(500).optional(),
      settings: z.record(z.string(), z.json()).optional(),
      credentials: z.record(z.string(), z.string().max(2000)).optional(),
      endOldSecret: z.literal(true).optional().describe('The older of two secrets is valid no longer'),
      bodyDays: z.int().min(0).max(MAX_BODY_DAYS).optional().describe('Days that raw bodies are kept'),
      paused: z.boolean().optional().describe('While true, deliveries are verified, kept and not read'),
    }),
    response: Source,
    handle: async ({ runtime, origin, params, body }) => {
      const source = await sourceById(runtime, params.id);
      if (!source) return fail(notFound('source'));
      const changed = await changeSource(runtime, source, body);
      return changed.ok ? ok(sourceItem(origin, changed.value)) : fail(invalid(changed.misfits));
    },
  }),
  operation({
    method: 'post',
    path: '/sources/{id}/test',
    id: 'testSource',
    summary: 'Send a sample event of this provider through the real path',
    tag,
    params: byId,
    response: Tried,
    handle: async ({ runtime, params }) => {
      const source = await sourceById(runtime, params.id);
      if (!source) return fail(notFound('source'));
      const sent = await sendTest(runtime, source);
      return sent.ok ? ok(tried(sent.value)) : fail(invalid(sent.misfits));
    },
  }),
  operation({
    method: 'get',
    path: '/sources/{id}/deliveries',
    id: 'listDeliveries',
    summary: 'The latest deliveries with outcome and reason',
    tag,
    params: byId,
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
    response: z.object({ items: z.array(Delivery), nextCursor: z.null() }),
    handle: async ({ runtime, params, query }) => {
      const source = await sourceById(runtime, params.id);
      if (!source) return fail(notFound('source'));
      const lines = await latestDeliveries(runtime.db, source.id, query.limit);
      const items = lines.map((line) => ({
        id: String(line.id),
        outcome: line.outcome,
        reason: line.reason,
        receivedAt: toTime(line.receivedAt),
        stored: line.stored,
        canReplay: line.hasBody,
        firstReceivedAt: toTimeOrNull(line.firstReceivedAt),
      }));
      return ok({ items, nextCursor: null });
    },
  }),
];
