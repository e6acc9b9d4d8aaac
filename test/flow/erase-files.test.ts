import { afterAll, describe, expect, it } from 'vitest';
import { mime, multipart, routeMail } from '../support/mail.ts';
import { addSource, holdersOf } from '../support/shop.ts';
import { asAdmin, startWorker } from '../support/worker.ts';

/** Files that came with the mails of somebody who is erased go from the bucket; those of others stay. */
const worker = startWorker({ files: true });
afterAll(() => worker.dispose());

const bucket = await worker.getR2Bucket('FILES', 'rapport');
const kept = async (): Promise<string[]> => {
  const { objects } = await bucket.list();
  return Promise.all(objects.map(async ({ key }) => ((await (await bucket.get(key))?.text()) ?? '').trim()));
};

describe('files', () => {
  it('of the erased are taken from the bucket, and those of others are left', async () => {
    const { key } = await addSource(worker, 'mailbox');
    const write = (name: string, words: string) =>
      routeMail(
        worker,
        mime({
          from: `${name} <${name}@files.example>`,
          content: {
            type: 'multipart/mixed; boundary="b"',
            body: multipart('b', [
              { head: 'Content-Type: text/plain', body: 'See the file.' },
              {
                head: `Content-Type: text/plain; name="${name}.txt"\r\nContent-Disposition: attachment; filename="${name}.txt"`,
                body: words,
              },
            ]),
          },
        }),
        { to: `${key}@in.shop.example`, from: `${name}@files.example` },
      );
    for (const [name, words] of [
      ['ann', 'zyxw first'],
      ['ann', 'zyxw second'],
      ['bob', 'stays'],
    ] as const)
      expect((await write(name, words)).status).toBe(200);
    expect((await kept()).sort()).toEqual(['stays', 'zyxw first', 'zyxw second']);
    const [ann] = await holdersOf(worker, 'email:ann@files.example');
    const answer = await worker.dispatchFetch(`http://rapport.test/api/v1/customers/${ann?.id}`, {
      method: 'DELETE',
      headers: asAdmin,
    });
    expect(answer.status).toBe(200);
    expect(await kept()).toEqual(['stays']);
  });
});
