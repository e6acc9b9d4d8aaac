import { describe, expect, it } from 'vitest';
import { BASES, CONSENT_CHANNELS, PURPOSES, SUPPRESSIONS } from '../../schema/consent.ts';
import { ASSURANCES } from '../../schema/customer.ts';
import { questionKinds } from '../../schema/questions.gen.ts';
import { LOCALES } from '../../schema/survey.ts';
import * as vocabulary from '../../schema/vocabulary.ts';
import { fileCatalogues } from '../../widgets/locales/pages/file/catalogues.ts';
import { TEMPLATES } from '../../worker/outbox/templates.ts';
import { speechIn } from '../../worker/pages/preferences/speech.ts';
import { tableTitle, valueWords } from '../../worker/pages/privacy/file-words.ts';
import { rules } from '../../worker/reactions/rules.ts';
import { OUTCOMES } from '../../worker/record/deliveries.ts';
import { HOLDINGS } from '../../worker/record/erasure/holdings.ts';

/** What a person is handed is in their language: whoever adds a table, a column or a code says what it is called. */
const keys = Object.keys(fileCatalogues.en);
const camel = (column: string): string => column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const exported = HOLDINGS.filter(({ isExported }) => isExported);

describe('the file of a person', () => {
  it('has a title for every table that is handed over', () => {
    expect(exported.map(({ table }) => `file.table.${table}`).filter((key) => !keys.includes(key))).toEqual([]);
  });

  it('has a name for every column that is handed over', () => {
    const columns = exported.flatMap(({ columns }) =>
      Object.entries(columns).flatMap(([column, fate]) => (fate === 'link' ? [] : [camel(column)])),
    );
    const named = [...columns, 'source', 'knownAs', 'organisation', 'fragmentA', 'fragmentB'];
    expect(named.filter((column) => !keys.includes(`file.column.${column}`))).toEqual([]);
  });

  it('has a word for every code of ours', () => {
    const { CORE_KINDS, CHANNELS, DIRECTIONS, INITIATORS, PHASES, HANDLERS, PARTIES, STAGES, RELATIONSHIPS } =
      vocabulary;
    const codes = [
      ...[CORE_KINDS, CHANNELS, DIRECTIONS, INITIATORS, PHASES, HANDLERS, PARTIES, STAGES, RELATIONSHIPS],
      ...[BASES, CONSENT_CHANNELS, PURPOSES, SUPPRESSIONS, ASSURANCES, OUTCOMES, Object.keys(TEMPLATES)],
      ...[questionKinds.map(({ kind }) => kind), rules.map(({ id }) => id)],
      ['granted', 'denied', 'none', 'suppressed', 'lifted', 'waiting', 'sent', 'not_sent', 'link', 'refuse'],
    ].flat();
    expect(codes.filter((code) => !keys.includes(`file.word.${code}`))).toEqual([]);
  });

  it.each([...LOCALES])('says nothing in English in %s', (locale) => {
    const same = Object.entries(fileCatalogues[locale]).filter(([key, word]) => word === fileCatalogues.en[key]);
    // Words that are the same, and what is all placeholders.
    if (locale !== 'en')
      expect(
        same.filter(([, word]) => !/^(\{|SMS$|Partner$|E-mail$|Status$|Data$|Problem$|Limit$)/.test(word)),
      ).toEqual([]);
  });

  it('leaves alone what people wrote, and makes words of a code that nobody has heard of', () => {
    const speech = speechIn('bg');
    expect(valueWords(speech, 'text', 'order_placed', {})).toBe('order_placed');
    expect(valueWords(speech, 'kind', 'warranty_claimed', {})).toBe('Warranty claimed');
    expect(valueWords(speech, 'value', 'prospect', { field: 'party' })).toBe('Възможен клиент');
    expect(valueWords(speech, 'value', 'prospect', { field: 'company' })).toBe('prospect');
    expect(valueWords(speech, 'actor', '0192f0c1-0000-7000-8000-000000000000', {})).toBe('Наши служители');
    expect(valueWords(speech, 'isOver', 1, {})).toBe('да');
    expect(tableTitle(speech, 'nothing_known', 'something new')).toBe('Something new');
  });
});
