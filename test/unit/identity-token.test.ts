import { execFileSync, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LIQUID, NODE, PHP, PYTHON, RUBY } from '../../worker/sources/site/recipes.ts';
import { HELD_MS, provesVisitor, readClaims } from '../../worker/sources/site/token.ts';

/** Tokens by which an owner's server vouches for a visitor: what proves, and all that does not. */
const SECRET = 'whsec_for-the-site';
const NOW = Date.UTC(2026, 5, 1, 12);
const VISITOR = '5f0c3f0e-8f5b-4d52-9d38-0f4c1fc0ffee';
const OTHER = '6a1d4f0e-8f5b-4d52-9d38-0f4c1fc0ffee';

type Facts = Readonly<Record<string, unknown>>;
const GOOD: Facts = { sub: '17', email: 'ann@example.com', exp: NOW / 1000 + 600 };
const encode = (text: string) => Buffer.from(text).toString('base64url');
const sign = (payload: string, secret = SECRET) => createHmac('sha256', secret).update(payload).digest('hex');
const tokenOf = (facts: Facts, secret = SECRET) => {
  const payload = encode(JSON.stringify(facts));
  return `${payload}.${sign(payload, secret)}`;
};

/** What the database does: the first to show a token has it. */
function holders() {
  const held = new Map<string, { holder: string; at: number }>();
  return (now: number) => async (token: string, holder: string, mayTake: boolean) => {
    if (mayTake && !held.has(token)) held.set(token, { holder, at: now });
    const found = held.get(token);
    return found?.holder === holder ? found.at : null;
  };
}
const proves = (token: string, visitor = VISITOR, hold = holders(), now = NOW, secrets = [SECRET]) =>
  provesVisitor(token, visitor, { secrets, now, hold: hold(now) });

describe('a token', () => {
  it('proves its visitor, and nobody else who shows it after them', async () => {
    const hold = holders();
    expect(await proves(tokenOf(GOOD), VISITOR, hold)).toBe(true);
    expect(await proves(tokenOf(GOOD), OTHER, hold)).toBe(false);
    expect(await proves(tokenOf(GOOD), VISITOR, hold)).toBe(true);
  });

  it('stays its visitor’s for a day, though it is fresh for ten minutes', async () => {
    const hold = holders();
    await proves(tokenOf(GOOD), VISITOR, hold);
    expect(await proves(tokenOf(GOOD), VISITOR, hold, NOW + HELD_MS)).toBe(true);
    expect(await proves(tokenOf(GOOD), VISITOR, hold, NOW + HELD_MS + 1)).toBe(false);
  });

  it.each([
    ['that has expired', tokenOf({ ...GOOD, exp: NOW / 1000 - 61 })],
    ['that is good for longer than ten minutes', tokenOf({ ...GOOD, exp: NOW / 1000 + 661 })],
    ['without an end', tokenOf({ ...GOOD, exp: undefined })],
    ['whose end is a text', tokenOf({ ...GOOD, exp: String(NOW / 1000 + 600) })],
    ['of another visitor', tokenOf({ ...GOOD, visitor: OTHER })],
    ['that names nobody', tokenOf({ exp: NOW / 1000 + 600 })],
    ['of another secret', tokenOf(GOOD, 'whsec_of-another-site')],
    ['of an empty secret', `${encode(JSON.stringify(GOOD))}.`],
    ['whose words were changed', `${encode(JSON.stringify({ ...GOOD, sub: '18' }))}.${tokenOf(GOOD).split('.')[1]}`],
    ['whose signature is cut', tokenOf(GOOD).slice(0, -2)],
    ['with a part too many', `${tokenOf(GOOD)}.x`],
    ['in the form of a JWT that names no algorithm', `${encode('{"alg":"none"}')}.${encode(JSON.stringify(GOOD))}.`],
    ['of a list', tokenOf([GOOD] as unknown as Facts)],
    ['of nothing', ''],
  ])('%s proves nothing', async (_what, token) => expect(await proves(token)).toBe(false));

  it('is read under both secrets while one is changed', async () => {
    for (const secrets of [
      ['new', SECRET],
      [SECRET, 'old'],
    ])
      expect(await proves(tokenOf(GOOD), VISITOR, holders(), NOW, secrets)).toBe(true);
    expect(await proves(tokenOf(GOOD), VISITOR, holders(), NOW, [])).toBe(false);
  });
});

const has = (program: string, flag = '--version') => spawnSync(program, [flag]).status === 0;

/** Runs a recipe with a line that prints a token; gives what it printed. */
function run(program: string, file: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'recipe-'));
  const path = join(folder, file);
  writeFileSync(path, text.replaceAll('{secret}', SECRET));
  return execFileSync(program, [path], { encoding: 'utf8' }).trim();
}

const PRINT = "'ann@example.com'";
const RECIPES = [
  ['Node.js', process.execPath, 'token.mjs', `${NODE}\nconsole.log(rapportToken({ id: 17, email: ${PRINT} }))`],
  ['Python', 'python3', 'token.py', `${PYTHON}\nprint(rapport_token(17, ${PRINT}))`],
  ['PHP', 'php', 'token.php', `<?php\n${PHP}\necho rapport_token(17, ${PRINT});`],
  ['Ruby', 'ruby', 'token.rb', `${RUBY}\nputs rapport_token(17, ${PRINT})`],
] as const;

describe('the recipe', () => {
  for (const [language, program, file, text] of RECIPES) {
    it.skipIf(!has(program))(
      `for ${language} makes a token that proves (skipped where ${program} is missing)`,
      async () => {
        const token = run(program, file, text);
        expect(readClaims(token)).toMatchObject({ sub: '17', email: 'ann@example.com' });
        expect(await proves(token, VISITOR, holders(), Date.now())).toBe(true);
      },
    );
  }

  // Nothing that renders Liquid as Shopify does is at hand: it is read.
  it('for Shopify signs the same facts in the same order as the others, for as long', () => {
    const written = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name);
    const facts = /{% capture facts %}(.*){% endcapture %}/.exec(LIQUID)?.[1] ?? '';
    expect(JSON.parse(facts.replaceAll(/{{[^}]*}}/g, '0'))).toEqual({ sub: 0, email: 0, exp: 0 });
    const order = written(facts, /"(\w+)":/g);
    for (const other of [NODE, PHP, PYTHON, RUBY]) {
      const line = other.split('\n').find((one) => /facts\s*=/.test(one)) ?? '';
      expect(written(line, /['"{, ](sub|email|exp)\b['"]?\s*(?:=>|:)/g)).toEqual(order);
      expect(line).toContain('600');
    }
    // Letters in an address would else end the text it stands in.
    expect(written(facts, /{{ ([^}]+) }}/g)).toEqual(['customer.id | json', 'customer.email | json', 'exp']);
    expect(LIQUID).toContain("'now' | date: '%s' | plus: 600");
    expect(LIQUID).toContain("facts | base64_url_safe_encode | remove: '='");
    expect(LIQUID).toContain("'{{ payload }}.{{ payload | hmac_sha256: '{secret}' }}'");
    expect(LIQUID.match(/{secret}/g)).toHaveLength(1);
  });
});
