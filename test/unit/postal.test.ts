import { describe, expect, it } from 'vitest';
import type { Json } from '../../schema/touchpoint.ts';
import { postalKey } from '../../worker/record/identity/postal-key.ts';
import { postal } from '../../worker/sources/postal.ts';
import paddle from '../../worker/sources/providers/paddle.ts';
import { translateWith } from '../support/fixtures.ts';

/** One address in the words of each sender that tells addresses: all of them come to one. */
const WAYS: Readonly<Record<string, Json>> = {
  'Shopify, Square beside its own': {
    address1: '5 Oak Road',
    address2: 'Flat 2',
    zip: 'N1 9GU',
    city: 'London',
    country_code: 'GB',
  },
  WooCommerce: { address_1: '5 Oak Rd', address_2: 'Flat 2', postcode: 'N1 9GU', city: 'London', country: 'GB' },
  BigCommerce: {
    street_1: '5 Oak Road',
    street_2: 'Flat 2',
    zip: 'N19GU',
    city: 'London',
    country_iso2: 'GB',
    country: 'United Kingdom',
  },
  'Adobe Commerce': { street: ['5 Oak Road', 'Flat 2'], postcode: 'N1 9GU', city: 'London', country_id: 'GB' },
  'Adobe Commerce, as one text': { street: '5 Oak Road\nFlat 2', postcode: 'N1 9GU', city: 'London', country_id: 'GB' },
  Ecwid: { street: '5 Oak Road, Flat 2', postalCode: 'N1 9GU', city: 'London', countryCode: 'GB' },
  Square: {
    address_line_1: '5 Oak Road',
    address_line_2: 'Flat 2',
    postal_code: 'N1 9GU',
    locality: 'London',
    country: 'GB',
  },
  'Stripe, PayPal': { line1: '5 Oak Road', line2: 'Flat 2', postal_code: 'n1 9gu', city: 'London', country: 'GB' },
  'PayPal, second API': {
    address_line_1: '5 Oak Road',
    address_line_2: 'Flat 2',
    admin_area_2: 'London',
    postal_code: 'N1 9GU',
    country_code: 'GB',
  },
  Paddle: {
    first_line: '5 Oak Road',
    second_line: 'Flat 2',
    postal_code: 'N1 9GU',
    city: 'London',
    country_code: 'GB',
  },
  'Segment, RudderStack': {
    street: 'Flat 2, 5 Oak Road',
    postalCode: 'N1 9GU',
    city: 'London',
    country: 'United Kingdom',
  },
};
const WANTED = 'GB|n19gu|oakrd|5/2';

describe('an address is read as it is written by', () => {
  for (const [sender, written] of Object.entries(WAYS))
    it(sender, () => {
      const [address] = postal(written).addresses ?? [];
      expect(address && postalKey(address)).toBe(WANTED);
    });
});

it('nothing is read where no street stands, or no address', () => {
  for (const written of [
    {},
    { city: 'London', country: 'GB' },
    { line1: null, postal_code: 'N1' },
    { line1: '  ' },
    null,
    'Oak Road 5',
    [1],
  ])
    expect(postal(written)).toEqual({});
});

it('an address that is a thing of its own belongs to the customer it names', () => {
  const told = (data: Json) => {
    const payload = { event_type: 'address.created', event_id: 'evt_1', occurred_at: '2026-01-01T00:00:00Z', data };
    const body = new TextEncoder().encode(JSON.stringify(payload));
    const url = new URL('http://rapport.test/in/x');
    return translateWith(paddle, { method: 'POST', url, headers: new Headers(), body }, payload, {});
  };
  expect(
    told({ id: 'add_1', customer_id: 'ctm_1', first_line: '5 Oak Road', postal_code: 'N1 9GU', country_code: 'GB' }),
  ).toMatchObject({
    ok: true,
    touchpoints: [
      { kind: 'customer_updated', person: { key: 'customer:ctm_1', addresses: [{ lines: ['5 Oak Road'] }] } },
    ],
  });
  expect(told({ id: 'add_1' }).ok).toBe(false);
});
