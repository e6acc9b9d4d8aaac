import { type Business, businessName } from '../outbox/business.ts';
import { compose, oneLine } from '../outbox/compose.ts';
import type { Letter } from '../outbox/templates.ts';
import type { Way } from '../outbox/way.ts';
import { type Notice, noticesMailed } from '../reactions/notices.ts';
import type { OutgoingMail } from '../sources/provider-mailer.ts';
import { memberOfDigest, morningOf } from './put.ts';

/** The words of the morning's mail to a member of staff, in the language of their pages. */

/** Notices that are named; the rest are counted. */
const NAMED = 20;
const LONGEST = 60;

/** Mail programs make links of what looks like one, and anybody may be called whatever they like. */
const LOOKS_LIKE_LINK = /:\/\/|\/|\\|www\.|[^\s.]\.[^\s.]/i;
/** A name as a mail program or browser may read it: full stops of other scripts part the names of hosts too. */
const asRead = (name: string): string => name.normalize('NFKC').replaceAll('\u3002', '.');
const ADDRESS = /^[^\s@/\\:]+@[a-z0-9.-]+$/i;

function nameOf({ customer }: Notice): string | null {
  if (!customer) return null;
  // Marks that turn the direction of what follows would do so to the whole line.
  const name = oneLine(customer.name ?? '').replaceAll(/\p{Cf}/gu, '');
  if (name === '') return 'somebody without a name yet';
  if (LOOKS_LIKE_LINK.test(asRead(name)) && !ADDRESS.test(name)) return 'somebody';
  return name.length > LONGEST ? `${name.slice(0, LONGEST).toWellFormed()}…` : name;
}

function pathOf({ touchpointId, certificate, customer }: Notice): string {
  if (touchpointId) return `/touchpoints/${touchpointId}`;
  if (certificate) return `/privacy/erasures/${certificate}`;
  return customer ? `/customers/${customer.id}` : '/notices';
}

const lineOf = (notice: Notice, origin: string) => {
  const name = nameOf(notice);
  return { words: name === null ? notice.title : `${name}: ${notice.title}`, link: origin + pathOf(notice) };
};

const things = (count: number): string => (count === 1 ? 'One thing is new' : `${count} things are new`);

export type Digest = {
  readonly mailId: string;
  readonly origin: string;
  readonly notices: readonly Notice[];
  /** More than are named, counted. */
  readonly count: number;
};

function letterOf({ mailId, origin, notices, count }: Digest): Letter {
  const more = count - notices.length;
  const all = `${origin}/notices?member=${encodeURIComponent(memberOfDigest(mailId))}`;
  return {
    subject: `${things(count)} about customers you look after`,
    parts: [
      { words: 'What you were told since the last mail and have not read yet:' },
      { lines: notices.map((notice) => lineOf(notice, origin)) },
      ...(more > 0 ? [{ words: `And ${more} more.` }] : []),
      { link: all, label: 'See all notices' },
      {
        words: `You get this because the team page says so for you. To stop it, take the tick away there: ${origin}/team`,
      },
    ],
  };
}

/** What a mail tells of: the notices that still stand and wait to be read. */
export async function readDigest(db: D1Database, mailId: string, origin: string): Promise<Digest> {
  const found = await noticesMailed(db, memberOfDigest(mailId), morningOf(mailId), NAMED);
  return { mailId, origin, ...found };
}

/** The mail, the same at each attempt while nothing of it was read or erased. */
export const writeDigest = (
  digest: Digest,
  { to, business, way }: { readonly to: string; readonly business: Business; readonly way: Way },
): OutgoingMail =>
  compose(letterOf(digest), {
    locale: 'en',
    leaving: null,
    from: { address: way.address, name: businessName(business, digest.origin) },
    to,
    replyTo: null,
    key: digest.mailId,
  });
