import { STAGES, type Stage } from '../../../schema/vocabulary.ts';
import { type RuleTest, testsOf } from '../segments/rule.ts';
import { because, holds, turningPoints, whyNot } from './ask.ts';
import { type Course, momentsOf, type Override } from './course.ts';
import { datedField, type Reading } from './dated.ts';
import { RULED, type StageRules } from './rules.ts';
import { type Basis, Standing } from './standing.ts';

/** What a stage rests on: a field, and what it said. */
export type Because = {
  readonly field: string;
  readonly argument: string | null;
  readonly value: number | boolean | null;
};
/** Who brought a change about; `neither`: time alone, or new rules. `staff`: set by hand. */
export type Initiator = 'customer' | 'company' | 'neither' | 'staff';
/** A stretch of a relationship in one stage. */
export type Stretch = {
  readonly stage: Stage;
  /** Epoch ms; null: it lasts. */
  readonly from: number;
  readonly to: number | null;
  /** Which version of the rules says so; null where staff set it. */
  readonly version: number | null;
  readonly initiator: Initiator;
  readonly because: readonly Because[];
  /** Touchpoints it rests on, by `seq`. */
  readonly evidence: readonly number[];
  readonly reason: string | null;
  readonly actor: string | null;
};
export type History = {
  /** Oldest first, without gaps from the first touchpoint on. */
  readonly stretches: readonly Stretch[];
  /** When time alone would next change the stage; null: never. */
  readonly nextAt: number | null;
  /** How the person stands now. */
  readonly standing: Standing;
};

/** More touchpoints behind one change say nothing more. */
const MAX_EVIDENCE = 5;

type Judged = { readonly stage: Stage; readonly rules: StageRules | null; readonly override: Override | null };

const isStage = (word: string | null): word is Stage => STAGES.some((stage) => stage === word);

/** Versions from the newest on: at a moment the newest that judges it stands. */
function rulesAt(versions: readonly StageRules[], now: number): StageRules {
  const rules = versions.find(({ validFrom }) => validFrom <= now) ?? versions.at(-1);
  if (!rules) throw new Error('there are no rules of stages');
  return rules;
}

/** What staff had set at a moment: the latest word of theirs that had not run out, unless it gives the stage back to the rules. */
function overrideAt(overrides: readonly Override[], now: number): Override | null {
  const said = overrides.findLast(({ at, until }) => at <= now && (until === null || now < until));
  return said && isStage(said.stage) ? said : null;
}

/** What a reason shows of a value: two decimals; of what happened again and again, how often. */
function plain(value: Reading): Because['value'] {
  if (typeof value === 'object' && value !== null) return value.length;
  return typeof value === 'number' ? Math.round(value * 100) / 100 : value;
}

function judge(standing: Standing, rules: StageRules, now: number): Stage {
  return RULED.find((stage) => holds(rules.rules[stage], standing, now)) ?? 'awareness';
}

/** The stages of a person, from what happened, the rules and what staff have set. Pure, and blind to the order of arrival. */
export function stageHistory(course: Course, versions: readonly StageRules[], now: number): History {
  return new Walk(course, versions, now).history();
}

class Walk {
  readonly #course: Course;
  readonly #now: number;
  readonly #stretches: Stretch[] = [];
  readonly #standing: Standing;
  readonly #overrides: readonly Override[];
  readonly #versions: readonly StageRules[];
  /** Moments at which what judges changes: new rules, and what staff set. */
  readonly #edges: readonly number[];
  /** All that any version asks. */
  readonly #tests: readonly RuleTest[];
  #last: Judged | null = null;

  constructor(course: Course, versions: readonly StageRules[], now: number) {
    this.#course = course;
    this.#now = now;
    this.#standing = new Standing(course.contacts);
    this.#versions = versions.toSorted((a, b) => b.version - a.version);
    this.#tests = versions.flatMap(({ rules }) => RULED.flatMap((stage) => testsOf(rules[stage])));
    this.#overrides = course.overrides;
    this.#edges = [
      ...versions.map(({ validFrom }) => validFrom),
      ...course.overrides.flatMap(({ at, until }) => (until === null ? [at] : [at, until])),
    ];
  }

  history(): History {
    const moments = momentsOf(this.#course, this.#now);
    for (const [index, moment] of moments.entries()) {
      this.#standing.apply(moment);
      this.#look(moment.at);
      this.#wait(moment.at, moments[index + 1]?.at ?? this.#now + 1);
    }
    const last = moments.length > 0 ? this.#next() : null;
    return { stretches: this.#stretches, nextAt: last, standing: this.#standing };
  }

  #judge(now: number): Judged {
    const override = overrideAt(this.#overrides, now);
    if (override && isStage(override.stage)) return { stage: override.stage, rules: null, override };
    const rules = rulesAt(this.#versions, now);
    return { stage: judge(this.#standing, rules, now), rules, override: null };
  }

  /** Moments after one and before another at which the answer may change though nothing happens. */
  #turns(after: number, before: number): number[] {
    const isBetween = (turn: number): boolean => turn > after && turn < before;
    const turns = turningPoints(this.#tests, this.#standing, after).filter(isBetween);
    const edges = this.#edges.filter(isBetween);
    return turns.length + edges.length < 2
      ? [...turns, ...edges]
      : [...new Set([...turns, ...edges])].sort((a, b) => a - b);
  }

  #wait(after: number, before: number): void {
    if (before > after + 1) for (const turn of this.#turns(after, before)) this.#look(turn);
  }

  /** When the stage will next be another one, if nothing happens. */
  #next(): number | null {
    const isOther = (turn: number): boolean => {
      const { stage, override } = this.#judge(turn);
      return stage !== this.#last?.stage || override !== this.#last.override;
    };
    return this.#turns(this.#now, Number.POSITIVE_INFINITY).find(isOther) ?? null;
  }

  /** Looks at a moment, and begins a new stretch where the stage, or who says it, is another one. */
  #look(now: number): void {
    const judged = this.#judge(now);
    if (this.#last && judged.stage === this.#last.stage && judged.override === this.#last.override) return;
    const open = this.#stretches.at(-1);
    if (open) this.#stretches[this.#stretches.length - 1] = { ...open, to: now };
    this.#stretches.push(judged.override ? this.#setByHand(judged, judged.override, now) : this.#ruled(judged, now));
    this.#last = judged;
  }

  #setByHand({ stage }: Judged, { reason, actor }: Override, from: number): Stretch {
    return { stage, from, to: null, version: null, initiator: 'staff', because: [], evidence: [], reason, actor };
  }

  #ruled({ stage, rules }: Judged, from: number): Stretch {
    const standing = this.#standing;
    const tests = rules ? [...this.#fallen(stage, rules, from), ...this.#reached(stage, rules, from)] : [];
    const asked = new Map(tests.map(({ field, argument }) => [`${field} ${argument ?? ''}`, { field, argument }]));
    if (asked.size === 0) asked.set('touchpoints', { field: 'touchpoints', argument: null });
    const read = [...asked.values()].map(({ field, argument }) => ({
      field,
      argument,
      value: plain(datedField(field).read(standing, from, argument)),
      basis: datedField(field).basis(standing, argument),
    }));
    const bases = read.flatMap(({ value, basis }) => (basis && value !== null && value !== false ? [basis] : []));
    return {
      stage,
      from,
      to: null,
      version: rules?.version ?? null,
      initiator: this.#initiatorAt(from, bases),
      because: read.map(({ field, argument, value }) => ({ field, argument, value })),
      evidence: [...new Set(bases.flatMap(({ seqs }) => seqs))].sort((a, b) => a - b).slice(0, MAX_EVIDENCE),
      reason: null,
      actor: null,
    };
  }

  #reached(stage: Stage, rules: StageRules, now: number): readonly RuleTest[] {
    return stage === 'awareness' ? [] : because(rules.rules[stage], this.#standing, now);
  }

  /** What the stage before missed, where it would stand over this one. */
  #fallen(stage: Stage, rules: StageRules, now: number): readonly RuleTest[] {
    const before = this.#last?.rules ? this.#last.stage : null;
    if (before === null || before === 'awareness' || before === 'dissolution' || stage === 'dissolution') return [];
    if (stage !== 'awareness' && RULED.indexOf(before) > RULED.indexOf(stage)) return [];
    return holds(rules.rules[before], this.#standing, now) ? [] : whyNot(rules.rules[before], this.#standing, now);
  }

  /** Who did what happened at this moment, above all what the change rests on; neither when nothing did. */
  #initiatorAt(now: number, bases: readonly Basis[]): Initiator {
    const behind = bases.filter(({ at }) => at === now).map(({ initiator }) => initiator);
    const others = this.#course.contacts.filter(({ at }) => at === now).map(({ initiator }) => initiator);
    const found = [...behind, ...others].find((initiator) => initiator === 'customer' || initiator === 'company');
    return found === 'customer' || found === 'company' ? found : 'neither';
  }
}
