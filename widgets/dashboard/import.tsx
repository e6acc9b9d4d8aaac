import { render } from 'preact';
import { App } from './import/app.tsx';
import type { SourceChoice } from './import/options.tsx';

/** The page that brings files in. The file is read here and judged row by row by the worker. */
const root = document.querySelector<HTMLElement>('[data-import]');
if (root) {
  const sources = JSON.parse(root.dataset.sources ?? '[]') as readonly SourceChoice[];
  root.replaceChildren();
  render(<App sources={sources} />, root);
}
