import type { VNode } from 'preact';
import type { Good } from './goods.ts';

/** The goods, drawn. Colours are classes of the shop's stylesheet, so that they follow light and dark. */
const PICTURES: Readonly<Record<Good['picture'], VNode>> = {
  teapot: (
    <>
      <path class="line" d="M142 78c22-6 34 8 30 26s-22 22-34 16" />
      <path class="glaze" d="M62 96C46 92 36 78 26 62l12-4c8 12 16 18 28 18z" />
      <path class="glaze" d="M56 104a46 40 0 0 1 92 0c0 22-18 36-46 36s-46-14-46-36z" />
      <path class="clay" d="M60 118a46 40 0 0 0 84 0c-8 14-22 22-42 22s-34-8-42-22z" />
      <ellipse class="shade" cx="102" cy="68" rx="28" ry="7" />
      <circle class="clay" cx="102" cy="56" r="7" />
    </>
  ),
  cup: (
    <>
      <path class="glaze" d="M30 62h58l-7 56a10 10 0 0 1-10 9H47a10 10 0 0 1-10-9z" />
      <ellipse class="shade" cx="59" cy="62" rx="29" ry="7" />
      <path class="clay" d="M36 108h46l-1 10a10 10 0 0 1-10 9H47a10 10 0 0 1-10-9z" />
      <path class="glaze" d="M112 74h58l-7 44a10 10 0 0 1-10 9h-24a10 10 0 0 1-10-9z" />
      <ellipse class="shade" cx="141" cy="74" rx="29" ry="7" />
      <path class="clay" d="M118 108h46l-1 10a10 10 0 0 1-10 9h-24a10 10 0 0 1-10-9z" />
    </>
  ),
  caddy: (
    <>
      <rect class="glaze" x="66" y="58" width="68" height="84" rx="8" />
      <rect class="clay" x="62" y="40" width="76" height="24" rx="7" />
      <path
        class="paper"
        d="M94 118c-14 0-16-20-2-22-6-12-6-22 0-24 5 0 7 10 7 20 2-10 6-18 11-17 5 2 3 14-3 22 12 4 10 21-4 21z"
      />
    </>
  ),
  bowl: (
    <>
      <path class="glaze" d="M32 66h136c0 40-28 66-68 66S32 106 32 66z" />
      <path class="clay" d="M80 130h40l6 12H74z" />
      <ellipse class="shade" cx="100" cy="66" rx="68" ry="14" />
      <ellipse class="tea" cx="100" cy="68" rx="54" ry="9" />
    </>
  ),
  leaves: (
    <>
      <path class="tea" d="M100 132C60 120 46 86 56 44c34 10 52 44 44 88z" />
      <path class="glaze" d="M104 134c-4-38 12-66 46-74 8 38-10 66-46 74z" />
      <path class="line thin" d="M64 60c16 24 28 46 38 84M140 76c-14 18-26 36-38 68" />
    </>
  ),
  whisk: (
    <>
      <path class="clay" d="M90 26h20l4 48H86z" />
      <path
        class="line thin"
        d="M88 74c-24 22-28 44-18 66M94 74c-12 24-14 46-8 68M100 74v70M106 74c12 24 14 46 8 68M112 74c24 22 28 44 18 66"
      />
      <path class="line" d="M86 78h28" />
    </>
  ),
};

export const Picture = ({ of }: { readonly of: Good['picture'] }): VNode => (
  <svg class="picture" viewBox="0 0 200 160" aria-hidden="true">
    <circle class="sun" cx="100" cy="84" r="70" />
    {PICTURES[of]}
  </svg>
);
