import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** The plan of the house, held against the imports: the way of the data has one direction, and shared code knows no plug-in. */
const root = fileURLToPath(new URL('../../', import.meta.url));

const filesBelow = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|tsx|mjs)$/.test(name) && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name));

const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Files of ours that a file imports, as paths from the root. */
const importsOf = (file: string): string[] =>
  [...textOf(file).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) =>
    normalize(join(dirname(file), match[1] ?? '')),
  );

/** What each room may import, besides itself. `pages` and `api` stand above all of `worker`. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  schema: [],
  'worker/platform': ['schema', '.build'],
  'worker/record': ['schema', 'worker/platform'],
  'worker/sources': ['schema', 'worker/platform', 'worker/record'],
  'worker/surveys': [
    'schema',
    'worker/platform',
    'worker/record',
    'worker/sources',
    'widgets/survey',
    'widgets/locales',
  ],
  'worker/insights': ['schema', 'worker/platform', 'worker/record'],
  'worker/reactions': ['schema', 'worker/platform', 'worker/record', 'worker/insights'],
  // Mail that goes out asks the record whether it may and goes through a source that can. Who wants one sent puts down a job.
  'worker/outbox': ['schema', 'worker/platform', 'worker/record', 'worker/sources', 'widgets/locales'],
  'worker/staff': ['schema', 'worker/platform'],
  // What staff are told goes out as a mail: above both.
  'worker/digests': [
    'schema',
    'worker/platform',
    'worker/record',
    'worker/sources',
    'worker/reactions',
    'worker/outbox',
    'worker/staff',
  ],
  widgets: ['schema'],
};

describe('the house', () => {
  for (const [room, allowed] of Object.entries(MAY_IMPORT)) {
    it(`${room} imports only what stands below it`, () => {
      const wrong = filesBelow(room).flatMap((file) =>
        importsOf(file)
          .filter((target) => ![room, ...allowed].some((place) => target.startsWith(`${place}/`)))
          .map((target) => `${file} imports ${target}`),
      );
      expect(wrong).toEqual([]);
    });
  }

  it('shared code names no provider', () => {
    const kinds = readdirSync(join(root, 'worker/sources/providers')).map((name) => name.replace(/\.ts$/, ''));
    const shared = filesBelow('worker').filter(
      (file) =>
        !/^worker\/(sources\/(providers|[a-z-]+)\/|cli\/|pages\/development)/.test(file) && !/\.gen\.ts$/.test(file),
    );
    // Words that the product uses in a sense of its own as well.
    const shown = kinds.filter((kind) => kind !== 'site' && kind !== 'segment');
    const quoted = new RegExp(`'(${shown.join('|')})'`);
    const wrong = shared.filter((file) => quoted.test(textOf(file).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')));
    expect(wrong).toEqual([]);
  });

  it('no file is longer than 300 lines', () => {
    const files = [...filesBelow('worker'), ...filesBelow('widgets'), ...filesBelow('schema')].filter(
      (file) => !file.endsWith('.gen.ts'),
    );
    const long = files.filter((file) => textOf(file).split('\n').length > 301);
    expect(long).toEqual([]);
  });

  it('only one file makes a Miniflare', () => {
    const makers = [...filesBelow('test'), ...filesBelow('worker')].filter((file) =>
      /new Miniflare\(/.test(textOf(file)),
    );
    expect(makers.filter((file) => !file.endsWith('house.test.ts'))).toEqual(['test/support/worker.ts']);
  });
});
