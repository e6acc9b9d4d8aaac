import type { HandLogged } from '../../record/by-hand.ts';
import type { Tongue } from './people.ts';

/** How somebody feels, from which follow the score and the words. */
export type Mood = 'bad' | 'fair' | 'good';

/** What customers say, by tongue and mood. A tongue without words of its own answers in English. */
export const COMMENTS: Readonly<Partial<Record<Tongue, Readonly<Record<Mood, readonly [string, ...string[]]>>>>> & {
  readonly en: Readonly<Record<Mood, readonly [string, ...string[]]>>;
} = {
  en: {
    bad: [
      'The parcel took twelve days and nobody told me why.',
      'The spout arrived chipped, and the reply was a form letter.',
      'Tracking said delivered. It was not.',
      'Third late parcel in a row. I like the tea, not the waiting.',
    ],
    fair: [
      'Nice cups, but a little smaller than in the picture.',
      'All fine, delivery could be quicker.',
      'Good tea, plain packing.',
    ],
    good: [
      'The teapot really does not drip. I have waited years for this.',
      'Lovely note in the box, and the oolong is the best I have had.',
      'Ordered on Monday, drank it on Wednesday.',
      'A cup broke in the post and a new one came the next day, no questions.',
    ],
  },
  pl: {
    bad: ['Paczka szła prawie dwa tygodnie, bez żadnej wiadomości.', 'Czajnik przyszedł z odpryskiem na dziobku.'],
    fair: ['Herbata dobra, ale przesyłka droga.', 'W porządku, choć filiżanki mniejsze, niż myślałam.'],
    good: [
      'Piękna ceramika, zapakowana z sercem.',
      'Najlepszy oolong, jaki piłem. Zamówię znowu.',
      'Szybko, ładnie i bez plastiku.',
    ],
  },
  bg: {
    bad: ['Пратката закъсня десет дни и никой не вдигна телефона.', 'Чашата пристигна счупена.'],
    fair: ['Чаят е хубав, доставката можеше да е по-бърза.', 'Всичко е наред, но опаковката беше смачкана.'],
    good: [
      'Чайникът е прекрасен и наистина не капе.',
      'Много мило отношение, благодаря!',
      'Поръчах за подарък и всички питат откъде е.',
    ],
  },
  zh: {
    bad: ['物流太慢，等了两个星期。', '茶壶盖有裂纹，客服三天没有回复。'],
    fair: ['茶不错，包装可以再结实一点。', '杯子比图片上小一些，总体还可以。'],
    good: ['茶壶出水很顺，手感温润，非常喜欢。', '乌龙茶香气很好，会再买。', '包装用心，还附了手写卡片。'],
  },
  ar: {
    bad: ['تأخر الطرد أسبوعين ولم يخبرني أحد بالسبب.', 'وصل الإبريق مكسورًا من الطرف.'],
    fair: ['الشاي جيد لكن التوصيل مكلف.', 'كل شيء مقبول، والأكواب أصغر مما توقعت.'],
    good: ['إبريق جميل جدًا ولا يقطر أبدًا.', 'أفضل شاي أولونغ ذقته، شكرًا لكم.', 'تغليف أنيق ووصل في الموعد.'],
  },
  de: {
    bad: ['Seit zehn Tagen steht die Sendung auf „in Zustellung“.', 'Tülle abgeplatzt, Antwort erst nach einer Woche.'],
    fair: ['Schöne Becher, etwas kleiner als gedacht.', 'Tee gut, Versand könnte schneller sein.'],
    good: [
      'Die Kanne tropft wirklich nicht. Endlich!',
      'Sehr sorgfältig verpackt, dazu eine Karte von Hand.',
      'Der Oolong ist wunderbar.',
    ],
  },
};

/** Messages people leave in the contact form. */
export const MESSAGES: readonly [string, ...string[]] = [
  'Do you also repair chipped teapots?',
  'I would like forty tide cups for a wedding in May. Is that possible?',
  'Can I change the address of my last order?',
  'Is the Hare caddy safe in the dishwasher?',
  'We run a small café and would like to sell your oolong. Whom can I talk to?',
  'My whisk has lost a few tines after two weeks. Is that normal?',
  'Please take me off the catalogue list, the shop letters may stay.',
  'Czy wysyłacie też na Litwę?',
  'Кога ще имате отново купата за мача?',
  '请问茶叶的产地是哪里？',
  'هل يمكن التغليف كهدية؟',
];

/** A contact as staff write it down, of many channels and means. */
export type StaffNote = Pick<HandLogged, 'kind' | 'text'> &
  Partial<Omit<HandLogged, 'messageId' | 'occurredAt' | 'kind' | 'text'>>;

// Literals alone: anything that is computed would be kept in the production build.
const SERVICE = 'Dialogue Ltd';

/** What staff write down. */
export const NOTES: readonly [StaffNote, ...StaffNote[]] = [
  {
    kind: 'call_logged',
    direction: 'in',
    handler: 'outsourced',
    handledBy: SERVICE,
    minutes: 12,
    phase: 'service',
    purpose: 'Complaint',
    result: 'A new pot goes out tomorrow',
    arrangement: 'spontaneous',
    means: 'people',
    text: 'Asked about a chipped spout; no return needed.',
  },
  { kind: 'call_logged', direction: 'in', minutes: 4, text: 'Parcel lost by the carrier. Sent again by courier.' },
  {
    kind: 'meeting_held',
    direction: 'out',
    minutes: 45,
    phase: 'purchasing',
    purpose: 'Standing order',
    arrangement: 'arranged',
    means: 'meetings',
    approach: 'hard',
    activity: 'active',
    trade: 'wholesale',
    text: 'Runs a café. Interested in a standing order from spring on.',
  },
  { kind: 'email_sent', direction: 'out', text: 'Wants forty cups for a wedding. Sent an offer, waits for the date.' },
  { kind: 'note_added', text: 'Prefers to be written to, not called. Mornings are best.' },
  {
    kind: 'event_attended',
    direction: 'in',
    minutes: 10,
    phase: 'research',
    means: 'chance',
    activity: 'active',
    trade: 'direct',
    text: 'Met at the ceramics fair, liked the new glaze.',
  },
  { kind: 'letter_sent', direction: 'in', text: 'Thanked us for the quick replacement. Happy to be quoted.' },
  { kind: 'letter_sent', direction: 'out', means: 'pr', text: 'A card with the first tea of the year.' },
  {
    kind: 'visit_made',
    direction: 'in',
    minutes: 15,
    trade: 'retail',
    text: 'Came to the workshop and chose two bowls.',
  },
  {
    kind: 'contact_logged',
    channel: 'press',
    direction: 'in',
    initiator: 'third_party',
    means: 'pr',
    text: 'Read about us in the weekend paper and asked for the catalogue.',
  },
  {
    kind: 'contact_logged',
    channel: 'partner',
    direction: 'in',
    initiator: 'third_party',
    means: 'alliance',
    text: 'Sent to us by the tea house in Leith.',
  },
  {
    kind: 'call_logged',
    direction: 'out',
    handler: 'outsourced',
    handledBy: SERVICE,
    minutes: 7,
    text: 'Asked whether all arrived well. It did.',
  },
  { kind: 'message_sent', direction: 'in', text: 'Asked in the messenger for the care of the glaze.' },
];
