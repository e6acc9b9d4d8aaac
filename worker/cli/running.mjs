/** The note that a run leaves while it lasts, so that a second one or a reset does not pull its data from under it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stateFolder } from './folders.mjs';

const file = `${stateFolder}/running.json`;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** What runs in this clone: its process and address; null when nothing does. A note whose process is gone counts for nothing. */
export function whatRuns() {
  try {
    const note = JSON.parse(readFileSync(file, 'utf8'));
    return Number.isInteger(note.pid) && note.pid !== process.pid && isAlive(note.pid) ? note : null;
  } catch {
    return null; // No note, or half of one: nothing runs.
  }
}

export function noteRunning(url) {
  mkdirSync(stateFolder, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ pid: process.pid, url })}\n`);
}

export const forgetRunning = () => rmSync(file, { force: true });
