import { rsaPair, signRsa, spkiPem } from '../certificate.ts';
import type { Sender } from '../senders.ts';

/** Two keys are as good as many: a forger has the other one. */
const [own, others] = [rsaPair(), rsaPair()];
const pairs = new Map([own, others].map((pair) => [spkiPem(pair), pair]));
const isOther = (seed: string): boolean => /^(?:forger|other)| rotated$/.test(seed);

const sender: Sender = {
  recorded: ['adobecommerce'],
  sign: (body, { secret }) => {
    const signature = signRsa(pairs.get(secret) ?? own, Buffer.from(body).toString('base64'));
    return { headers: { 'x-adobe-commerce-webhook-signature': signature }, body };
  },
  secretOf: (seed) => spkiPem(isOther(seed) ? others : own),
};

export default sender;
