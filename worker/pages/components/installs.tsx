import { assetPath } from '../../platform/assets.ts';
import type { Install } from '../../sources/provider.ts';
import { Copyable } from './setup-steps.tsx';

type Props = { readonly installs: readonly Install[]; readonly origin: string; readonly script: string };

/** The same tag for each of the builders that people use, filled in: one folds open at a time. */
export function Installs({ installs, origin, script }: Props) {
  const filled = (code: string): string =>
    code
      .replaceAll('{tag}', `<script async src="${script}"></script>`)
      .replaceAll('{script}', script)
      .replaceAll('{origin}', origin);
  return (
    <div class="installs">
      {installs.map(({ title, steps, download }) => (
        <details key={title} name="install" class="install">
          <summary>{title}</summary>
          {download && (
            <p>
              <a class="button" href={assetPath(download)} download={download}>
                Download the plugin<span class="visually-hidden"> for {title}</span>
              </a>
            </p>
          )}
          <ol class="steps">
            {steps.map(({ text, code }) => (
              <li key={text}>
                <p>{text}</p>
                {code && <Copyable label={`the code for ${title}`} value={filled(code)} />}
              </li>
            ))}
          </ol>
        </details>
      ))}
    </div>
  );
}
