import { describe, expect, it } from 'vitest';
import { MAX_FIELDS, readForm } from '../../worker/platform/body.ts';
import { signedForm } from '../../worker/sources/twilio/signature.ts';

const URLENCODED = 'application/x-www-form-urlencoded';
const bytes = (text: string) => new TextEncoder().encode(text);
const names = (count: number): string => Array.from({ length: count }, (_, i) => `a${i}=`).join('&');

describe('a form from outside', () => {
  it('keeps each name once, with all its values, whatever it is called', async () => {
    const fields = await readForm(bytes('a=1&__proto__=x&a=2&constructor=y&a=3'), URLENCODED);
    expect(Object.entries(fields ?? {})).toEqual([
      ['a', ['1', '2', '3']],
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it('is refused when it is none, or has more fields than people fill in', async () => {
    expect(await readForm(bytes('a=1'), 'multipart/form-data')).toBeNull();
    expect(Object.keys((await readForm(bytes(names(MAX_FIELDS)), URLENCODED)) ?? {})).toHaveLength(MAX_FIELDS);
    expect(await readForm(bytes(names(MAX_FIELDS + 1)), URLENCODED)).toBeNull();
  });

  it('is read in time that grows with its length alone', async () => {
    const body = bytes(names(60_000));
    const started = performance.now();
    await readForm(body, URLENCODED);
    signedForm({ url: 'https://a.example/', body, id: '', timestamp: '', method: 'POST' });
    expect(performance.now() - started).toBeLessThan(4000);
  });
});
