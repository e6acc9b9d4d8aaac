import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureAdminToken, signInTicket } from '../../worker/cli/admin-token.mjs';
import { isTicket, signInTicket as workersTicket } from '../../worker/staff/session.ts';

describe('the admin token of a local run', () => {
  let folder = '';
  let file = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rapport-token-'));
    file = join(folder, '.dev.vars');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is made once, long enough, and for the owner’s eyes alone', () => {
    const token = ensureAdminToken(file);
    expect(token).toMatch(/^[\w-]{32}$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(ensureAdminToken(file)).toBe(token);
  });

  it('is read however it is written', () => {
    for (const line of [
      'ADMIN_TOKEN=a-token-of-my-own',
      '  ADMIN_TOKEN = "a-token-of-my-own" ',
      "ADMIN_TOKEN='a-token-of-my-own'",
    ]) {
      writeFileSync(file, `# mine\nOTHER=1\n${line}\nMORE=2\n`);
      expect(ensureAdminToken(file), line).toBe('a-token-of-my-own');
    }
  });

  it('joins what stands in the file already', () => {
    writeFileSync(file, 'OTHER=1');
    const token = ensureAdminToken(file);
    expect(readFileSync(file, 'utf8')).toBe(`OTHER=1\nADMIN_TOKEN=${token}\n`);
  });

  it('that is too short to protect anything is refused in a sentence', () => {
    writeFileSync(file, 'ADMIN_TOKEN=short\n');
    expect(() => ensureAdminToken(file)).toThrow('ADMIN_TOKEN in .dev.vars is shorter than 16 characters');
  });
});

describe('the sign-in link', () => {
  it('holds the ticket that the worker makes and takes', async () => {
    const token = 'an-admin-token-of-a-test';
    const now = Date.UTC(2026, 10, 22);
    const ticket = signInTicket(token, now + 1000);
    expect(ticket).toBe(await workersTicket(token, now + 1000));
    const env = { ADMIN_TOKEN: token } as Parameters<typeof isTicket>[0];
    expect(await isTicket(env, ticket, now)).toBe(true);
    expect(await isTicket(env, ticket, now + 2000)).toBe(false);
  });
});
