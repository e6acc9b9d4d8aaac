import { CONSENT_PAIRS } from '../../schema/consent.ts';
import type { CustomerRecord, Word } from '../record/customer.ts';
import { CHANNEL_WORDS, PURPOSE_WORDS, STATE_WORDS } from './consent/words.ts';
import { humanise } from './format.ts';
import { scoresInOrder, scoreWords } from './score-words.ts';
import { stageTitle } from './stage-words.ts';

/** What of a record is set side by side beside its numbers. */
type Shown = Pick<CustomerRecord, 'consent' | 'said' | 'scores' | 'stage'>;
/** A line of the comparison: of the first, of the second, and as they would be together. */
export type ComparedLine = readonly [label: string, values: readonly [string[], string[], string[]]];

/** What of both would stand: a refusal over an agreement, and either over silence. */
function consentLines(a: Shown, b: Shown): readonly [string[], string[], string[]] {
  const of = (...records: readonly Shown[]): string[] =>
    CONSENT_PAIRS.flatMap(({ purpose, channel }) => {
      const states = records.flatMap(({ consent }) =>
        consent.standing.filter((one) => one.purpose === purpose && one.channel === channel).map(({ state }) => state),
      );
      const state = states.includes('denied') ? 'denied' : states[0];
      return state ? [`${PURPOSE_WORDS[purpose]}, ${CHANNEL_WORDS[channel]}: ${STATE_WORDS[state].toLowerCase()}`] : [];
    });
  return [of(a), of(b), of(a, b)];
}

const suppressedOf = ({ consent }: Shown): string[] => consent.suppressed.map(({ address }) => address);
const tagsOf = ({ said }: Shown): string[] =>
  said.flatMap(({ field }) => (field.startsWith('tag:') ? [field.slice('tag:'.length)] : []));
const ownerOf = ({ said }: Shown): Word | undefined => said.find(({ field }) => field === 'owner');
const namesOf = (owner: Word | undefined): string[] => (owner ? [owner.valueName ?? 'somebody'] : []);
const later = (a: Word | undefined, b: Word | undefined): Word | undefined =>
  a && b ? (a.at >= b.at ? a : b) : (a ?? b);
const once = (...lists: readonly string[][]): string[] => [...new Set(lists.flat())];

type Score = Shown['scores'][number];
const scoresOf = (scores: readonly Score[]): string[] =>
  scoresInOrder(scores).map(({ kind, score }) => humanise(scoreWords(kind, score)));
/** The latest of each kind; of two at one time the lower, as on the record. */
function latestScores(a: Shown, b: Shown): Score[] {
  const sorted = [...a.scores, ...b.scores].sort((x, y) => y.answeredAt - x.answeredAt || x.score - y.score);
  return sorted.filter(({ kind }, index) => sorted.findIndex((one) => one.kind === kind) === index);
}

const stagesOf = ({ stage }: Shown): string[] => (stage === null ? [] : [stageTitle(stage)]);

/** Consent, addresses not written to, stage, owner, tags and scores; lines that say nothing are left out. */
export function comparedLines(a: Shown, b: Shown): ComparedLine[] {
  const [mine, theirs] = [ownerOf(a), ownerOf(b)];
  const stages = [stagesOf(a), stagesOf(b)] as const;
  const lines: ComparedLine[] = [
    ['Consent', consentLines(a, b)],
    ['Not written to', [once(suppressedOf(a)), once(suppressedOf(b)), once(suppressedOf(a), suppressedOf(b))]],
    ['Stage', [...stages, stages.flat().length > 0 ? ['Worked out anew from both'] : []]],
    ['Looked after by', [namesOf(mine), namesOf(theirs), namesOf(later(mine, theirs))]],
    ['Tags', [tagsOf(a), tagsOf(b), once(tagsOf(a), tagsOf(b))]],
    ['Latest scores', [scoresOf(a.scores), scoresOf(b.scores), scoresOf(latestScores(a, b))]],
  ];
  return lines.filter(([, values]) => values.some((list) => list.length > 0));
}
