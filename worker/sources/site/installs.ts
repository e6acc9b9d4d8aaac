import type { Install } from '../provider.ts';

/**
 * Where the site's tag goes on the builders that people use. `{tag}` stands for the tag, `{script}` for its address, `{origin}` for
 * ours. The key is in the address, since tag managers drop attributes.
 */
const identify = (condition: string): string =>
  `<script>
  window.rapport = window.rapport || function () { (rapport.q = rapport.q || []).push(arguments) };
  ${condition}
</script>`;

const REACT = `import { useEffect } from 'react';

export function Feedback() {
  useEffect(() => {
    const script = document.createElement('script');
    script.src = '{script}';
    script.async = true;
    document.head.append(script);
  }, []);
  return null;
}`;

const VUE = `<script setup>
import { onMounted } from 'vue';

onMounted(() => {
  const script = document.createElement('script');
  script.src = '{script}';
  script.async = true;
  document.head.append(script);
});
</script>

<template></template>`;

const SHOPIFY_CUSTOMER = identify(`{% if customer %}
  rapport('identify', {{ customer.id | json }}, { email: {{ customer.email | json }} });
  {% endif %}`);

export const installs: readonly Install[] = [
  {
    title: 'Plain HTML',
    steps: [
      { text: 'Paste this line just before </body>, on every page.', code: '{tag}' },
      {
        text: 'If your pages send a Content-Security-Policy, add our address to these two directives. No nonce and no style-src is needed.',
        code: 'script-src {origin}; connect-src {origin}',
      },
      {
        text: 'Where a visitor is signed in, tell who it is. It is kept as a claim: shown on the record, never merged by itself.',
        code: identify("rapport('identify', 'YOUR-ID-OF-THE-CUSTOMER', { email: 'ann@example.com' });"),
      },
    ],
  },
  {
    title: 'WordPress',
    download: 'rapport-wordpress.zip',
    steps: [
      {
        text: 'Download the plugin, then in WordPress: Plugins, Add New Plugin, Upload Plugin, choose the file, Install Now, Activate. It prints the tag and nothing else.',
      },
      { text: 'Under Settings, Rapport, paste this address and save.', code: '{script}' },
      {
        text: 'Without the plugin: any plugin for header and footer code takes this line. The two attributes keep optimisers from delaying it. On WordPress.com, plugins need a plan that allows them.',
        code: '<script async nowprocket data-cfasync="false" src="{script}"></script>',
      },
    ],
  },
  {
    title: 'WooCommerce',
    download: 'rapport-wordpress.zip',
    steps: [
      {
        text: 'WooCommerce is a part of WordPress: install the same plugin and paste this address under Settings, Rapport.',
        code: '{script}',
      },
      { text: 'In that page tick “Tell who is signed in” if customers have accounts; it is kept as a claim.' },
      { text: 'Orders do not come through the site: add a source for the shop as well, and they arrive as facts.' },
    ],
  },
  {
    title: 'Shopify theme',
    steps: [
      {
        text: 'In the admin: Online Store, Themes, the three dots beside your theme, Edit code, Layout, theme.liquid. Paste this just before </body> and save.',
        code: '{tag}',
      },
      { text: 'To tell who is signed in, paste this before it.', code: SHOPIFY_CUSTOMER },
      {
        text: 'The checkout and the thank-you page do not run the theme, and customer-event pixels cannot draw a button: ask there by a link to the survey in the order e-mail. Add the shop as a source for its orders.',
      },
    ],
  },
  {
    title: 'Webflow',
    steps: [
      {
        text: 'Site settings, Custom code, Footer code: paste this and save. Custom code needs a paid site plan or workspace.',
        code: '{tag}',
      },
      { text: 'Publish the site: custom code runs on the published site only, not in the designer.' },
    ],
  },
  {
    title: 'Wix',
    steps: [
      {
        text: 'Settings, Custom Code (under Advanced), Add Custom Code: paste this, choose All pages and Load code once, place it in Body - end. It needs a premium plan with a domain of its own.',
        code: '{tag}',
      },
      {
        text: 'Choose the type Functional. Where your site shows a consent banner, Wix loads it once the visitor agrees to that type.',
      },
      { text: 'Publish the site. On a free plan use a link to the survey instead.' },
    ],
  },
  {
    title: 'Squarespace',
    steps: [
      {
        text: 'Settings, Advanced, Code Injection, Footer: paste this and save. It needs a plan with code injection; the smallest plan lacks it, and a link to the survey works there.',
        code: '{tag}',
      },
      { text: 'The site moves between pages without loading them anew in some templates; the button stays.' },
    ],
  },
  {
    title: 'Google Tag Manager',
    steps: [
      { text: 'Tags, New, Custom HTML: paste this.', code: '{tag}' },
      { text: 'Trigger: All Pages (Initialization is not needed). Save, then Submit and Publish.' },
      {
        text: 'Tag Manager puts scripts in anew and drops their data attributes; the key is in the address, so nothing is lost. Your Content-Security-Policy must allow Tag Manager and this.',
        code: 'script-src {origin}; connect-src {origin}',
      },
    ],
  },
  {
    title: 'React and Next.js',
    steps: [
      { text: 'Put this component once at the root of your app.', code: REACT },
      {
        text: 'In Next.js use its own component in the root layout instead.',
        code: `import Script from 'next/script';\n\n<Script src="{script}" strategy="afterInteractive" />`,
      },
      {
        text: 'Once you know who is signed in:',
        code: "window.rapport = window.rapport || function () { (window.rapport.q = window.rapport.q || []).push(arguments) };\nwindow.rapport('identify', user.id, { email: user.email });",
      },
    ],
  },
  {
    title: 'Vue and Nuxt',
    steps: [
      { text: 'Put this component once into App.vue.', code: VUE },
      {
        text: 'In Nuxt say it in nuxt.config.ts instead.',
        code: `export default defineNuxtConfig({\n  app: { head: { script: [{ src: '{script}', async: true }] } },\n});`,
      },
    ],
  },
];
