import type { Runtime } from '../platform/env.ts';
import { readTouchpoint, touchpointSeq } from '../record/timeline.ts';
import { attachmentsOf } from './components/mail-parts.tsx';

/** A name as RFC 6266 wants it: plain letters for old programs, all of it in UTF-8 beside. */
function dispositionOf(name: string): string {
  const plain = name.replace(/[^\w .()-]/g, '_').slice(0, 100);
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/**
 * `GET /touchpoints/:id/files/:index`: a file of a mail, to be saved and never to be opened here: whatever a stranger sent, no
 * browser takes it for a page of ours. Null when there is none or its bytes are not kept.
 */
export async function mailFile({ db, files }: Runtime, id: string, index: string): Promise<Response | null> {
  const seq = touchpointSeq(id);
  if (!files || seq === null || !/^\d{1,3}$/.test(index)) return null;
  const found = await readTouchpoint(db, seq);
  const attachment = found && attachmentsOf(found.touchpoint)[Number(index)];
  if (!attachment?.file?.startsWith('attachments/')) return null;
  const object = await files.get(attachment.file);
  if (!object) return null;
  return new Response(object.body, {
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(object.size),
      'content-disposition': dispositionOf(attachment.name),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-store',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    },
  });
}
