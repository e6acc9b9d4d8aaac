/** Finding a port to listen on, on this machine only. */
import { createServer } from 'node:net';
import { Refusal } from './refusal.mjs';

const FIRST = 8787;
const TRIED = 100;

/** Listens for a moment; the port it got, or null when the wanted one is taken. */
const tryPort = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const got = server.address().port;
      server.close(() => resolve(got));
    });
  });

/** A free port, whichever.
 * @returns {Promise<number>}
 */
export const anyPort = () => tryPort(0);

/**
 * The port to serve on: the one asked for, or the first free one from 8787 on.
 * @param {string | undefined} wanted
 * @returns {Promise<number>}
 * @throws Refusal
 */
export async function choosePort(wanted) {
  if (wanted !== undefined && wanted !== '') {
    const port = Number(wanted);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new Refusal(`PORT is "${wanted}", which is no port.`);
    if ((await tryPort(port)) === null)
      throw new Refusal(`Port ${port} is taken: stop what listens there, or leave PORT out and a free one is found.`);
    return port;
  }
  for (let port = FIRST; port < FIRST + TRIED; port++) if ((await tryPort(port)) !== null) return port;
  throw new Refusal(`No port from ${FIRST} to ${FIRST + TRIED - 1} is free: name one with PORT=…`);
}
