import { type Rule, testsOf } from './rule.ts';

/** The field by which a rule refers to another segment. */
export const SEGMENT = 'segment';

/** Rules by the names of their segments, in lower case. */
export type RulesByName = ReadonlyMap<string, Rule>;

/** Names of the segments a rule refers to, in lower case. */
export const referencesOf = (rule: Rule): readonly string[] =>
  testsOf(rule).flatMap(({ field, argument }) =>
    field === SEGMENT && argument !== null ? [argument.toLowerCase()] : [],
  );

export type Expanded = { readonly ok: true; readonly rule: Rule } | { readonly ok: false; readonly message: string };

/** No chain of references is longer. */
const MAX_CHAIN = 4;

class Unexpandable extends Error {}

function expandPart(rule: Rule, rules: RulesByName, within: readonly string[]): Rule {
  if (rule.is === 'not') return { is: 'not', part: expandPart(rule.part, rules, within) };
  if (rule.is !== 'test') return { is: rule.is, parts: rule.parts.map((part) => expandPart(part, rules, within)) };
  if (rule.field !== SEGMENT || rule.argument === null) return rule;
  const name = rule.argument.toLowerCase();
  if (within.includes(name)) throw new Unexpandable(`The segment "${rule.argument}" would refer to itself.`);
  if (within.length >= MAX_CHAIN) throw new Unexpandable(`Segments can refer to each other ${MAX_CHAIN} deep at most.`);
  const found = rules.get(name);
  if (!found) throw new Unexpandable(`There is no segment "${rule.argument}".`);
  return expandPart(found, rules, [...within, name]);
}

/**
 * Puts the rules of other segments in the place of what refers to them. `own` is the name of the segment the rule belongs to, which
 * it must not lead back to.
 */
export function expand(rule: Rule, rules: RulesByName, own: string | null = null): Expanded {
  try {
    return { ok: true, rule: expandPart(rule, rules, own === null ? [] : [own.toLowerCase()]) };
  } catch (fault) {
    if (!(fault instanceof Unexpandable)) throw fault;
    return { ok: false, message: fault.message };
  }
}

/** The rule with each reference to a segment by one name turned to another. */
export function renamed(rule: Rule, from: string, to: string): Rule {
  if (rule.is === 'not') return { is: 'not', part: renamed(rule.part, from, to) };
  if (rule.is !== 'test') return { is: rule.is, parts: rule.parts.map((part) => renamed(part, from, to)) };
  const isIt = rule.field === SEGMENT && rule.argument?.toLowerCase() === from.toLowerCase();
  return isIt ? { ...rule, argument: to } : rule;
}
