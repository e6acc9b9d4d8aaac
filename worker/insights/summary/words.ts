import type { Locale } from '../../../schema/survey.ts';
import type { Channel } from '../../../schema/vocabulary.ts';

/** The words of the summary in one language. Plural forms by the language's own categories; `{n}` and the like are filled in. */
export type Words = {
  readonly customerSince: string;
  readonly contactSince: string;
  /** Between the beginning and the rest, between the parts of the rest, before what is open. */
  readonly joins: readonly [string, string, string];
  readonly orders: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;
  readonly worth: string;
  readonly last: string;
  readonly score: string;
  readonly open: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;
  /** How it came about, to stand after "when". */
  readonly by: Readonly<Record<Channel, string>>;
};

const en: Words = {
  customerSince: 'Customer since {month}',
  contactSince: 'In touch since {month}',
  joins: [': ', ', ', '; '],
  orders: { one: '{n} order', other: '{n} orders' },
  worth: '{orders} worth {money}',
  last: 'last contact {ago} {by}',
  score: 'gave {score} of {max}',
  open: { one: 'one matter needs attention', other: '{n} matters need attention' },
  by: {
    web: 'on the web',
    shop: 'by the shop',
    email: 'by e-mail',
    sms: 'by text message',
    messenger: 'by messenger',
    phone: 'by telephone',
    meeting: 'in a meeting',
    event: 'at an event',
    letter: 'by letter',
    fax: 'by fax',
    advertisement: 'by an advertisement',
    press: 'by the press',
    social: 'on social media',
    tv: 'by television',
    partner: 'by a partner',
    payment: 'by a payment',
  },
};

const zhHans: Words = {
  customerSince: '{month}起的客户',
  contactSince: '自{month}起有联系',
  joins: ['：', '，', '；'],
  orders: { other: '{n} 笔订单' },
  worth: '{orders}，共 {money}',
  last: '最近一次联系是{ago}（{by}）',
  score: '评分 {score}/{max}',
  open: { other: '{n} 件事需要处理' },
  by: {
    web: '网站',
    shop: '商店',
    email: '电子邮件',
    sms: '短信',
    messenger: '即时消息',
    phone: '电话',
    meeting: '会面',
    event: '活动',
    letter: '信件',
    fax: '传真',
    advertisement: '广告',
    press: '媒体',
    social: '社交媒体',
    tv: '电视',
    partner: '合作伙伴',
    payment: '付款',
  },
};

const bg: Words = {
  customerSince: 'Клиент от {month}',
  contactSince: 'Във връзка от {month}',
  joins: [': ', ', ', '; '],
  orders: { one: '{n} поръчка', other: '{n} поръчки' },
  worth: '{orders} за {money}',
  last: 'последен контакт {ago} {by}',
  score: 'оценка {score} от {max}',
  open: { one: 'един въпрос чака внимание', other: '{n} въпроса чакат внимание' },
  by: {
    web: 'в сайта',
    shop: 'през магазина',
    email: 'по имейл',
    sms: 'с SMS',
    messenger: 'със съобщение',
    phone: 'по телефона',
    meeting: 'на среща',
    event: 'на събитие',
    letter: 'с писмо',
    fax: 'по факс',
    advertisement: 'чрез реклама',
    press: 'чрез пресата',
    social: 'в социалните мрежи',
    tv: 'чрез телевизията',
    partner: 'чрез партньор',
    payment: 'с плащане',
  },
};

const pl: Words = {
  customerSince: 'Klient od {month}',
  contactSince: 'W kontakcie od {month}',
  joins: [': ', ', ', '; '],
  orders: { one: '{n} zamówienie', few: '{n} zamówienia', many: '{n} zamówień', other: '{n} zamówienia' },
  worth: '{orders} o wartości {money}',
  last: 'ostatni kontakt {ago} {by}',
  score: 'ocena {score} na {max}',
  open: {
    one: 'jedna sprawa wymaga uwagi',
    few: '{n} sprawy wymagają uwagi',
    many: '{n} spraw wymaga uwagi',
    other: '{n} sprawy wymaga uwagi',
  },
  by: {
    web: 'na stronie',
    shop: 'przez sklep',
    email: 'e-mailem',
    sms: 'SMS-em',
    messenger: 'przez komunikator',
    phone: 'telefonicznie',
    meeting: 'na spotkaniu',
    event: 'na wydarzeniu',
    letter: 'listem',
    fax: 'faksem',
    advertisement: 'przez reklamę',
    press: 'przez prasę',
    social: 'w mediach społecznościowych',
    tv: 'przez telewizję',
    partner: 'przez partnera',
    payment: 'przez płatność',
  },
};

const ar: Words = {
  customerSince: 'عميل منذ {month}',
  contactSince: 'على تواصل منذ {month}',
  joins: [': ', '، ', '؛ '],
  orders: {
    zero: 'لا طلبات',
    one: 'طلب واحد',
    two: 'طلبان',
    few: '{n} طلبات',
    many: '{n} طلبًا',
    other: '{n} طلب',
  },
  worth: '{orders} بقيمة {money}',
  last: 'آخر تواصل {ago} {by}',
  score: 'التقييم {score} من {max}',
  open: {
    zero: 'لا مسائل معلقة',
    one: 'مسألة واحدة تتطلب الانتباه',
    two: 'مسألتان تتطلبان الانتباه',
    few: '{n} مسائل تتطلب الانتباه',
    many: '{n} مسألة تتطلب الانتباه',
    other: '{n} مسألة تتطلب الانتباه',
  },
  by: {
    web: 'عبر الموقع',
    shop: 'عبر المتجر',
    email: 'عبر البريد الإلكتروني',
    sms: 'برسالة نصية',
    messenger: 'عبر تطبيق مراسلة',
    phone: 'عبر الهاتف',
    meeting: 'في لقاء',
    event: 'في فعالية',
    letter: 'برسالة بريدية',
    fax: 'بالفاكس',
    advertisement: 'عبر إعلان',
    press: 'عبر الصحافة',
    social: 'عبر وسائل التواصل',
    tv: 'عبر التلفاز',
    partner: 'عبر شريك',
    payment: 'بعملية دفع',
  },
};

export const WORDS: Readonly<Record<Locale, Words>> = { en, 'zh-Hans': zhHans, bg, pl, ar };
