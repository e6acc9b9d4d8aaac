import type { PageOptions } from '../response.ts';
import type { Speech } from './locale.ts';
import { PublicDocument, publicResponse } from './respond.tsx';

type MessagePage = PageOptions & {
  readonly speech: Speech;
  readonly heading: string;
  readonly words?: string;
  /** Where to go on. */
  readonly link?: { readonly href: string; readonly label: string } | null;
};

/** A page that says one thing. */
export function messagePage({ speech, heading, words, link, ...options }: MessagePage): Response {
  return publicResponse(
    <PublicDocument title={heading} speech={speech}>
      <h1>{heading}</h1>
      {words && <p class="public-lead">{words}</p>}
      {link && (
        <p>
          <a href={link.href}>{link.label}</a>
        </p>
      )}
    </PublicDocument>,
    options,
  );
}
