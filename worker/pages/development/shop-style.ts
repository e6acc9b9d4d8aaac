/** The demo shop's own stylesheet. It is no part of the product's and is served by the development build alone. */
export const shopStyle = /* css */ `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f6f3ec, #16191a);
  --card: light-dark(#fffdf8, #1f2425);
  --ink: light-dark(#20292a, #eef0ea);
  --soft: light-dark(#5a6461, #a9b3ae);
  --line: light-dark(#ddd6c8, #343b3b);
  --sea: light-dark(#1f5f5b, #8fd0c6);
  --on-sea: light-dark(#fff, #0d2422);
  --field: light-dark(#8a8f88, #7f8985);
  --rust: light-dark(#a4492a, #f0a486);
}
*, ::before, ::after { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.6 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere; }
h1, h2, h3, .brand { font-family: "Iowan Old Style", Palatino, "Palatino Linotype", Georgia, serif; font-weight: 600; line-height: 1.2; margin: 0; text-wrap: balance; }
h1 { font-size: clamp(2rem, 1.4rem + 3vw, 3.25rem); }
h2 { font-size: 1.5rem; }
h3 { font-size: 1.125rem; }
p { margin: 0; }
a { color: var(--sea); text-underline-offset: .2em; }
:focus-visible { outline: 2px solid var(--sea); outline-offset: 3px; border-radius: 4px; }
.wrap { max-width: 68rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2rem); }
.bar { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: .5rem 1.5rem; padding-block: 1.25rem; border-bottom: 1px solid var(--line); }
.brand { font-size: 1.25rem; }
.bar nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
.bar nav a { padding-block: .25rem; }
.hero { padding-block: clamp(2rem, 6vw, 4.5rem) 2rem; max-width: 44rem; }
.hero > p { margin-top: 1rem; font-size: 1.125rem; color: var(--soft); }
.notice { display: grid; gap: .75rem; margin-block: 1.5rem 0; padding: 1rem 1.25rem; border: 1px solid var(--sea); border-inline-start-width: 6px; border-radius: 10px; background: var(--card); }
.notice .row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
.buyer { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(16rem, 100%), 1fr)); gap: 1rem; margin-block: 1rem 2rem; }
label { display: block; font-size: .9375rem; color: var(--soft); }
input, textarea { display: block; width: 100%; margin-top: .25rem; padding: .625rem .75rem; border: 1px solid var(--field); border-radius: 8px; background: var(--card); color: var(--ink); font: inherit; }
.goods { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); gap: 1.25rem; margin: 0; padding: 0; list-style: none; }
.good { display: grid; grid-template-rows: auto auto 1fr auto; gap: .375rem; padding: 1.25rem; border: 1px solid var(--line); border-radius: 14px; background: var(--card); }
.good p { color: var(--soft); }
.good .foot { display: flex; justify-content: space-between; align-items: center; gap: 1rem; margin-top: .75rem; }
.price { font-variant-numeric: tabular-nums; font-weight: 600; }
button { min-height: 2.75rem; padding: .5rem 1.25rem; border: 1px solid var(--sea); border-radius: 999px; background: var(--sea); color: var(--on-sea); font: inherit; font-weight: 600; cursor: pointer; }
button.plain { background: none; color: var(--sea); }
button:hover { filter: brightness(1.1); }
.picture { display: block; width: 100%; height: auto; max-height: 11rem; margin-bottom: .5rem; }
.sun { fill: light-dark(#ebe5d8, #2a3132); }
.glaze { fill: light-dark(#3f7f7a, #6fb3a9); }
.clay { fill: light-dark(#b98c63, #c79d76); }
.shade { fill: light-dark(#28524f, #3c736c); }
.tea { fill: light-dark(#7d9a3c, #9fbd5b); }
.paper { fill: light-dark(#f6f3ec, #16191a); }
.line { fill: none; stroke: light-dark(#28524f, #8fd0c6); stroke-width: 9; stroke-linecap: round; }
.line.thin { stroke: light-dark(#28524f, #e7e2d4); stroke-width: 3; }
.section { padding-block: 3rem 0; }
.contact { display: grid; gap: 1rem; max-width: 36rem; margin-top: 1rem; }
.contact button { justify-self: start; }
.trap { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.foot-note { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 1rem; margin-top: 3.5rem; padding-block: 1.5rem 6rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .9375rem; }
.mails { display: grid; gap: 1.5rem; padding-block: 2rem; }
.mails pre { white-space: pre-wrap; font: inherit; }
`;
