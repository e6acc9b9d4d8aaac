/** What the demo shop sells. Prices in cents of a euro. */
export type Good = {
  readonly sku: string;
  readonly title: string;
  readonly note: string;
  readonly priceMinor: number;
  readonly picture: 'teapot' | 'cup' | 'caddy' | 'bowl' | 'leaves' | 'whisk';
};

export const SHOP_NAME = 'Harbour & Hare';
export const CURRENCY = 'EUR';

export const GOODS: readonly [Good, ...Good[]] = [
  {
    sku: 'POT-1',
    title: 'Quay teapot',
    note: 'Stoneware, 0.9 litre, pours without a drip.',
    priceMinor: 5400,
    picture: 'teapot',
  },
  {
    sku: 'CUP-2',
    title: 'Pair of tide cups',
    note: 'Thrown by hand, glazed like wet slate.',
    priceMinor: 3200,
    picture: 'cup',
  },
  {
    sku: 'OOL-100',
    title: 'Mist oolong, 100 g',
    note: 'Half-open leaves, orchid and warm bread.',
    priceMinor: 1850,
    picture: 'leaves',
  },
  {
    sku: 'CAD-1',
    title: 'Hare caddy',
    note: 'Keeps a month of tea dry; the lid is the cup.',
    priceMinor: 2600,
    picture: 'caddy',
  },
  {
    sku: 'BWL-3',
    title: 'Matcha bowl',
    note: 'Wide enough to whisk in, small enough to hold.',
    priceMinor: 4100,
    picture: 'bowl',
  },
  {
    sku: 'WSK-1',
    title: 'Bamboo whisk',
    note: 'Eighty tines, with a stand to dry on.',
    priceMinor: 1600,
    picture: 'whisk',
  },
];
