/**
 * What the widget costs a visitor, in bytes on the wire (gzip, level 9), against its budgets.
 * `node test/bench/widget-bytes.mjs` prints a table and fails over budget.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from '../../worker/cli/build.mjs';

const BUDGET = { loader: 2048, answer: 10_240 };
/** What the default survey of a new site asks for, in the fallback language. */
const CHUNKS = ['nps', 'comment', 'en'];

const out = fileURLToPath(new URL('../../.build/', import.meta.url));
const read = (path) => readFileSync(`${out}${path}`);
const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** The file and all that it imports at once, and those of its later imports that are wanted. */
function downloads(path, found = new Map()) {
  if (found.has(path)) return found;
  const bytes = read(`public${path}`);
  found.set(path, bytes);
  for (const [, call, name] of bytes.toString().matchAll(/(?:from|import)\s*(\(?)["']\.\/([\w.-]+\.js)["']/g)) {
    const logical = name.replace(/-[A-Z0-9]{8}\.js$/, '');
    if (call === '' || CHUNKS.includes(logical)) downloads(`/assets/${name}`, found);
  }
  return found;
}

const manifest = await build();
const loader = read('loader.txt');
const parts = [['loader', loader], ...downloads(manifest.survey)];
const rows = parts.map(([name, bytes]) => ({ name, bytes: bytes.length, gzip: gzipped(bytes) }));
const answer = rows.reduce((sum, row) => sum + row.gzip, 0);
console.table(rows);
console.log(`loader ${rows[0].gzip} of ${BUDGET.loader}, to answer ${answer} of ${BUDGET.answer} bytes`);
if (rows[0].gzip > BUDGET.loader || answer > BUDGET.answer) process.exit(1);
