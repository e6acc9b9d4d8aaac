import * as z from 'zod';
import { notFound } from '../platform/problem.ts';
import { latestReplay, type Replay as StoredReplay } from '../record/replays.ts';
import { REPLAYABLE, replayDelivery, startReplay } from '../sources/replay.ts';
import { sourceById } from '../sources/store.ts';
import { fail, ok, operation } from './route.ts';
import { moment, Replay, Tried, toTime, toTimeOrNull, tried } from './schemas.ts';

const tag = 'Sources';
const byId = z.object({ id: z.string() });

const replayItem = (replay: StoredReplay): z.input<typeof Replay> => ({
  id: String(replay.id),
  since: toTime(replay.since),
  outcomes: [...replay.outcomes],
  done: replay.done,
  stored: replay.stored,
  failed: replay.failed,
  startedAt: toTime(replay.createdAt),
  finishedAt: toTimeOrNull(replay.finishedAt),
});

/** Reading kept deliveries once more: one, or all since a moment. */
export const replayOperations = [
  operation({
    method: 'post',
    path: '/deliveries/{id}/replay',
    id: 'replayDelivery',
    summary: 'Read a kept delivery once more; what it brought is not stored twice',
    tag,
    params: z.object({ id: z.string().regex(/^\d{1,16}$/) }),
    response: Tried,
    handle: async ({ runtime, params }) => {
      const received = await replayDelivery(runtime, Number(params.id));
      return received ? ok(tried(received)) : fail(notFound('delivery with a kept body'));
    },
  }),
  operation({
    method: 'post',
    path: '/sources/{id}/replay',
    id: 'replaySource',
    summary: 'Begin to read everything once more that a source received since a moment; it goes on by itself',
    tag,
    params: byId,
    body: z.strictObject({
      since: moment,
      outcomes: z
        .array(z.enum(REPLAYABLE))
        .min(1)
        .default([...REPLAYABLE]),
    }),
    response: Replay,
    status: 202,
    handle: async ({ runtime, params, body }) => {
      const source = await sourceById(runtime, params.id);
      if (!source) return fail(notFound('source'));
      return ok(replayItem(await startReplay(runtime, source, body.since, body.outcomes)));
    },
  }),
  operation({
    method: 'get',
    path: '/sources/{id}/replay',
    id: 'latestReplay',
    summary: 'How far the latest replay of a source has come',
    tag,
    params: byId,
    response: z.object({ replay: Replay.nullable() }),
    handle: async ({ runtime, params }) => {
      const source = await sourceById(runtime, params.id);
      if (!source) return fail(notFound('source'));
      const replay = await latestReplay(runtime.db, source.id);
      return ok({ replay: replay && replayItem(replay) });
    },
  }),
];
