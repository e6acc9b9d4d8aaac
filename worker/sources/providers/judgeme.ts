import type { Json, PersonInput } from '../../../schema/touchpoint.ts';
import { email, identifiers, own, personKey, phone } from '../person.ts';
import type { Provider, SetupStep, TranslateContext, Translation } from '../provider.ts';
import {
  idOf,
  isObject,
  type JsonObject,
  known,
  knownTexts,
  misfit,
  NAME_LIMIT,
  noSettings,
  numberOf,
  objectOf,
  plainText,
  textOf,
  timeOf,
} from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { anyOf, type SignatureScheme, signatureVerifier, signedHeaders } from '../verify.ts';

/**
 * https://help.judge.me/en/articles/8299679-verifying-webhooks-from-judge-me: HMAC-SHA256 of the body with the secret of the
 * OAuth app that made the webhook. How it is spelled is not written down, so that both usual spellings are read.
 */
const hex: SignatureScheme = {
  algorithm: 'SHA-256',
  header: 'JUDGEME-V2-HMAC-SHA256',
  layout: { as: 'plain' },
  encoding: 'hex',
  signed: '{body}',
};
const verifySignature = anyOf([signatureVerifier(hex), signatureVerifier({ ...hex, encoding: 'base64' })]);

/** Webhooks made without an OAuth app have no secret to sign with: then the key in the address is what is known. */
const verify: Provider['verify'] = async (delivery, context) =>
  context.secrets.some((secret) => secret.trim() !== '') ? verifySignature(delivery, context) : { ok: true };

const setup: readonly SetupStep[] = [
  {
    text: 'Webhooks of Judge.me are made by its API. In your Judge.me admin open Settings, Integrations, "View API tokens" and copy the private token.',
  },
  {
    text: 'Send POST https://judge.me/api/v1/webhooks?shop_domain={shop}.myshopify.com&api_token={private token} with the body {"webhook": {"key": "review/created", "url": "{this address}"}}. Do not show the address to anybody: who knows it can send reviews.',
    copy: 'url',
  },
  { text: 'Do the same with the key "review/updated", so that changed stars are noticed.' },
  {
    text: 'If an OAuth app of yours makes the webhook, paste its secret here as the secret: then unsigned reviews are refused.',
    copy: 'secret',
  },
];

/** What Judge.me calls a review whose writer it has matched to an order. */
const PROVEN_BUYERS: readonly string[] = ['buyer', 'verified-buyer', 'confirmed-buyer'];

/**
 * Anybody can review under any address. Only when the shop has matched the reviewer to an order is it a known customer;
 * otherwise it is a claim, under a key of its own so that it never joins the buyer of that address.
 */
function personOf(reviewer: JsonObject, isBuyer: boolean, fallback: string): PersonInput {
  const assurance = isBuyer ? 'asserted' : 'claimed';
  const list = identifiers(
    isBuyer ? own('customer', reviewer.external_id, 'asserted') : null,
    email(reviewer.email, assurance),
    phone(reviewer.phone, null, assurance),
  );
  const address = list.find(({ kind }) => kind === 'email')?.value;
  const claimed = address === undefined ? fallback : `reviewer:${address}`;
  return {
    key: isBuyer ? personKey(list, fallback) : claimed,
    identifiers: list,
    profile: knownTexts({ name: textOf(reviewer.name, NAME_LIMIT) }),
  };
}

function translate(payload: Json, _delivery: unknown, { bodyHash }: TranslateContext): Translation {
  if (!isObject(payload)) return misfit('$', 'expected an object');
  const event = textOf(payload.event) ?? 'no event';
  if (event !== 'review/created' && event !== 'review/updated') return { ok: true, ignored: event };
  const review = objectOf(payload.review);
  const id = idOf(review.id);
  if (id === null) return misfit('$.review.id', 'expected the id of the review');
  const curated = textOf(review.curated);
  if (curated === 'spam') return { ok: true, ignored: 'review marked as spam' };
  const reviewer = objectOf(review.reviewer);
  const verified = textOf(review.verified);
  const isBuyer = PROVEN_BUYERS.includes(verified ?? '');
  const product = idOf(review.product_external_id);
  const isNew = event === 'review/created';
  const text = [textOf(review.title), plainText(review.body)].filter((part) => part !== null).join('\n\n');
  const touchpoint = {
    // A review is posted once; each change of it is another message.
    messageId: isNew ? `review:${id}` : `review:${id}:${bodyHash}`,
    kind: isNew ? 'review_posted' : 'review_updated',
    channel: 'shop',
    direction: 'in',
    initiator: 'customer',
    phase: 'service',
    occurredAt: timeOf(isNew ? review.created_at : review.updated_at),
    subject: product === null ? `review:${id}` : `product:${product}`,
    score: numberOf(review.rating),
    text: textOf(text, 5000),
    person: personOf(reviewer, isBuyer, `review:${id}`),
    data: known({
      externalId: id,
      shopCustomerId: idOf(reviewer.external_id),
      product: textOf(review.product_title),
      status: curated,
      published: review.published === false ? false : null,
      verifiedBuyer: isBuyer,
    }),
  } as const;
  return { ok: true, touchpoints: [touchpoint] };
}

async function sample({ secret, now, seed }: Parameters<Provider['sample']>[0]) {
  const { first, last, email: address, number } = samplePerson(seed);
  const at = new Date(now).toISOString();
  const body = JSON.stringify({
    review: {
      id: number,
      title: 'Just right',
      body: 'The teapot pours without a drip.',
      rating: 5,
      product_external_id: 4400,
      product_title: 'Enamel teapot',
      reviewer: { id: number + 1, external_id: number + 2, email: address, name: `${first} ${last}` },
      curated: 'ok',
      published: true,
      verified: 'buyer',
      created_at: at,
      updated_at: at,
    },
    event: 'review/created',
    shop_domain: 'sample.myshopify.com',
    platform: 'shopify',
  });
  const signature = secret === '' ? {} : await signedHeaders(hex, { secret, body, now });
  return { headers: { 'Content-Type': 'application/json', ...signature }, body };
}

const judgeme: Provider = {
  kind: 'judgeme',
  title: 'Judge.me',
  summary: 'Product reviews with their stars, and who wrote them.',
  group: 'shop',
  door: 'webhook',
  secret: 'optional',
  setup,
  parseSettings: noSettings,
  verify,
  translate,
  sample,
};

export default judgeme;
