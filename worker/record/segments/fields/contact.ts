import type { Field } from '../field.ts';
import { numberField, timeField } from '../shapes.ts';

/** What is counted on the record with every touchpoint. */
export const contactFields: readonly Field[] = [
  numberField(
    {
      name: 'touchpoints',
      aliases: ['touchpoint count', 'contacts', 'number of touchpoints'],
      title: 'Touchpoints',
      help: 'How many contacts there were in all.',
      example: 'touchpoints >= 10',
      group: 'Contact',
      isAlwaysKnown: true,
    },
    'c.touchpoints',
  ),
  timeField(
    {
      name: 'first touchpoint',
      aliases: ['first contact', 'first seen', 'known since'],
      title: 'First touchpoint',
      help: 'When the first contact happened.',
      example: 'first touchpoint since 2026-01-01',
      group: 'Contact',
    },
    'c.first_at',
  ),
  timeField(
    {
      name: 'last touchpoint',
      aliases: ['last contact', 'last seen', 'last heard of'],
      title: 'Last touchpoint',
      help: 'When the latest contact happened.',
      example: 'last touchpoint before 90 days',
      group: 'Contact',
    },
    'c.last_at',
  ),
];
