import { afterAll, describe, expect, it } from 'vitest';
import { fc, patience, runs } from '../support/chance.ts';
import { drift, queryOf } from '../support/numbers.ts';
import { makeWorld, recordsOf, writeFacts } from '../support/record.ts';
import { startWithSql } from '../support/sql.ts';
import { type Fact, facts } from '../support/world.ts';

/** The record is a fold that does not care how its facts came. */
const settings = { numRuns: runs(30), endOnFailure: process.env.SHRINK === undefined };

const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());

type Told = {
  readonly facts: readonly (Fact & { index: number })[];
  readonly retold: readonly (Fact & { index: number })[];
  readonly sizes: readonly number[];
};

/** Facts in the order they happened to be told, and told again: shuffled, some of them more than once, in other batches. */
const told: fc.Arbitrary<Told> = facts(9).chain((list) => {
  const indexed = list.map((fact, index) => ({ ...fact, index }));
  return fc.record({
    facts: fc.constant(indexed),
    retold: fc
      .tuple(
        fc.shuffledSubarray(indexed, { minLength: indexed.length }),
        fc.shuffledSubarray(indexed, { minLength: 0 }),
      )
      .map(([all, again]) => [...all, ...again]),
    sizes: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 6 }),
  });
});

async function recordOf(list: Told['facts'], sizes: readonly number[] = []): Promise<string> {
  const world = await makeWorld(db);
  await writeFacts(db, world, list, sizes);
  return recordsOf(db, world);
}

describe('the record', () => {
  it(
    'is byte-equal whatever the order, the repetition and the batches its facts come in',
    async () => {
      await fc.assert(
        fc.asyncProperty(told, async (story) => {
          expect(await recordOf(story.retold, story.sizes)).toBe(await recordOf(story.facts));
        }),
        settings,
      );
    },
    patience(120_000),
  );

  it('keeps the numbers that its facts add up to', async () => {
    expect(await drift(queryOf(db))).toEqual([]);
  });

  it('leaves no question of identity open once a request is answered', async () => {
    expect(await queryOf(db)('SELECT * FROM person_work')).toEqual([]);
  });

  it('has every reference in place', async () => {
    expect(await queryOf(db)('PRAGMA foreign_key_check')).toEqual([]);
    expect(await queryOf(db)('PRAGMA quick_check')).toEqual([{ quick_check: 'ok' }]);
  });
});
