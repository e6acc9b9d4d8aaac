import * as z from 'zod';
import { normaliseEmail } from '../../schema/identifiers.ts';
import { keepOrigin } from '../outbox/business.ts';
import { latestMails, putMail } from '../outbox/mails.ts';
import { changeBusiness, changeMailSettings, readMailSettings } from '../outbox/settings.ts';
import { makeStaffLink, sendStaffLink } from '../outbox/staff-links.ts';
import { canSend, wayOut } from '../outbox/way.ts';
import type { Runtime } from '../platform/env.ts';
import { invalid, notFound, type Problem } from '../platform/problem.ts';
import { fail, ok, operation } from './route.ts';
import { time, toTime, toTimeOrNull } from './schemas.ts';

const tag = 'Mail';

/** For what wants a mail sent while none can be. */
export const cannotSend: Problem = {
  status: 409,
  code: 'cannot_send',
  title: 'No mail can be sent',
  detail: 'Choose how mails go out: PATCH /mail-settings, or the page “Outgoing mail”.',
};

const address = z.string().max(254).describe('An e-mail address');
const Settings = z.object({
  way: z.string().describe('“none”, “binding” for Cloudflare, or the id of a source that can send'),
  address: z.string().nullable().describe('The address mails are from'),
  answersTo: z.string().nullable().describe('Id of the mailbox that answers come to; null for the address itself'),
  businessName: z.string().nullable().describe('What people read before the address and on their pages'),
  businessContact: z.string().nullable().describe('Whom people write to'),
  canSend: z.boolean(),
  possible: z.array(z.object({ way: z.string(), title: z.string(), isReady: z.boolean() })),
});

async function settingsOf(runtime: Runtime): Promise<z.input<typeof Settings>> {
  const { settings, possible, business } = await readMailSettings(runtime);
  return {
    ...settings,
    businessName: business.name,
    businessContact: business.contact,
    canSend: (await wayOut(runtime, business)) !== null,
    possible: possible.map(({ id, title, isReady }) => ({ way: id, title, isReady })),
  };
}

const Mail = z.object({
  id: z.string(),
  template: z.string(),
  purpose: z.string(),
  madeBy: z.enum(['person', 'staff', 'system']),
  state: z.enum(['waiting', 'sent', 'not_sent']),
  reason: z.string().nullable().describe('Why it was not sent'),
  customerId: z.string().nullable(),
  createdAt: time,
  endedAt: time.nullable(),
});

const noAddress: Problem = {
  status: 409,
  code: 'no_address',
  title: 'No address is known well enough',
  detail: 'The addresses on this record are only claimed. Make a link to hand over: send = false.',
};

export const mailOperations = [
  operation({
    method: 'post',
    path: '/customers/{id}/preference-link',
    id: 'givePreferenceLink',
    summary: 'Give a customer the link to their own data and choices: sent to their address, or to be handed over',
    tag: 'Privacy',
    status: 201,
    params: z.object({ id: z.string() }),
    body: z.strictObject({ send: z.boolean().default(false) }),
    response: z.object({
      url: z.string().nullable().describe('Works once. Null when it was sent'),
      expiresAt: time.nullable(),
      mailId: z.string().nullable().describe('The mail it is sent with'),
    }),
    handle: async ({ runtime, origin, params, body }) => {
      if (body.send) {
        const sent = await sendStaffLink(runtime, params.id, origin);
        if (sent.ok) return ok({ url: null, expiresAt: null, mailId: sent.mailId });
        return fail(sent.why === 'nobody' ? notFound('customer') : sent.why === 'no_address' ? noAddress : cannotSend);
      }
      const made = await makeStaffLink(runtime, params.id, origin);
      return made ? ok({ url: made.url, expiresAt: toTime(made.expiresAt), mailId: null }) : fail(notFound('customer'));
    },
  }),
  operation({
    method: 'get',
    path: '/mail-settings',
    id: 'getMailSettings',
    summary: 'How mails go out, and by which ways they could',
    tag,
    response: Settings,
    handle: async ({ runtime }) => ok(await settingsOf(runtime)),
  }),
  operation({
    method: 'patch',
    path: '/mail-settings',
    id: 'setMailSettings',
    summary: 'Choose how mails go out, and who the business is in them',
    tag,
    body: z.strictObject({
      way: z.string().max(60).optional(),
      address: address.nullable().optional(),
      answersTo: z.string().max(60).nullable().optional(),
      businessName: z.string().max(100).optional(),
      businessContact: z.string().max(300).optional(),
    }),
    response: Settings,
    handle: async ({ runtime, origin, body: { businessName, businessContact, ...mail } }) => {
      const misfits = await changeMailSettings(runtime, mail);
      const errors = Object.entries(misfits).map(([path, message]) => ({ path: `body.${path}`, message }));
      if (errors.length > 0) return fail(invalid(errors));
      await keepOrigin(runtime, origin);
      await changeBusiness(runtime, { name: businessName, contact: businessContact });
      return ok(await settingsOf(runtime));
    },
  }),
  operation({
    method: 'post',
    path: '/mails/test',
    id: 'sendTestMail',
    summary: 'Send a test; the list of mails tells what became of it',
    tag,
    status: 202,
    body: z.strictObject({ to: address }),
    response: z.object({ id: z.string() }),
    handle: async ({ runtime, origin, body }) => {
      const to = normaliseEmail(body.to);
      if (to === null) return fail(invalid([{ path: 'body.to', message: 'is not an e-mail address' }]));
      if (!(await canSend(runtime))) return fail(cannotSend);
      await keepOrigin(runtime, origin);
      const id = runtime.clock.uuid();
      await putMail(runtime, { id, template: 'test', locale: 'en', origin, address: to, madeBy: 'staff' });
      return ok({ id });
    },
  }),
  operation({
    method: 'get',
    path: '/mails',
    id: 'listMails',
    summary: 'The latest mails from here, newest first, and what became of them',
    tag,
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
    response: z.object({ items: z.array(Mail) }),
    handle: async ({ runtime, query }) => {
      const mails = await latestMails(runtime.db, query.limit);
      return ok({
        items: mails.map(({ createdAt, endedAt, madeBy, state, customerName: _name, ...mail }) => ({
          ...mail,
          madeBy: Mail.shape.madeBy.catch('system').parse(madeBy),
          state: Mail.shape.state.catch('waiting').parse(state),
          createdAt: toTime(createdAt),
          endedAt: toTimeOrNull(endedAt),
        })),
      });
    },
  }),
];
