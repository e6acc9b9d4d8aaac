import type { Json } from '../../../schema/touchpoint.ts';
import type { Touchpoint } from '../../record/timeline.ts';
import { formatBytes } from '../format.ts';
import { Icon } from '../icons.tsx';

/** What a message carries beside its words: what it quotes, its files, a note. Text of strangers, shown as text. */

export type Attachment = {
  readonly name: string;
  readonly type: string | null;
  readonly size: number | null;
  /** Where its bytes are kept, null where they are not. */
  readonly file: string | null;
};

const text = (value: Json | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** The files a contact names. Older contacts have the names alone. */
export function attachmentsOf({ data }: Touchpoint): readonly Attachment[] {
  const list: readonly Json[] = Array.isArray(data.attachments) ? data.attachments : [];
  return list.flatMap((raw): Attachment[] => {
    if (typeof raw === 'string') return [{ name: raw, type: null, size: null, file: null }];
    if (typeof raw !== 'object' || raw === null || !('name' in raw)) return [];
    const { name, type, size, file } = raw;
    const title = text(name) ?? text(type) ?? 'unnamed';
    return [{ name: title, type: text(type), size: typeof size === 'number' ? size : null, file: text(file) }];
  });
}

function File({ href, attachment }: { readonly href: string; readonly attachment: Attachment }) {
  const { name, type, size, file } = attachment;
  return (
    <li class="file">
      <Icon name="clip" />
      {file === null ? (
        <span dir="auto">{name}</span>
      ) : (
        <a href={href} dir="auto" download>
          {name}
        </a>
      )}
      <span class="muted">{[type, size === null ? null : formatBytes(size)].filter(Boolean).join(', ')}</span>
    </li>
  );
}

export function Files({ touchpoint }: { readonly touchpoint: Touchpoint }) {
  const attachments = attachmentsOf(touchpoint);
  if (attachments.length === 0) return null;
  return (
    <ul class="files" aria-label="Files">
      {attachments.map((attachment, index) => (
        <File key={index} href={`/touchpoints/${touchpoint.id}/files/${index}`} attachment={attachment} />
      ))}
    </ul>
  );
}

/** What a message quotes of earlier ones, folded away. */
export function Quoted({ touchpoint }: { readonly touchpoint: Touchpoint }) {
  const quoted = text(touchpoint.data.quoted);
  if (quoted === null) return null;
  return (
    <details class="quoted">
      <summary>Quoted text</summary>
      <blockquote class="words" dir="auto">
        {quoted}
      </blockquote>
    </details>
  );
}

/** What could not be read of a message. */
export function MailNote({ touchpoint }: { readonly touchpoint: Touchpoint }) {
  const note = text(touchpoint.data.note);
  return note === null ? null : <p class="muted">{note}</p>;
}
