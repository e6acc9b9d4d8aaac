import type { Runtime } from '../../platform/env.ts';
import { addWording } from '../../record/consent/wordings.ts';

/** The text beside the box of the demo's contact form. */
export const DEMO_WORDING = {
  version: 'letter-2',
  language: 'en',
  purpose: 'marketing',
  text: 'Send me the letter of the house, about once a month. I can stop it with the link in every letter.',
} as const;

/** The texts the demo business asks with. */
export async function writeWordings(runtime: Runtime): Promise<void> {
  await addWording(runtime, { ...DEMO_WORDING, version: 'letter-1', text: 'Yes, I want the newsletter.' });
  await addWording(runtime, DEMO_WORDING);
}
