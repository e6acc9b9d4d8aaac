import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A server in a process group of its own, so that one SIGKILL ends node and workerd together. */
export class Victim {
  readonly #command: readonly string[];
  #child: ChildProcess | null = null;
  kills = 0;

  constructor(command: readonly string[]) {
    this.#command = command;
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, this.#command, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (text: Buffer) => (text.includes('ready') ? resolve() : reject(new Error(String(text)))));
      child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it was ready`)));
    });
  }

  /** Ends the whole group at once and waits until none of it is left: a database file is never open twice. */
  async kill(): Promise<void> {
    const group = this.#child?.pid;
    this.#child = null;
    if (group === undefined) return;
    process.kill(-group, 'SIGKILL');
    this.kills++;
    while (isAlive(group)) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** True while a process of the group runs. One that is dead and not yet buried (Z) has let go of its files. */
function isAlive(group: number): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((id) => {
      try {
        // pid (name) state parent group …; the name may hold spaces and brackets.
        const [state, , of] = readFileSync(`/proc/${id}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ');
        return Number(of) === group && state !== 'Z';
      } catch {
        // It ended between the listing and the reading.
        return false;
      }
    });
}
