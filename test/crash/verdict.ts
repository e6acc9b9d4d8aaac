import { drift, queryOf } from '../support/numbers.ts';
import { startWithSql } from '../support/sql.ts';
import type { Story } from './story.ts';

export type Run = {
  readonly persist: string;
  readonly story: Story;
  readonly accepted: ReadonlySet<string>;
  readonly refused: ReadonlyMap<number, number>;
  readonly resent: number;
  readonly kills: number;
  readonly retries: number;
  readonly seconds: number;
};

type Holder = { email: string; customers: number; touchpoints: number; orders: number; revenue: string };

const HOLDERS = `SELECT i.value AS email, count(DISTINCT c.id) AS customers, max(c.touchpoints) AS touchpoints, max(c.orders) AS orders,
    max(c.revenue) AS revenue
  FROM identifier i JOIN fragment f ON f.id = i.fragment_id JOIN customer c ON c.id = f.customer_id
  WHERE i.kind = 'email' GROUP BY i.value`;

/** Opens the database that is left, does what the next minute would do, and counts. True when nothing is off. */
export async function examine(run: Run): Promise<boolean> {
  const { worker, db } = await startWithSql({ persist: run.persist });
  try {
    const query = queryOf(db);
    const number = async (sql: string) => Number((await query<{ n: number }>(`SELECT (${sql}) AS n`))[0]?.n);
    const waiting = await number('SELECT count(*) FROM person_work');
    await (await worker.getWorker()).scheduled({ scheduledTime: new Date(), cron: '* * * * *' });

    const stored = (await query<{ message_id: string }>('SELECT message_id FROM touchpoint')).map(
      (row) => row.message_id,
    );
    const isStored = new Set(stored);
    const holders = await query<Holder>(HOLDERS);
    const wrong = [...run.story.expected].filter(([email, { touchpoints, orders, revenue }]) => {
      const holder = holders.find((candidate) => candidate.email === email);
      const money = JSON.stringify([{ amountMinor: revenue, currency: 'EUR' }]);
      return !(
        holder?.customers === 1 &&
        holder.touchpoints === touchpoints &&
        holder.orders === orders &&
        holder.revenue === money
      );
    });
    const drifted = await drift(query);
    const orphans =
      'SELECT count(*) FROM touchpoint t WHERE NOT EXISTS (SELECT 1 FROM delivery d WHERE d.id = t.delivery_id)';
    const behind = "SELECT max(seq) - (SELECT seq FROM log_cursor WHERE name = 'reactions') FROM touchpoint";
    const check = JSON.stringify(await query('PRAGMA quick_check'));
    const rows: [name: string, value: string | number, isGood?: boolean][] = [
      ['touchpoints sent', run.story.sendings.length],
      ['answered 200', run.accepted.size, run.accepted.size === run.story.sendings.length],
      ['answered 4xx', JSON.stringify([...run.refused]), run.refused.size === 0],
      ['sent again at the end', run.resent],
      ['retries', run.retries],
      ['kills (SIGKILL of node and workerd)', run.kills],
      ['seconds', run.seconds.toFixed(0)],
      [
        'accepted and lost',
        [...run.accepted].filter((message) => !isStored.has(message)).length,
        [...run.accepted].every((m) => isStored.has(m)),
      ],
      ['stored twice', stored.length - isStored.size, stored.length === isStored.size],
      ['kept numbers that drifted', drifted.length, drifted.length === 0],
      ['customers not as they should be', wrong.length, wrong.length === 0],
      ['touchpoints without their delivery', await number(orphans), (await number(orphans)) === 0],
      ['left to place or to name after the kills', waiting],
      [
        'and after one minute',
        await number('SELECT count(*) FROM person_work'),
        (await number('SELECT count(*) FROM person_work')) === 0,
      ],
      ['followers behind the log', await number(behind), (await number(behind)) === 0],
      ['quick_check', check, check === '[{"quick_check":"ok"}]'],
      [
        'foreign_key_check',
        (await query('PRAGMA foreign_key_check')).length,
        (await query('PRAGMA foreign_key_check')).length === 0,
      ],
    ];
    for (const [name, value, isGood] of rows)
      console.log(`${isGood === undefined ? ' ' : isGood ? '✓' : '✗'} ${name.padEnd(42)} ${value}`);
    for (const one of [...drifted.slice(0, 5), ...wrong.slice(0, 5)]) console.log(JSON.stringify(one));
    return rows.every(([, , isGood]) => isGood !== false);
  } finally {
    await worker.dispose();
  }
}
