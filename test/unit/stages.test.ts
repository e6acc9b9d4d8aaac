import { describe, expect, it } from 'vitest';
import type { Contact, Course, Override } from '../../worker/record/stages/course.ts';
import { type History, stageHistory } from '../../worker/record/stages/history.ts';
import { readRules, type StageRules } from '../../worker/record/stages/rules.ts';
import { defaultRules } from '../support/stages.ts';

/** Transitions of the rules as delivered, over histories made by hand: each threshold just below and at it. */
const DAY = 24 * 3600 * 1000;
const START = Date.UTC(2026, 0, 1);
const day = (n: number): number => START + n * DAY;
const rules = defaultRules();

type Told = Partial<Contact> & { readonly day: number; readonly kind: string };
type Story = {
  readonly contacts?: readonly Told[];
  readonly orders?: readonly (number | { readonly from: number; readonly to: number })[];
  readonly nps?: readonly (readonly [day: number, score: number])[];
  readonly overrides?: readonly Override[];
};

function courseOf({ contacts = [], orders = [], nps = [], overrides = [] }: Story): Course {
  const spans = orders.map((one, index) => ({
    source: 1,
    id: String(index),
    from: day(typeof one === 'number' ? one : one.from),
    to: typeof one === 'number' ? null : day(one.to),
  }));
  const told: readonly Told[] = [
    ...contacts,
    ...spans.map(({ id, from }) => ({ day: (from - START) / DAY, kind: 'order_placed', subject: `order:${id}` })),
    ...nps.map(([on]) => ({ day: on, kind: 'survey_answered' })),
  ];
  const all = told.map(
    ({ day: on, ...rest }, index): Contact => ({
      seq: index + 1,
      source: 1,
      direction: 'in',
      initiator: 'customer',
      subject: null,
      outcome: null,
      at: day(on),
      ...rest,
    }),
  );
  const answers = all.filter(({ kind }) => kind === 'survey_answered').slice(-nps.length || all.length);
  return {
    contacts: all,
    orders: spans,
    scores: nps.map(([on, score], index) => ({ seq: answers[index]?.seq ?? 0, kind: 'nps', score, at: day(on) })),
    overrides,
  };
}

const historyOf = (story: Story, now: number, versions: readonly StageRules[] = [rules]): History =>
  stageHistory(courseOf(story), versions, day(now));
/** `exploration 0, expansion 10`: the stages with the day each began. */
const path = ({ stretches }: History): string =>
  stretches.map(({ stage, from }) => `${stage} ${Math.round(((from - START) / DAY) * 100) / 100}`).join(', ');
const stageOn = (story: Story, now: number) => historyOf(story, now).stretches.at(-1)?.stage;

describe('a relationship', () => {
  it('begins with being seen, and is explored once both have talked', () => {
    const seen = [
      { day: 0, kind: 'page_viewed' },
      { day: 1, kind: 'email_sent', direction: 'out', initiator: 'company' },
    ];
    expect(path(historyOf({ contacts: seen }, 5))).toBe('awareness 0');
    const talked = [...seen, { day: 2, kind: 'form_submitted' }];
    expect(path(historyOf({ contacts: talked }, 5))).toBe('awareness 0, exploration 2');
    const called = [...seen, { day: 2, kind: 'call_logged', direction: 'out', initiator: 'company' }];
    expect(historyOf({ contacts: called }, 5).stretches.at(-1)).toMatchObject({
      stage: 'exploration',
      initiator: 'company',
    });
  });

  it('is explored with the first order and expands with the second', () => {
    expect(path(historyOf({ orders: [3] }, 5))).toBe('exploration 3');
    expect(path(historyOf({ orders: [3, 13] }, 15))).toBe('exploration 3, expansion 13');
  });

  it('does not expand by an order that is cancelled', () => {
    expect(path(historyOf({ orders: [3, { from: 13, to: 14 }] }, 15))).toBe(
      'exploration 3, expansion 13, exploration 14',
    );
  });

  it('is explored again once the next order is late by half the usual time, 45 days at least', () => {
    const orders = [0, 40];
    expect(stageOn({ orders }, 40 + 60 - 0.01)).toBe('expansion');
    expect(stageOn({ orders }, 40 + 60)).toBe('exploration');
    expect(stageOn({ orders: [0, 10] }, 10 + 44)).toBe('expansion');
    expect(stageOn({ orders: [0, 10] }, 10 + 45.01)).toBe('exploration');
  });

  it('is committed with four orders and a recommendation, not with one of the two', () => {
    const four = [0, 30, 60, 90];
    expect(stageOn({ orders: four }, 91)).toBe('expansion');
    expect(stageOn({ orders: four.slice(1), nps: [[91, 10]] }, 92)).toBe('expansion');
    expect(stageOn({ orders: four, nps: [[91, 8]] }, 92)).toBe('expansion');
    expect(stageOn({ orders: four, nps: [[91, 9]] }, 92)).toBe('commitment');
    expect(stageOn({ orders: four, contacts: [{ day: 91, kind: 'referral_made' }] }, 92)).toBe('commitment');
  });

  it('is committed by a subscription for as long as it runs', () => {
    const contacts = [
      { day: 0, kind: 'subscription_started', subject: 'subscription:1' },
      { day: 50, kind: 'subscription_cancelled', subject: 'subscription:1' },
    ];
    expect(path(historyOf({ contacts, orders: [1] }, 49))).toBe('commitment 0');
    expect(path(historyOf({ contacts, orders: [1] }, 60))).toBe('commitment 0, exploration 50');
  });

  it('is committed no more when an order is overdue', () => {
    const story = { orders: [0, 40, 80, 120], nps: [[121, 10]] as const };
    expect(stageOn(story, 120 + 40 - 0.01)).toBe('commitment');
    expect(path(historyOf(story, 300))).toBe(
      'exploration 0, expansion 40, commitment 121, expansion 160, exploration 180, dissolution 240',
    );
  });

  it('ends in silence three times as long as usual, 90 days at least, and nobody has ended it', () => {
    const orders = [0, 40];
    expect(stageOn({ orders }, 40 + 120 - 0.01)).toBe('exploration');
    const ended = historyOf({ orders }, 40 + 120).stretches.at(-1);
    expect(ended).toMatchObject({ stage: 'dissolution', from: day(160), initiator: 'neither', evidence: [2] });
    expect(ended?.because).toContainEqual({ field: 'overdue', argument: null, value: 3 });
    expect(stageOn({ orders: [0, 10] }, 10 + 89)).toBe('exploration');
    expect(stageOn({ orders: [0, 10] }, 10 + 90.01)).toBe('dissolution');
  });

  it('ends 270 days after an only order', () => {
    expect(stageOn({ orders: [0] }, 270)).toBe('exploration');
    expect(stageOn({ orders: [0] }, 270.01)).toBe('dissolution');
  });

  it('ends when the customer closes the account, and says who did', () => {
    const contacts = [{ day: 9, kind: 'account_closed' }];
    expect(historyOf({ orders: [0, 5], contacts }, 10).stretches.at(-1)).toMatchObject({
      stage: 'dissolution',
      initiator: 'customer',
      because: [{ field: 'account closed', argument: null, value: true }],
      evidence: [1],
    });
    const byUs = [{ day: 9, kind: 'account_closed', direction: 'out', initiator: 'company' }];
    expect(historyOf({ orders: [0, 5], contacts: byUs }, 10).stretches.at(-1)?.initiator).toBe('company');
  });

  it('ends with a lost complaint', () => {
    const contacts = [{ day: 9, kind: 'ticket_solved', outcome: 'lost' }];
    expect(stageOn({ orders: [0, 5], contacts }, 10)).toBe('dissolution');
    expect(stageOn({ orders: [0, 5], contacts: [{ day: 9, kind: 'ticket_solved', outcome: 'mended' }] }, 10)).toBe(
      'expansion',
    );
  });

  it('ends when they want no more messages on any way we write to them', () => {
    const written = [
      { day: 1, kind: 'email_sent', direction: 'out', initiator: 'company' },
      { day: 2, kind: 'sms_sent', direction: 'out', initiator: 'company' },
      { day: 3, kind: 'email_unsubscribed' },
    ];
    expect(stageOn({ orders: [0], contacts: written }, 10)).toBe('exploration');
    expect(stageOn({ orders: [0], contacts: [...written, { day: 4, kind: 'sms_unsubscribed' }] }, 10)).toBe(
      'dissolution',
    );
  });

  it('does not end so for who has a subscription', () => {
    const contacts = [
      { day: 0, kind: 'subscription_started' },
      { day: 3, kind: 'email_unsubscribed' },
    ];
    expect(stageOn({ contacts }, 10)).toBe('commitment');
  });

  it('begins again with an order after its end', () => {
    const contacts = [{ day: 9, kind: 'account_closed' }];
    expect(path(historyOf({ orders: [0, 5, 400], contacts }, 401))).toBe(
      'exploration 0, expansion 5, dissolution 9, expansion 400',
    );
  });

  it('is as staff say until they say so no more', () => {
    const until = { stage: 'commitment', at: day(10), until: day(20), actor: 'Ada', reason: 'signed a contract' };
    const history = historyOf({ orders: [0], overrides: [until] }, 30);
    expect(path(history)).toBe('exploration 0, commitment 10, exploration 20');
    expect(history.stretches[1]).toMatchObject({
      initiator: 'staff',
      actor: 'Ada',
      reason: 'signed a contract',
      version: null,
    });
    const before = historyOf({ orders: [0], overrides: [until] }, 15);
    expect(before.nextAt).toBe(day(20));
    const taken = { stage: null, at: day(12), until: null, actor: 'Ada', reason: '' };
    expect(path(historyOf({ orders: [0], overrides: [until, taken] }, 30))).toBe(
      'exploration 0, commitment 10, exploration 12',
    );
  });

  it('keeps its past as earlier rules judged it', () => {
    const texts = { ...rules.texts, expansion: 'orders >= 3' };
    const read = readRules(texts);
    if (!read.ok) throw new Error('the rules do not read');
    const newer: StageRules = { ...rules, version: 2, texts, rules: read.rules, validFrom: day(20) };
    const moved = historyOf({ orders: [0, 10] }, 30, [newer, rules]);
    expect(path(moved)).toBe('exploration 0, expansion 10, exploration 20');
    expect(moved.stretches.at(-1)).toMatchObject({ version: 2, initiator: 'neither' });
    expect(path(historyOf({ orders: [0, 10] }, 30, [{ ...newer, validFrom: 0 }, rules]))).toBe('exploration 0');
  });

  it('tells when it will next change by itself', () => {
    expect(historyOf({ orders: [0] }, 100).nextAt).toBe(day(270) + 1);
    expect(historyOf({ orders: [0, 40] }, 41).nextAt).toBe(day(100));
    expect(historyOf({ contacts: [{ day: 0, kind: 'page_viewed' }] }, 41).nextAt).toBe(null);
  });

  it('of 10,000 touchpoints is worked out in a moment', () => {
    const contacts = Array.from({ length: 10_000 }, (_, index) => ({ day: index / 20, kind: 'page_viewed' }));
    const orders = Array.from({ length: 200 }, (_, index) => index * 2);
    // Time of its own, so that a busy machine does not count.
    const began = process.cpuUsage();
    historyOf({ contacts, orders }, 501);
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(1500);
  });
});

describe('rules of stages', () => {
  const read = (expansion: string) => readRules({ ...rules.texts, expansion });

  it('tell what is wrong beside the stage', () => {
    expect(read('ordres > 2')).toMatchObject({
      ok: false,
      faults: { expansion: expect.stringContaining('Did you mean "orders"') },
    });
    expect(read('orders >')).toMatchObject({ ok: false, faults: { expansion: expect.any(String) } });
    expect(read('')).toMatchObject({ ok: false });
  });

  it('do not ask more than one statement of the database can', () => {
    const long = Array.from({ length: 25 }, (_, index) => `overdue > ${index}`).join(' or ');
    expect(
      readRules({ dissolution: long, commitment: long, expansion: 'orders > 1', exploration: 'orders > 0' }),
    ).toMatchObject({
      ok: false,
      faults: { dissolution: expect.stringContaining('too much together') },
    });
    expect(read(long).ok).toBe(true);
  });

  it('ask only what can be read for a day of the past', () => {
    expect(read('country = "DE"')).toMatchObject({
      ok: false,
      faults: { expansion: expect.stringContaining('known for today only') },
    });
  });
});
