import { describe, expect, it } from 'vitest';
import { automaticOf } from '../../worker/sources/mail/automatic.ts';
import { htmlToText } from '../../worker/sources/mail/html-text.ts';
import type { MailMessage } from '../../worker/sources/mail/message.ts';
import { MAX_WHOLE, readMime } from '../../worker/sources/mail/mime.ts';
import { foldQuoted } from '../../worker/sources/mail/quoted.ts';
import { mailTouchpoints } from '../../worker/sources/mail/touchpoints.ts';
import { type Mail, mime, multipart } from '../support/mail.ts';

const nobody = { from: null, to: null };
const read = (mail: Mail) => readMime(mime(mail), nobody);
const touchpointsOf = async (mail: Mail, raw = mime(mail)) => {
  const { message } = await readMime(raw, nobody);
  return mailTouchpoints(message, { fallbackId: 'hash', assurance: null }).touchpoints;
};
const only = async (mail: Mail) => {
  const [first, ...others] = await touchpointsOf(mail);
  if (!first || others.length > 0) throw new Error('expected one touchpoint');
  return first;
};
/** Bytes of a text in a charset of one byte a letter, as far as these tests need: Cyrillic in Windows-1251. */
const windows1251 = (text: string): Uint8Array =>
  Uint8Array.from([...text], (letter) => {
    const code = letter.charCodeAt(0);
    return code >= 0x410 && code <= 0x44f ? code - 0x410 + 0xc0 : code;
  });
/** The shortest of some runs: others may be busy on the same machine, but never make it faster. */
function fastest(work: () => unknown): number {
  const runs = Array.from({ length: 7 }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return Math.min(...runs);
}

describe('the words of a mail', () => {
  it('are the plain part of several, or the HTML as text where there is none', async () => {
    const plain = { head: 'Content-Type: text/plain; charset=utf-8', body: 'Plain words' };
    const html = { head: 'Content-Type: text/html; charset=utf-8', body: '<p>Rich <b>words</b></p>' };
    const of = (parts: (typeof plain)[]) =>
      only({ content: { type: 'multipart/alternative; boundary="b 1"', body: multipart('b 1', parts) } });
    expect((await of([plain, html])).text).toBe('Plain words');
    expect((await of([html])).text).toBe('Rich words');
  });

  it('are read in the charset they are written in, names of senders as well', async () => {
    const bulgarian = await only({
      from: '=?windows-1251?B?yOLg7SDP5fLw7uI=?= <ivan@example.com>',
      subject: '=?UTF-8?B?0JrQsNC/0LDQug==?=',
      content: { type: 'text/plain; charset=windows-1251', body: windows1251('Имате ли капак?') },
    });
    expect(bulgarian.text).toBe('Имате ли капак?');
    expect(bulgarian.person.profile?.name).toBe('Иван Петров');
    expect(bulgarian.data?.title).toBe('Капак');
    // "你好" in GB18030.
    const chinese = await only({
      content: { type: 'text/plain; charset=gb18030', body: Uint8Array.of(0xc4, 0xe3, 0xba, 0xc3) },
    });
    expect(chinese.text).toBe('你好');
    const quoted = await only({
      content: { type: 'text/plain; charset=iso-8859-2', encoding: 'quoted-printable', body: 'Za=BF=F3=B3=E6' },
    });
    expect(quoted.text).toBe('Zażółć');
  });

  it('are those of the mail and not of one it carries', async () => {
    const inner = new TextDecoder().decode(mime({ text: 'The earlier mail', subject: 'Earlier' }));
    const { message, files } = await read({
      content: {
        type: 'multipart/mixed; boundary=b1',
        body: multipart('b1', [
          { head: 'Content-Type: text/plain', body: 'See below.' },
          { head: 'Content-Type: message/rfc822', body: inner },
        ]),
      },
    });
    expect(message.plain).toBe('See below.');
    expect(files).toMatchObject([{ name: 'message.eml', type: 'message/rfc822' }]);
  });

  it.each([
    ['nothing at all', new Uint8Array()],
    ['no header', new TextEncoder().encode('hello there')],
    ['no body', new TextEncoder().encode('From: a@example.com\r\nMessage-ID: <x@y>\r\n')],
    ['a boundary that never comes', mime({ content: { type: 'multipart/mixed; boundary=never', body: 'words' } })],
    [
      'a boundary that never ends',
      mime({ content: { type: 'multipart/mixed; boundary=b', body: '--b\r\nContent-Type: text/plain\r\n\r\nwords' } }),
    ],
    [
      'bytes of no charset',
      mime({ content: { type: 'text/plain; charset=nonsense', body: Uint8Array.of(0xff, 0xfe, 0x00, 0x41) } }),
    ],
    [
      'a header of 3 MB',
      new TextEncoder().encode(`From: a@example.com\r\nX-Long: ${'a'.repeat(3_000_000)}\r\n\r\nwords`),
    ],
  ])('are something, and never a failure, of a mail with %s', async (_, raw) => {
    const [touchpoint] = await touchpointsOf({}, raw);
    expect(touchpoint).toMatchObject({ kind: 'email_received', messageId: expect.stringMatching(/^mail:./) });
    expect(JSON.stringify(touchpoint)).not.toContain('\\u0000');
  });

  it('are left out, and the fact kept, where the mail is built to exhaust its reader', async () => {
    let body = 'words';
    for (let depth = 299; depth >= 0; depth--)
      body = `--b${depth}\r\nContent-Type: multipart/mixed; boundary=b${depth + 1}\r\n\r\n${body}`;
    const mail = await only({ content: { type: 'multipart/mixed; boundary=b0', body } });
    expect(mail).toMatchObject({
      person: { key: 'claimed:mara@example.com' },
      data: { title: 'A lid', note: expect.stringContaining('could not be read') },
    });
  });

  it('are the beginning of a mail too large to read, with a note', async () => {
    const raw = mime({ text: `First words\r\n\r\n${'x'.repeat(300_000)}` });
    const { message } = await readMime(raw, nobody, { size: MAX_WHOLE + 5_000_000 });
    expect(message.plain).toMatch(/^First words/);
    expect(message.note).toMatch(/20\.8 MB is too large/);
  });

  it('are read from 500 parts and 1 MB without ado, and forty files are named', async () => {
    const parts = Array.from({ length: 500 }, (_, index) => ({
      head: `Content-Type: application/pdf; name="f${index}.pdf"\r\nContent-Disposition: attachment; filename="f${index}.pdf"`,
      body: 'x'.repeat(2000),
    }));
    const start = performance.now();
    const { files } = await read({ content: { type: 'multipart/mixed; boundary=b', body: multipart('b', parts) } });
    expect(files).toHaveLength(500);
    expect(performance.now() - start).toBeLessThan(4000);
  });
});

describe('HTML as text', () => {
  it('keeps lists, lines, links and quotations, and drops what is not shown', () => {
    const html = `<html><head><title>T</title><style>p{}</style></head><body>
      <p>Hello&nbsp;&amp; <b>welcome</b>,<br>see <a href="https://shop.example/lid?a=1">the lid</a> or
      <a href="https://shop.example">https://shop.example</a> <a href="javascript:alert(1)">here</a></p>
      <ul><li>blue</li><li>red</li></ul><ol><li>one</li><li>two</li></ol>
      <div style="display:none">hidden</div><span hidden>hidden</span><p style="FONT-SIZE: 0px">hidden</p>
      <img src="https://track.example/p.gif" width=1 height=1><img src="x" alt="Our lid">
      <script>alert(1)</script><blockquote><p>Earlier</p><p>words</p></blockquote></body></html>`;
    expect(htmlToText(html)).toBe(
      [
        'Hello & welcome,',
        'see the lid <https://shop.example/lid?a=1> or https://shop.example here',
        '',
        '• blue',
        '• red',
        '',
        '1. one',
        '2. two',
        '',
        '[Our lid]',
        '',
        '> Earlier',
        '>',
        '> words',
      ].join('\n'),
    );
  });

  it.each([
    ['open tags', '<div>'.repeat(200_000)],
    ['closing tags', '</div>'.repeat(160_000)],
    ['brackets', '<'.repeat(1_000_000)],
    ['attributes', `<a ${'x="y" '.repeat(160_000)}>`],
    ['entities', '&amp'.repeat(250_000)],
    ['links', '<a href="https://shop.example/x">'.repeat(30_000)],
    ['styles', `<p style="${'display : '.repeat(90_000)}">`],
    ['spaces', `<p>${' \n'.repeat(500_000)}</p>`],
    ['quotations', '<blockquote>a'.repeat(70_000)],
    ['comments', '<!-- '.repeat(200_000)],
    ['preformatted lines', `<pre>${'a\n'.repeat(500_000)}`],
  ])('of 1 MB of %s takes no time', (_, html) => {
    htmlToText('<p>warm</p>');
    expect(fastest(() => htmlToText(html))).toBeLessThan(2000);
  });
});

describe('quotations', () => {
  it.each([
    ['Gmail', 'On Thu, 15 Jan 2026 at 13:00, Shop <shop@example.org> wrote:\n\n> Yes, in blue.\n> Regards'],
    ['Gmail, wrapped', 'On Thu, 15 Jan 2026 at 13:00, A Shop With A Very Long Name\n<shop@example.org> wrote:\n> Yes'],
    ['Apple Mail', '> On 15 Jan 2026, at 13:00, Shop <shop@example.org> wrote:\n> \n> Yes'],
    ['a program that marks nothing', 'On 15 Jan 2026, Shop <shop@example.org> wrote:\nYes, in blue.'],
    [
      'Outlook',
      '________________________________\nFrom: Shop <shop@example.org>\nSent: Thursday, January 15, 2026 1:00 PM\nTo: Mara\nSubject: RE: Lid\n\nYes',
    ],
    ['Outlook of old', '-----Original Message-----\nFrom: Shop\nYes'],
    ['Bulgarian', 'На чт, 15.01.2026 г. в 13:00 Магазин <shop@example.org> написа:\n> Да'],
    [
      'Bulgarian Outlook',
      'От: Магазин <shop@example.org>\nИзпратено: четвъртък, 15 януари 2026 г. 13:00\nДо: Мара\nОтносно: RE: Капак\n\nДа',
    ],
    ['Polish', 'czw., 15 sty 2026 o 13:00 Sklep <shop@example.org> napisał(a):\n\n> Tak'],
    ['Polish Thunderbird', 'W dniu 15.01.2026 o 13:00, Sklep pisze:\n> Tak'],
    [
      'Polish Outlook',
      'Od: Sklep <shop@example.org>\nWysłano: czwartek, 15 stycznia 2026 13:00\nDo: Mara\nTemat: Odp: Pokrywka\n\nTak',
    ],
    ['Chinese', '商店 <shop@example.org> 于2026年1月15日周四 13:00写道：\n\n> 有'],
    ['Chinese QQ', '------------------ 原始邮件 ------------------\n发件人: "商店" <shop@example.org>;\n有'],
    ['Chinese Outlook', '发件人: 商店\n发送时间: 2026年1月15日 13:00\n收件人: Mara\n主题: 回复: 盖子\n\n有'],
    ['Arabic', 'في الخميس، 15 يناير 2026 في 13:00 كتب متجر <shop@example.org>:\n\n> نعم'],
    [
      'Arabic Outlook',
      'من: متجر <shop@example.org>\nتاريخ الإرسال: 15 يناير 2026\nإلى: مارا\nالموضوع: رد: غطاء\n\nنعم',
    ],
    ['a signature', '-- \nMara Lindqvist\n+44 7700 900000'],
    ['a telephone', 'Sent from my iPhone'],
  ])('%s: only what is new stands apart', (_, rest) => {
    const { fresh, quoted } = foldQuoted(`Does it come in blue?\nThanks: Mara\n\n${rest}`);
    expect(fresh).toBe('Does it come in blue?\nThanks: Mara');
    expect(quoted).toBe(rest.trim());
  });

  it('answers between quoted lines are kept, in their order', () => {
    const { fresh } = foldQuoted('On 15 Jan 2026, Shop <s@example.org> wrote:\n> Blue?\nYes.\n> Two?\nNo, one.');
    expect(fresh).toBe('Yes.\nNo, one.');
  });

  it.each([
    'On Monday I wrote:\nplease call me',
    'From: me\nto you with love',
    'I have 3 points:\n- one\n- two',
    'We wrote at 10:30 to no avail',
  ])('%j is all new', (text) => {
    expect(foldQuoted(text)).toEqual({ fresh: text, quoted: null });
  });

  it('what only passes another mail on says what it passes on', () => {
    const text = '---------- Forwarded message ---------\nFrom: Shop <s@example.org>\nWords';
    expect(foldQuoted(text)).toEqual({ fresh: text, quoted: null });
  });

  it.each([
    ['attributions', 'On wrote 2026 <'.repeat(70_000)],
    ['lines of attributions', 'On 2026 wrote\n'.repeat(70_000)],
    ['dashes', '-'.repeat(1_000_000)],
    ['heads', 'From: a\n'.repeat(120_000)],
    ['marks', '>'.repeat(1_000_000)],
    ['spaces', `${' '.repeat(1000)}\n`.repeat(1000)],
    ['colons', 'a:\n'.repeat(300_000)],
    ['separators', '-- original message '.repeat(50_000)],
    ['rules', '_____\n'.repeat(160_000)],
    ['telephones', 'Sent from my\n'.repeat(70_000)],
    ['Chinese', '在'.repeat(500_000)],
    ['line breaks', '\n'.repeat(1_000_000)],
  ])('1 MB of %s is folded in no time', (_, text) => {
    foldQuoted('warm\n> up');
    expect(fastest(() => foldQuoted(text))).toBeLessThan(1000);
  });
});

describe('machines', () => {
  const away = (headers: readonly string[], subject = 'A lid') => only({ headers, subject });
  it.each([
    [['Auto-Submitted: auto-replied'], 'A lid', 'email_autoreplied'],
    [['Auto-Submitted: auto-replied (vacation); owner-email="x"'], 'A lid', 'email_autoreplied'],
    [['X-Autoreply: yes'], 'A lid', 'email_autoreplied'],
    [['X-Autorespond: away'], 'A lid', 'email_autoreplied'],
    [['Precedence: auto_reply'], 'A lid', 'email_autoreplied'],
    [['Auto-Submitted: auto-generated'], 'Automatic reply: A lid', 'email_autoreplied'],
    [[], 'Out of Office: A lid', 'email_autoreplied'],
    [[], 'Автоматичен отговор: Капак', 'email_autoreplied'],
    [[], 'Odpowiedź automatyczna: Pokrywka', 'email_autoreplied'],
    [[], '自动回复: 盖子', 'email_autoreplied'],
    [[], 'رد تلقائي: غطاء', 'email_autoreplied'],
    [['Auto-Submitted: auto-generated'], 'Your parcel', 'mailing_received'],
    [['Precedence: bulk'], 'News', 'mailing_received'],
    [['List-Id: <news.example.net>', 'List-Unsubscribe: <https://x.example>'], 'News', 'mailing_received'],
    [['Auto-Submitted: no'], 'A lid', 'email_received'],
    [['List-Id: Support <support.example.org>', 'Precedence: list'], 'A lid', 'email_received'],
    [[], 'The automatic door', 'email_received'],
  ])('%j %j is %s', async (headers, subject, kind) => {
    expect((await away(headers, subject)).kind).toBe(kind);
  });

  it('an automatic answer is not the customer speaking', async () => {
    expect(await away(['Auto-Submitted: auto-replied'])).toMatchObject({
      initiator: 'company',
      data: { automatic: 'reply' },
    });
  });

  it('a mail without a way back was not written by a person', () => {
    const mail = { title: 'x', to: [], recipient: null, signs: { 'return-path': '<>' } } as unknown as MailMessage;
    expect(automaticOf(mail)).toBe('notice');
  });
});

describe('reports', () => {
  const bounce = (fields: string, more = '') =>
    touchpointsOf({
      from: 'Mail Delivery System <mailer-daemon@mx.example.net>',
      id: '<dsn@mx.example.net>',
      content: {
        type: 'multipart/report; report-type=delivery-status; boundary=r',
        body: multipart('r', [
          { head: 'Content-Type: text/plain', body: 'It did not arrive.' },
          {
            head: 'Content-Type: message/delivery-status',
            body: `Reporting-MTA: dns; mx.example.net\r\n\r\n${fields}`,
          },
          {
            head: 'Content-Type: message/rfc822',
            body: `Message-ID: <ours@shop.example>\r\nSubject: x\r\n\r\nHello${more}`,
          },
        ]),
      },
    });

  it('a mail that did not arrive counts on who should have had it, for good or for now', async () => {
    const touchpoints = await bounce(
      'Final-Recipient: rfc822; gone@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1\r\n No such user\r\n\r\n' +
        'Final-Recipient: rfc822;full@example.com\r\nAction: delayed\r\nStatus: 4.2.2\r\n\r\n' +
        'Final-Recipient: rfc822;fine@example.com\r\nAction: delivered\r\nStatus: 2.0.0',
    );
    expect(touchpoints).toMatchObject([
      {
        messageId: 'mail:dsn@mx.example.net:gone@example.com',
        kind: 'email_bounced',
        direction: 'out',
        subject: 'email:ours@shop.example',
        text: '550 5.1.1 No such user',
        person: { key: 'claimed:gone@example.com', identifiers: [{ value: 'gone@example.com', assurance: 'claimed' }] },
        data: { hard: true, status: '5.1.1' },
      },
      { person: { key: 'claimed:full@example.com' }, data: { hard: false, status: '4.2.2' } },
    ]);
  });

  it('one that says nothing of anybody is a machine’s note', async () => {
    expect(await bounce('Action: expanded')).toMatchObject([{ kind: 'email_received' }]);
  });

  it('a complaint counts on who complained', async () => {
    const touchpoints = await touchpointsOf({
      from: 'fbl@isp.example.net',
      content: {
        type: 'multipart/report; report-type=feedback-report; boundary=r',
        body: multipart('r', [
          { head: 'Content-Type: text/plain', body: 'Somebody complained.' },
          {
            head: 'Content-Type: message/feedback-report',
            body: 'Feedback-Type: abuse\r\nVersion: 1\r\nOriginal-Rcpt-To: <cross@example.com>',
          },
          {
            head: 'Content-Type: message/rfc822',
            body: 'Message-ID: <ours@shop.example>\r\nTo: cross@example.com\r\n\r\nx',
          },
        ]),
      },
    });
    expect(touchpoints).toMatchObject([
      {
        kind: 'email_complained',
        direction: 'in',
        subject: 'email:ours@shop.example',
        person: { key: 'claimed:cross@example.com' },
      },
    ]);
  });
});
