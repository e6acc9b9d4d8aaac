import { describe, expect, it } from 'vitest';
import { comparedLines } from '../../worker/pages/compare-words.ts';

type Shown = Parameters<typeof comparedLines>[0];
const consented = (state: 'granted' | 'denied'): Shown['consent'] => ({
  standing: [
    {
      purpose: 'marketing',
      channel: 'email',
      state,
      at: 1,
      basis: 'staff',
      assurance: 'asserted',
      sourceName: null,
      wording: null,
      proof: null,
    },
  ],
  suppressed: [],
});
const record = (part: Partial<Shown>): Shown => ({
  consent: { standing: [], suppressed: [] },
  said: [],
  scores: [],
  stage: null,
  ...part,
});

describe('what two records would be as one', () => {
  it('is refused what one of them refused, and agrees where only one has spoken', () => {
    const together = (a: Shown, b: Shown) => comparedLines(a, b).find(([label]) => label === 'Consent')?.[1][2];
    const [yes, no] = [record({ consent: consented('granted') }), record({ consent: consented('denied') })];
    expect(together(yes, no)).toEqual(['Offers, E-mail: refused']);
    expect(together(no, yes)).toEqual(['Offers, E-mail: refused']);
    expect(together(yes, record({}))).toEqual(['Offers, E-mail: agreed']);
  });

  it('has the latest score of each kind, and says nothing of what neither has', () => {
    const a = record({ scores: [{ kind: 'nps', score: 3, answeredAt: 1 }] });
    const b = record({ scores: [{ kind: 'nps', score: 9, answeredAt: 2 }] });
    expect(comparedLines(a, b)).toEqual([
      ['Latest scores', [['Recommending us 3 of 10'], ['Recommending us 9 of 10'], ['Recommending us 9 of 10']]],
    ]);
  });
});
