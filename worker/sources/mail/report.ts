import { normaliseEmail } from '../../../schema/identifiers.ts';

/** A mail that is a report on another mail: that it did not arrive (RFC 3464), or that somebody called it spam (RFC 5965). */
export type MailReport = {
  readonly about: 'delivery' | 'complaint';
  /** `Message-ID` of the mail it is about, without brackets. */
  readonly mailId: string | null;
  readonly recipients: readonly ReportedRecipient[];
};
export type ReportedRecipient = {
  readonly address: string;
  /** Enhanced status code (RFC 3463), such as `5.1.1`. */
  readonly status: string | null;
  /** The words of the server that refused it. */
  readonly reason: string | null;
};

/** A part of a report as text, with its type in lower case. */
export type ReportPart = { readonly type: string; readonly text: string };

const MAX_RECIPIENTS = 50;
const MAX_REPORT = 100_000;

/** Fields of a block of headers, folded lines joined; of one given twice the first. */
function fieldsOf(block: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of block.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}

/** `rfc822; mara@example.com` (RFC 3464 section 2.3.2), or the bare address. */
const addressOf = (value: string | undefined): string | null =>
  normaliseEmail(
    (value ?? '')
      .replace(/^[^;]{0,40};/, '')
      .replace(/[<>]/g, '')
      .trim(),
  );

const blocksOf = (text: string): ReadonlyMap<string, string>[] =>
  text
    .slice(0, MAX_REPORT)
    .split(/\r?\n[ \t]*\r?\n/)
    .map(fieldsOf);

/** The mails that will not or not yet arrive; those that did are no news here. */
function failedOf(text: string): ReportedRecipient[] {
  return blocksOf(text)
    .flatMap((fields): ReportedRecipient[] => {
      const action = fields
        .get('action')
        ?.toLowerCase()
        .split(/[\s(;]/)[0];
      const address = addressOf(fields.get('original-recipient')) ?? addressOf(fields.get('final-recipient'));
      if (address === null || (action !== 'failed' && action !== 'delayed')) return [];
      const status = /[245]\.\d{1,3}\.\d{1,3}/.exec(fields.get('status') ?? '')?.[0] ?? null;
      const reason = (fields.get('diagnostic-code') ?? '').replace(/^[a-z0-9-]{1,20};\s?/i, '').slice(0, 500);
      return [{ address, status: status ?? (action === 'delayed' ? '4.0.0' : null), reason: reason || null }];
    })
    .slice(0, MAX_RECIPIENTS);
}

/** The address whose owner complained: as the report says, else whom the mail it returns was for. */
function complainedOf(text: string, original: ReadonlyMap<string, string>): ReportedRecipient[] {
  const fields = blocksOf(text)[0];
  if (!/^(abuse|fraud|other|virus|opt-out)/i.test(fields?.get('feedback-type') ?? '')) return [];
  const to = original.get('to') ?? '';
  const address =
    addressOf(fields?.get('original-rcpt-to')) ??
    addressOf(fields?.get('removal-recipient')) ??
    addressOf(/<([^<>]{3,250})>/.exec(to)?.[1] ?? to);
  return address === null ? [] : [{ address, status: null, reason: fields?.get('feedback-type') ?? null }];
}

/** The report that the parts of a mail make, null when they make none. */
export function reportOf(parts: readonly ReportPart[]): MailReport | null {
  const part = (...types: readonly string[]): string | null =>
    parts.find(({ type }) => types.includes(type))?.text.slice(0, MAX_REPORT) ?? null;
  const returned = part('message/rfc822', 'text/rfc822-headers', 'message/rfc822-headers', 'message/global');
  const original = blocksOf(returned ?? '')[0] ?? new Map<string, string>();
  const mailId = /<([^<>\s]{3,230})>/.exec(original.get('message-id') ?? '')?.[1] ?? null;
  const status = part('message/delivery-status', 'message/global-delivery-status');
  if (status !== null) return { about: 'delivery', mailId, recipients: failedOf(status) };
  const feedback = part('message/feedback-report');
  return feedback === null ? null : { about: 'complaint', mailId, recipients: complainedOf(feedback, original) };
}
