/**
 * Builds everything that is served or needed at start into `.build/`, in well under two seconds:
 * the browser's scripts and styles under `public/assets`, the loader, the manifest and the migrations.
 * `node worker/cli/build.mjs`, or `import { build }`.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { inTurn } from './turns.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const out = `${root}.build/`;
const assets = `${out}public/assets/`;

/** The loader holds this once, in double quotes; the worker puts the site's configuration in its place. */
const PLACEHOLDER = '"__RAPPORT_CONFIG__"';

const HEADERS = `/assets/*
  Cache-Control: public, max-age=31536000, immutable
  Access-Control-Allow-Origin: *
  X-Content-Type-Options: nosniff
`;

/** An imported stylesheet is its own minified text: it goes into a CSSStyleSheet, which a strict style-src allows. */
const cssAsText = {
  name: 'css-as-text',
  setup(plugin) {
    plugin.onLoad({ filter: /\.css$/ }, async ({ path }) => ({
      contents: await minifyCss(await readFile(path, 'utf8')),
      loader: 'text',
    }));
  },
};

/** A visitor's catalogue leaves out what only hosted pages say, and is one object without a name for each text. */
const surveyTexts = {
  name: 'survey-texts',
  setup(plugin) {
    plugin.onLoad({ filter: /widgets[/\\]locales[/\\][\w-]+\.json$/ }, async ({ path }) => {
      const texts = Object.entries(JSON.parse(await readFile(path, 'utf8')));
      const kept = texts.filter(([key]) => !key.startsWith('page.') && key !== 'button');
      return { contents: `export default ${JSON.stringify(Object.fromEntries(kept))}`, loader: 'js' };
    });
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  legalComments: 'none',
  // Escapes would make half of the languages twice as long; modules and the loader are served as UTF-8.
  charset: 'utf8',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  plugins: [cssAsText],
  write: false,
  metafile: true,
  logLevel: 'warning',
};

async function minifyCss(text) {
  const { code } = await esbuild.transform(text, { loader: 'css', minify: true, legalComments: 'none' });
  // The minifier leaves custom properties as they are written.
  return code
    .trim()
    .replace(/(--[\w-]+): /g, '$1:')
    .replace(/(light-dark\([^()]*), /g, '$1,');
}

/** Files of a folder, sorted, or none when the folder is not there. */
async function list(folder, pattern) {
  const names = await readdir(root + folder).catch(() => []);
  return names.filter((name) => pattern.test(name)).sort();
}

/** A fixed date, so that the same plugin is the same bytes; the earliest that a zip can hold, whatever the zone. */
const ZIP_DATE = new Date(1980, 0, 2);

/** The plugin for WordPress: its files in a folder of their name. */
async function zipWordpress() {
  const names = await list('widgets/wordpress', /\.(php|txt)$/);
  if (names.length === 0) return { files: [], urls: [] };
  const { zipSync } = await import('fflate');
  const entries = await Promise.all(
    names.map(async (name) => [`rapport/${name}`, new Uint8Array(await readFile(`${root}widgets/wordpress/${name}`))]),
  );
  const zip = zipSync(Object.fromEntries(entries), { mtime: ZIP_DATE, level: 9 });
  const hash = createHash('sha256').update(zip).digest('hex').slice(0, 8).toUpperCase();
  const file = `rapport-wordpress-${hash}.zip`;
  return { files: [[file, zip]], urls: [['rapport-wordpress.zip', `/assets/${file}`]] };
}

/** Writes only what changed, so that a build beside a running server or test never shows it half a file. */
async function writeChanged(file, contents) {
  const old = await readFile(file).catch(() => null);
  if (old?.equals(Buffer.from(contents)) !== true) await writeFile(file, contents);
}

/** Bundles ES modules; answers their files and the URL path of each entry. */
async function bundle(entryPoints, options) {
  if (entryPoints.length === 0) return { files: [], urls: [] };
  const result = await esbuild.build({
    ...common,
    ...options,
    entryPoints,
    format: 'esm',
    outdir: assets,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
  });
  const urls = Object.entries(result.metafile.outputs)
    .filter(([, output]) => entryPoints.includes(output.entryPoint))
    .map(([file, output]) => [output.entryPoint, `/assets/${basename(file)}`]);
  return { files: result.outputFiles.map((file) => [basename(file.path), file.contents]), urls };
}

async function bundleSurvey() {
  const { files, urls } = await bundle(['widgets/survey/main.ts'], {
    splitting: true,
    alias: { 'preact/jsx-runtime': './widgets/survey/jsx.ts' },
    plugins: [cssAsText, surveyTexts],
  });
  return { files, urls: urls.map(([, url]) => ['survey', url]) };
}

async function bundleDashboard() {
  const entries = (await list('widgets/dashboard', /(?<!\.d)\.tsx?$/)).map((name) => `widgets/dashboard/${name}`);
  const { files, urls } = await bundle(entries, {});
  return { files, urls: urls.map(([entry, url]) => [`dashboard/${basename(entry, extname(entry))}`, url]) };
}

/** One stylesheet for the server's pages; the look of the questions is the widget's own. */
async function bundleStyles() {
  const names = await list('worker/pages/styles', /\.css$/);
  if (names.length === 0) return { files: [], urls: [] };
  const paths = ['widgets/survey/question.css', ...names.map((name) => `worker/pages/styles/${name}`)];
  const texts = await Promise.all(paths.map((path) => readFile(root + path, 'utf8')));
  const css = await minifyCss(texts.join('\n'));
  const file = `styles-${createHash('sha256').update(css).digest('hex').slice(0, 8).toUpperCase()}.css`;
  return { files: [[file, css]], urls: [['styles.css', `/assets/${file}`]] };
}

async function bundleLoader() {
  const { outputFiles } = await esbuild.build({
    ...common,
    entryPoints: ['widgets/embed/main.ts'],
    format: 'iife',
    tsconfigRaw: {},
    define: { __RAPPORT_CONFIG__: PLACEHOLDER },
    outdir: out,
  });
  const text = outputFiles[0].text.trim();
  if (text.split(PLACEHOLDER).length !== 2) throw new Error(`The loader must hold ${PLACEHOLDER} exactly once.`);
  return text;
}

const changedAt = async (path) => (await stat(path).catch(() => null))?.mtimeMs ?? null;

/** Splits each migration into statements. Wrangler takes a second to load, so only when a migration changed. */
async function buildMigrations() {
  const file = `${out}migrations.json`;
  const names = await list('schema/migrations', /\.sql$/);
  const builtAt = (await changedAt(file)) ?? 0;
  const times = await Promise.all(names.map((name) => changedAt(`${root}schema/migrations/${name}`)));
  const built = JSON.parse((await readFile(file, 'utf8').catch(() => '')) || '[]');
  const isSameList = built.map(({ name }) => name).join() === names.map((name) => basename(name)).join();
  if (builtAt > 0 && isSameList && times.every((time) => time < builtAt)) return;
  const { unstable_splitSqlQuery: splitSqlQuery } = await import('wrangler');
  const migrations = [];
  for (const name of names) {
    const text = await readFile(`${root}schema/migrations/${name}`, 'utf8');
    migrations.push({ name: basename(name), statements: splitSqlQuery(text) });
  }
  await writeFile(file, `${JSON.stringify(migrations, null, 1)}\n`);
}

/**
 * Builds `.build/` and answers the manifest: logical name to URL path.
 * @returns {Promise<Record<string, string>>}
 */
export async function build() {
  await mkdir(assets, { recursive: true });
  const [survey, dashboard, styles, loader, wordpress] = await Promise.all([
    bundleSurvey(),
    bundleDashboard(),
    bundleStyles(),
    bundleLoader(),
    zipWordpress(),
    buildMigrations(),
  ]);
  const files = new Map([survey, dashboard, styles, wordpress].flatMap((part) => part.files));
  await Promise.all([...files].map(([name, contents]) => writeChanged(assets + name, contents)));
  for (const name of await readdir(assets)) if (!files.has(name)) await rm(assets + name, { recursive: true });
  const manifest = Object.fromEntries([survey, dashboard, styles, wordpress].flatMap((part) => part.urls));
  await writeChanged(`${out}loader.txt`, loader);
  await writeChanged(`${out}manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
  await writeChanged(`${out}public/_headers`, HEADERS);
  return manifest;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // When this process was started, not when it came to read this line.
  const askedAt = Math.round(performance.timeOrigin);
  const started = performance.now();
  const manifest = await inTurn(out, askedAt, build);
  if (manifest)
    console.log(`Built ${Object.keys(manifest).length} assets in ${Math.round(performance.now() - started)} ms.`);
}
