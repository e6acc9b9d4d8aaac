import { describe, expect, it } from 'vitest';
import { HAND_KINDS, kindInDirection, readShorthand, usualChannel } from '../../schema/hand-contact.ts';
import { fc } from '../support/chance.ts';

describe('one line of shorthand', () => {
  it.each([
    ['call 12m asked about the invoice', 'call_logged', 12, 'asked about the invoice'],
    ['Called: 12 min, asked about the invoice', 'call_logged', 12, 'asked about the invoice'],
    ['meeting 1h30 new contract', 'meeting_held', 90, 'new contract'],
    ['met 2 hours at their office', 'meeting_held', 120, 'at their office'],
    ['e-mail sent the offer', 'email_sent', null, 'sent the offer'],
    ['fair liked the glaze', 'event_attended', null, 'liked the glaze'],
    ['call 12 monkeys were delivered', 'call_logged', null, '12 monkeys were delivered'],
    ['call 9999m forever', 'call_logged', null, '9999m forever'],
    ['12m of silence', null, null, '12m of silence'],
    ['calling again tomorrow', null, null, 'calling again tomorrow'],
    ['обади се за фактурата', null, null, 'обади се за фактурата'],
    ['note', 'note_added', null, ''],
    ['', null, null, ''],
  ])('%j', (line, kind, minutes, text) => {
    expect(readShorthand(line)).toEqual({ kind, minutes, text });
  });

  it('never loses a word, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (line) => {
        const { text, kind } = readShorthand(line);
        expect(line.trim().endsWith(text)).toBe(true);
        if (kind === null) expect(text).toBe(line.trim());
      }),
    );
  });
});

describe('the kinds of contact by hand', () => {
  it('have a channel each, but for the one that must say it', () => {
    expect(HAND_KINDS.filter((kind) => usualChannel(kind) === null)).toEqual(['contact_logged']);
  });

  it('turn with the direction where they have a counterpart, and stay otherwise', () => {
    expect(kindInDirection('letter_sent', 'in')).toBe('letter_received');
    expect(kindInDirection('letter_received', 'out')).toBe('letter_sent');
    for (const kind of HAND_KINDS)
      expect(kindInDirection(kindInDirection(kind, 'in'), 'in')).toBe(kindInDirection(kind, 'in'));
    expect(kindInDirection('call_logged', 'in')).toBe('call_logged');
  });
});
