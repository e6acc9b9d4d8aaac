import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RULED, type RuleTexts, readRules, type StageRules } from '../../worker/record/stages/rules.ts';

/** The rules as the migration delivers them. */
export function defaultRules(): StageRules {
  const path = fileURLToPath(new URL('../../schema/migrations/0015_stages.sql', import.meta.url));
  const sql = readFileSync(path, 'utf8');
  const texts = Object.fromEntries(
    RULED.map((stage) => [stage, new RegExp(`'${stage}', '([^']+)'`).exec(sql)?.[1] ?? '']),
  ) as RuleTexts;
  const read = readRules(texts);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return { version: 1, texts, rules: read.rules, validFrom: 0, createdAt: 0, actor: 'rapport', note: '' };
}
