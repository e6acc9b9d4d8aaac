import type { ComponentChildren, VNode } from 'preact';
import type { DemoSources } from './demo-sources.ts';
import { CURRENCY, GOODS, SHOP_NAME } from './goods.ts';
import type { PlacedOrder } from './orders.ts';
import { Picture } from './pictures.tsx';

const price = (minor: number): string =>
  new Intl.NumberFormat('en', { style: 'currency', currency: CURRENCY }).format(minor / 100);

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cpath d='M4 12h20a10 10 0 0 1-20 4zM24 13a5 5 0 0 1 0 9' fill='%231f5f5b' stroke='%231f5f5b' stroke-width='2'/%3E%3C/svg%3E";

type ShopDocument = { readonly snippet?: string; readonly children: ComponentChildren };

function ShopDocument({ snippet, children }: ShopDocument): VNode {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{`${SHOP_NAME}: tea and ceramics`}</title>
        <link rel="icon" href={ICON} />
        <link rel="stylesheet" href="/demo/shop.css" />
        {snippet && <script async src={snippet} />}
      </head>
      <body>{children}</body>
    </html>
  );
}

const Bar = (): VNode => (
  <header class="wrap bar">
    <span class="brand">{SHOP_NAME}</span>
    <nav aria-label="Shop">
      <a href="#goods">Teas and pots</a>
      <a href="#contact">Write to us</a>
      <a href="/">Dashboard</a>
    </nav>
  </header>
);

/** What happened to the order, where to see it, and what the shop can do next. */
function OrderNotice({ order }: { readonly order: PlacedOrder }): VNode {
  const state = order.isRefunded ? 'was refunded' : order.isSent ? 'is on its way' : 'was placed';
  return (
    <section class="notice" role="status" aria-label="Your order">
      <p>
        <strong>
          Order {order.number} {state}
        </strong>
        , {price(order.totalMinor)}. It is on{' '}
        <a href={`/customers/${order.customerId}`}>the record of {order.customerName ?? 'this customer'}</a> already.
      </p>
      <form method="post" action="/demo/order" class="row">
        <input type="hidden" name="order" value={order.id} />
        {!order.isSent && (
          <button class="plain" type="submit" name="act" value="send">
            Send the parcel
          </button>
        )}
        {!order.isRefunded && (
          <button class="plain" type="submit" name="act" value="refund">
            Refund it
          </button>
        )}
      </form>
    </section>
  );
}

const Goods = (): VNode => (
  <form method="post" action="/demo/buy" id="goods">
    <h2>Buy something</h2>
    <div class="buyer">
      <label>
        Your name
        <input name="name" autocomplete="off" required maxLength={100} value="Ottoline Marsh" />
      </label>
      <label>
        Your e-mail address
        <input
          name="email"
          type="email"
          autocomplete="off"
          required
          maxLength={200}
          value="ottoline.marsh@example.com"
        />
      </label>
    </div>
    <ul class="goods">
      {GOODS.map(({ sku, title, note, priceMinor, picture }) => (
        <li key={sku} class="good">
          <Picture of={picture} />
          <h3>{title}</h3>
          <p>{note}</p>
          <div class="foot">
            <span class="price">{price(priceMinor)}</span>
            <button type="submit" name="sku" value={sku} aria-label={`Buy ${title}`}>
              Buy
            </button>
          </div>
        </li>
      ))}
    </ul>
  </form>
);

const Contact = ({ formKey, isSent }: { readonly formKey: string; readonly isSent: boolean }): VNode => (
  <section class="section" id="contact">
    <h2>Write to us</h2>
    {isSent && (
      <p class="notice" role="status">
        Thank you, your message has arrived.
      </p>
    )}
    <form class="contact" method="post" action={`/f/${formKey}`}>
      <input type="hidden" name="_next" value="/demo?written=1#contact" />
      <label>
        Name
        <input name="name" autocomplete="off" maxLength={100} />
      </label>
      <label>
        E-mail address
        <input name="email" type="email" autocomplete="off" required maxLength={200} />
      </label>
      <label>
        Message
        <textarea name="message" rows={4} required maxLength={5000} />
      </label>
      <div class="trap" aria-hidden="true">
        <label>
          Leave this empty
          <input name="_gotcha" tabIndex={-1} autocomplete="off" />
        </label>
      </div>
      <button type="submit">Send</button>
    </form>
  </section>
);

export type ShopPage = {
  readonly sources: DemoSources;
  readonly order: PlacedOrder | null;
  readonly isWritten: boolean;
};

/** The shop: what a business's own site might be, with the widget on it. */
export const shopPage = ({ sources, order, isWritten }: ShopPage): VNode => (
  <ShopDocument snippet={`/w/${sources.widget.key}.js`}>
    <Bar />
    <main class="wrap">
      <div class="hero">
        <h1>Tea that tastes of the place, pots that pour</h1>
        <p>A small house by the water. Everything here is made up, and whatever you do lands on a customer's record.</p>
        {order && <OrderNotice order={order} />}
      </div>
      <Goods />
      <Contact formKey={sources.form.key} isSent={isWritten} />
    </main>
    <footer class="wrap foot-note">
      <span>
        {SHOP_NAME} exists in development only. <a href={`/s/${sources.delivery.key}`}>The survey after a delivery</a>
      </span>
      <form method="post" action="/demo/cron">
        <button class="plain" type="submit">
          Run jobs now
        </button>
      </form>
    </footer>
  </ShopDocument>
);

/** Where the demo business has not been set up: `npm start -- --empty`. */
export const closedPage = (): VNode => (
  <ShopDocument>
    <Bar />
    <main class="wrap hero">
      <h1>The shop is not open yet</h1>
      <p>It needs its sources and gets a year of made-up customers with them. Your own data stays as it is.</p>
      <form method="post" action="/demo/seed?force=1" class="contact">
        <button type="submit">Set up the demo business</button>
      </form>
    </main>
  </ShopDocument>
);
