/** The one secret of a local run, and the sign-in link made with it. */
import { createHmac, randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Refusal } from './refusal.mjs';

/** As in worker/staff/session.ts, which refuses shorter ones. */
const MIN_LENGTH = 16;

const tokenIn = (text) => /^\s*ADMIN_TOKEN\s*=\s*(["']?)(.*?)\1\s*$/m.exec(text)?.[2] ?? '';

/**
 * The admin token of `.dev.vars`; made, readable by the owner alone, when there is none.
 * @param {string} file
 * @returns {string}
 * @throws Refusal
 */
export function ensureAdminToken(file) {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : null;
  const known = tokenIn(text ?? '');
  if (known.length >= MIN_LENGTH) return known;
  if (known) throw new Refusal(`ADMIN_TOKEN in .dev.vars is shorter than ${MIN_LENGTH} characters: make it longer.`);
  const token = randomBytes(24).toString('base64url');
  if (text === null) {
    writeFileSync(file, `# Secrets of this machine's local run. Never committed.\nADMIN_TOKEN=${token}\n`, {
      mode: 0o600,
    });
  } else {
    appendFileSync(file, `${text === '' || text.endsWith('\n') ? '' : '\n'}ADMIN_TOKEN=${token}\n`);
    chmodSync(file, 0o600);
  }
  return token;
}

/**
 * A ticket that signs its bearer in until it expires, made as worker/staff/session.ts checks it.
 * @param {string} token
 * @param {number} expiresAt epoch ms
 */
export function signInTicket(token, expiresAt) {
  return `${expiresAt}.${createHmac('sha256', token).update(`sign-in.${expiresAt}`).digest('hex')}`;
}
