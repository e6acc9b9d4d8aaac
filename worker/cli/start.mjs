/**
 * `npm start`: everything on this machine, with a demo business in it. `-- --empty` leaves the data as it is.
 * Works offline and without a terminal; ends with all it started, however it is ended.
 */
import './node-version.mjs';
import { relative } from 'node:path';
import { ensureAdminToken, signInTicket } from './admin-token.mjs';
import { startServer, waitUntilHealthy } from './dev-server.mjs';
import { root, stateFolder } from './folders.mjs';
import { anyPort, choosePort } from './ports.mjs';
import { Refusal, run } from './refusal.mjs';
import { forgetRunning, noteRunning, whatRuns } from './running.mjs';

const TICKET_MS = 7 * 24 * 3600 * 1000;
const MINUTE = 60_000;
const PARENT_CHECK = 500;

async function post(url) {
  const answer = await fetch(url, { method: 'POST' });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

/** Ends with the terminal, with Ctrl-C, with SIGTERM and with the process that started us. Gives what ends it on purpose. */
function endWith(server) {
  let ending = null;
  const finish = async (code) => {
    await server.stop();
    forgetRunning();
    process.exit(code);
  };
  const end = (code) => {
    ending ??= finish(code);
    return ending;
  };
  server.ended.then((code) => {
    if (!ending) console.error(`wrangler ended by itself (exit code ${code}). ${server.said()}`);
    end(1);
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(0));
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && end(0), PARENT_CHECK).unref();
  return { end, isEnding: () => ending !== null };
}

function welcome({ url, token, facts, seconds }) {
  const ticket = signInTicket(token, Date.now() + TICKET_MS);
  const survey = facts.survey ? `${url}/s/${facts.survey}` : 'add a source of the kind Website to get one';
  return `
Rapport is ready (${seconds} s).

  Demo shop    ${url}/demo
  Dashboard    ${url}/sign-in?ticket=${ticket}
               (signs you in; the link is good for seven days)
  Survey       ${survey}
  Mails        ${url}/demo/mail (nothing is really sent)
  API          ${url}/api

  Data         ${relative(process.cwd(), stateFolder)}, on this machine only${facts.customers === 0 ? ' (empty)' : ''}
  Reset        npm run reset
  Stop         Ctrl-C
`;
}

await run(async () => {
  const other = whatRuns();
  if (other) throw new Refusal(`Rapport already runs in this folder, at ${other.url}: stop it first.`);
  const started = performance.now();
  const token = ensureAdminToken(`${root}.dev.vars`);
  const server = startServer({ port: await choosePort(process.env.PORT), inspectorPort: await anyPort() });
  noteRunning(server.url);
  const { end, isEnding } = endWith(server);
  try {
    await waitUntilHealthy(server);
    const facts = await post(`${server.url}/demo/seed${process.argv.includes('--empty') ? '?only=look' : ''}`);
    server.ready();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(welcome({ url: server.url, token, facts, seconds }));
  } catch (error) {
    if (!isEnding()) console.error(error instanceof Refusal ? error.message : error);
    return end(1);
  }
  // Crons do not fire by themselves on this machine.
  setInterval(() => post(`${server.url}/demo/cron`).catch(() => {}), MINUTE).unref();
});
