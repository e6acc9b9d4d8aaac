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
  variants: [
    ...['sales_order_creditmemo_save_commit_after', 'sales_order_shipment_save_commit_after'],
    ...['customer_save_commit_after', 'customer_delete_commit_after'],
  ].map((name) => ({ type: `com.adobe.commerce.observer.${name}` })),
};

export default sender;
