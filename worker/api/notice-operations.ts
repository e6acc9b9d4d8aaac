import * as z from 'zod';
import { notFound } from '../platform/problem.ts';
import { listNotices, readAllNotices, readNotice, type Notice as Told } from '../reactions/notices.ts';
import { badCursor, Saved } from './group-schemas.ts';
import { fail, ok, operation } from './route.ts';
import { pageSchema, paging, time, toTime, toTimeOrNull } from './schemas.ts';

const tag = 'Notices';

const Notice = z.object({
  id: z.string(),
  rule: z.string(),
  title: z.string(),
  member: z.object({ id: z.string(), name: z.string() }).describe('The member of staff who is told'),
  customer: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
  touchpointId: z.string().nullable(),
  text: z.string().nullable(),
  certificate: z.string().nullable().describe('Of the erasure it tells of'),
  toldAt: time,
  readAt: time.nullable(),
});

const noticeItem = ({ toldAt, readAt, ...notice }: Told): z.input<typeof Notice> => ({
  ...notice,
  member: { ...notice.member },
  customer: notice.customer && { ...notice.customer },
  toldAt: toTime(toldAt),
  readAt: toTimeOrNull(readAt),
});

export const noticeOperations = [
  operation({
    method: 'get',
    path: '/notices',
    id: 'listNotices',
    summary: 'What members of staff are told of the customers they look after, latest first',
    tag,
    query: z.object({
      ...paging,
      member: z.string().max(100).optional().describe('Id of a member of staff'),
      unread: z.enum(['true', 'false']).optional(),
    }),
    response: pageSchema(Notice),
    handle: async ({ runtime, query: { limit, cursor, member, unread } }) => {
      const page = await listNotices(runtime.db, {
        limit,
        ...(cursor !== undefined && { cursor }),
        ...(member !== undefined && { member }),
        ...(unread !== undefined && { state: unread === 'true' ? 'unread' : 'read' }),
      });
      return page ? ok({ items: page.items.map(noticeItem), nextCursor: page.nextCursor }) : fail(badCursor);
    },
  }),
  operation({
    method: 'post',
    path: '/notices/{id}/read',
    id: 'readNotice',
    summary: 'Mark a notice as read',
    tag,
    params: z.object({ id: z.string().regex(/^\d{1,15}$/) }),
    response: Saved,
    handle: async ({ runtime, params }) =>
      (await readNotice(runtime.db, Number(params.id), runtime.clock.now()))
        ? ok({ saved: true as const })
        : fail(notFound('notice')),
  }),
  operation({
    method: 'post',
    path: '/notices/read',
    id: 'readAllNotices',
    summary: 'Mark all notices of a member of staff as read',
    tag,
    body: z.strictObject({ member: z.string().max(100) }),
    response: z.object({ read: z.int().describe('How many were unread') }),
    handle: async ({ runtime, body }) => {
      const now = runtime.clock.now();
      return ok({ read: await readAllNotices(runtime.db, body.member, now, now) });
    },
  }),
];
