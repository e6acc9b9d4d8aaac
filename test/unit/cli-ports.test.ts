import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { anyPort, choosePort } from '../../worker/cli/ports.mjs';

describe('the port to serve on', () => {
  let taken: Server | null = null;
  const take = (port: number) =>
    new Promise<void>((resolve) => {
      taken = createServer().listen({ port, host: '127.0.0.1' }, resolve);
    });
  afterEach(() => new Promise<void>((resolve) => (taken ? taken.close(() => resolve()) : resolve())));

  it('is the one asked for', async () => {
    const port = await anyPort();
    expect(await choosePort(String(port))).toBe(port);
  });

  it('is refused in a sentence when it is taken', async () => {
    const port = await anyPort();
    await take(port);
    await expect(choosePort(String(port))).rejects.toThrow(`Port ${port} is taken: stop what listens there`);
  });

  it.each(['abc', '0', '-1', '70000', '80.5', '8787x'])('is no port: %s', async (wanted) => {
    await expect(choosePort(wanted)).rejects.toThrow('which is no port');
  });

  it('is the first free one when none is asked for', async () => {
    const first = await choosePort(undefined);
    expect(first).toBeGreaterThanOrEqual(8787);
    await take(first);
    expect(await choosePort('')).toBeGreaterThan(first);
  });
});
