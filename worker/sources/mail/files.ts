import type { Files } from '../../platform/files.ts';
import { sha256Hex, utf8 } from '../../platform/hmac.ts';
import { NAME_LIMIT, textOf } from '../read.ts';
import type { MailFile } from './message.ts';

/** A file as it came: `bytes` null where only its name did. */
export type RawFile = {
  readonly name: string | null;
  readonly type: string | null;
  readonly size: number | null;
  readonly bytes: Uint8Array<ArrayBuffer> | null;
};

/** Largest file that is kept, in bytes. Larger ones are named only. */
const MAX_FILE = 10 * 1024 * 1024;
/** Files named of one mail. */
export const MAX_FILES = 40;

/** A type as it may be shown; anything odd is bytes. */
const typeOf = (type: string | null): string =>
  /^[\w.+-]{1,60}\/[\w.+-]{1,60}/.exec(type ?? '')?.[0].toLowerCase() ?? 'application/octet-stream';

/** A name without folders, and without the marks that turn the direction of writing: `invoice\u202Efdp.exe` hides what it is. */
export function fileName(name: string | null): string | null {
  const last = name?.split(/[\\/]/).at(-1) ?? '';
  return textOf(last.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ''), NAME_LIMIT);
}

/**
 * Names the files of a mail and, where there is a place for them, keeps their bytes: before the touchpoint that names them is
 * written, so that none is promised that is not there. `mail` names the mail among all sources: a mail that comes twice
 * puts its files into the same places.
 */
export async function keepFiles(
  raw: readonly RawFile[],
  mail: string,
  files: Files | null,
): Promise<readonly MailFile[]> {
  const kept: MailFile[] = [];
  for (const [index, { name, type, size, bytes }] of raw.slice(0, MAX_FILES).entries()) {
    const length = bytes?.byteLength ?? size;
    const fits = files !== null && bytes !== null && bytes.byteLength > 0 && bytes.byteLength <= MAX_FILE;
    const file = fits ? `attachments/${(await sha256Hex(utf8(`${mail} ${index}`))).slice(0, 40)}` : null;
    if (fits && file !== null) await files.put(file, bytes);
    kept.push({ name: fileName(name) ?? 'unnamed', type: typeOf(type), size: length, file });
  }
  return kept;
}
