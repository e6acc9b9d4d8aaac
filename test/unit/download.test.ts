import { describe, expect, it, vi } from 'vitest';
import { download, type Listing } from '../../worker/api/download.ts';
import type { Slices } from '../../worker/record/exports.ts';

/** Whole lists as files: read as they are taken, and never half of one that looks whole. */
vi.spyOn(console, 'log').mockImplementation(() => {});
vi.spyOn(console, 'error').mockImplementation(() => {});

type Item = { readonly n: number; readonly text: string };
const listing: Listing<Item> = {
  name: 'lists ’n’ things',
  columns: [
    ['Number', ({ n }) => n],
    ['=Text', ({ text }) => text],
  ],
  toJson: (item) => item,
};
/** So many slices of two items each. */
const slices =
  (count: number, read: number[] = []): Slices<Item> =>
  async (after) => {
    const page = Number(after ?? 0);
    read.push(page);
    const items = [0, 1].map((offset) => ({ n: page * 2 + offset, text: `a, "b" ${page}` }));
    return { items, next: page + 1 < count ? String(page + 1) : null };
  };

describe('a download', () => {
  it('is a valid document in each format, of all slices', async () => {
    expect(await (await download('json', listing, slices(3))).json()).toHaveLength(6);
    const lines = (await (await download('ndjson', listing, slices(3))).text()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).n)).toEqual([0, 1, 2, 3, 4, 5]);
    const csv = await (await download('csv', listing, slices(2))).arrayBuffer();
    expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(csv)).toBe(
      `\ufeffNumber,'=Text\r\n0,"a, ""b"" 0"\r\n1,"a, ""b"" 0"\r\n2,"a, ""b"" 1"\r\n3,"a, ""b"" 1"\r\n`,
    );
  });

  it('of nothing is a valid document as well', async () => {
    const nothing: Slices<Item> = async () => ({ items: [], next: null });
    expect(await (await download('json', listing, nothing)).json()).toEqual([]);
    expect(await (await download('ndjson', listing, nothing)).text()).toBe('');
    expect((await (await download('csv', listing, nothing)).text()).trimEnd()).toBe("Number,'=Text");
  });

  it('has a name that every browser can keep', async () => {
    const { headers } = await download('csv', listing, slices(1));
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="lists-n-things.csv"; filename*=UTF-8''lists%20%E2%80%99n%E2%80%99%20things.csv`,
    );
    expect(headers.get('content-type')).toMatch(/^text\/csv; charset=utf-8/);
  });

  it('reads no further than it is taken', async () => {
    const read: number[] = [];
    const { body } = await download('ndjson', listing, slices(1000, read));
    const reader = body?.getReader();
    expect(read).toEqual([0]);
    await reader?.read();
    await reader?.read();
    expect(read.length).toBeLessThanOrEqual(3);
    await reader?.cancel();
    expect(read.length).toBeLessThanOrEqual(3);
  });

  it('breaks off when a slice cannot be read, so that half a list is no list', async () => {
    const failing: Slices<Item> = async (after) => {
      if (after === '2') throw new Error('the database went away');
      return slices(5)(after);
    };
    await expect((await download('csv', listing, failing)).text()).rejects.toThrow('the database went away');
    await expect(download('csv', listing, () => failing('2'))).rejects.toThrow('the database went away');
  });
});
