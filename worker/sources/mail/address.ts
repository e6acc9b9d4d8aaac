import { normaliseEmail } from '../../../schema/identifiers.ts';
import type { Runtime } from '../../platform/env.ts';
import { type CheckedReply, checkReplyToken } from '../../platform/reply-token.ts';
import { providerOf, type Source, sourceByAddress, sourceByInternalId, sourceByKey } from '../store.ts';

/** Whose an address of ours is: `KEY@…` and `anything+KEY@…` a source's, `reply+TOKEN@…` a person's, a plain one by the settings. */

const REPLY = 'reply+';
/** A key of a source as it stands in an address. */
const KEY = /^[0-9a-z_-]{16,40}$/;

const localPart = (address: string): string => address.slice(0, address.lastIndexOf('@')).toLowerCase();

/** The token in `reply+<token>@…`, null where there is none. */
function tokenIn(address: string | null): string | null {
  const local = address === null ? '' : localPart(address);
  return local.startsWith(REPLY) ? local.slice(REPLY.length) : null;
}

async function checkedIn({ tokenKey, clock }: Runtime, address: string | null): Promise<CheckedReply | null> {
  const token = tokenIn(address);
  return token === null || !tokenKey ? null : checkReplyToken(tokenKey, token, clock.now());
}

/** The reply token of ours in an address, null where there is none that is valid for this source. */
export async function replyIn(runtime: Runtime, source: Source, address: string | null): Promise<CheckedReply | null> {
  const reply = await checkedIn(runtime, address);
  return reply?.sourceId === source.id ? reply : null;
}

const mailSource = (source: Source | null): Source | null =>
  source !== null && providerOf(source.kind)?.door === 'mail' ? source : null;

/** The source that takes mails to this address, null for nobody's. */
export async function sourceOfAddress(runtime: Runtime, given: string): Promise<Source | null> {
  const address = normaliseEmail(given);
  if (address === null) return null;
  const local = localPart(address);
  if (local.startsWith(REPLY)) {
    const reply = await checkedIn(runtime, address);
    return reply ? mailSource(await sourceByInternalId(runtime, reply.sourceId)) : null;
  }
  const key = local.slice(local.lastIndexOf('+') + 1);
  const byKey = KEY.test(key) ? mailSource(await sourceByKey(runtime, key)) : null;
  return byKey ?? mailSource(await sourceByAddress(runtime, address));
}
