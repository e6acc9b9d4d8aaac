import { SEGMENT } from '../expand.ts';
import type { Field } from '../field.ts';

export const segmentFields: readonly Field[] = [
  {
    name: SEGMENT,
    aliases: ['in segment', 'segment is'],
    title: 'Segment',
    help: 'Who belongs to another segment, by its name.',
    example: 'segment "Regular buyers"',
    group: 'Who they are',
    kind: 'set',
    isAlwaysKnown: true,
    // Its rule has been put in its place before; a reference that leads nowhere leads to nobody.
    condition: () => '0',
  },
];
