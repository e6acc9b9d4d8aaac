import type { Locale } from '../../../schema/survey.ts';
import type { StoredAbout } from '../../../widgets/embed/stored.ts';

/** What the statement says of one thing that is kept: what it is, when it is written, what for, and until when. */
type Kept = { readonly what: string; readonly when: string; readonly why: string; readonly until: string };
export type StorageWords = {
  readonly title: string;
  readonly lead: string;
  readonly nothing: string;
  readonly labels: { readonly when: string; readonly why: string; readonly until: string; readonly name: string };
  readonly places: { readonly session: string; readonly local: string };
  readonly kept: Readonly<Record<StoredAbout, Kept>>;
};

const en: StorageWords = {
  title: 'What our feedback form keeps in your browser',
  lead: 'Nothing is kept before you use it. It sets no cookies and loads nothing from other companies.',
  nothing: 'The feedback page that opens by a link keeps nothing at all.',
  labels: { when: 'When', why: 'Why', until: 'Until', name: 'Name' },
  places: { session: 'session storage', local: 'local storage' },
  kept: {
    visitor: {
      what: 'A random number',
      when: 'when you open the form or answer',
      why: 'so that your answers belong together',
      until: 'you close the tab',
    },
    draft: {
      what: 'Your answers so far',
      when: 'when you choose or type something',
      why: 'so that they are not lost when the page is left',
      until: 'you have sent them, or you close the tab',
    },
    seen: {
      what: 'A mark that you have answered or closed the form',
      when: 'when you send or close it',
      why: 'so that it does not open by itself again',
      until: 'you close the tab',
    },
    waiting: {
      what: 'An answer on its way',
      when: 'when you send it',
      why: 'so that it arrives even if the connection is lost',
      until: 'it has arrived',
    },
    remembered: {
      what: 'The same random number, for later visits',
      when: 'only after you have agreed on this site to be remembered',
      why: 'so that what you say on another day is known to come from the same browser',
      until: 'you take your agreement back, or clear the data of your browser',
    },
  },
};

const bg: StorageWords = {
  title: 'Какво пази формулярът ни за мнения във вашия браузър',
  lead: 'Нищо не се пази, преди да го използвате. Не поставя бисквитки и не зарежда нищо от други фирми.',
  nothing: 'Страницата с въпроси, която се отваря от връзка, не пази нищо.',
  labels: { when: 'Кога', why: 'Защо', until: 'Докога', name: 'Име' },
  places: { session: 'памет на сесията', local: 'локална памет' },
  kept: {
    visitor: {
      what: 'Случайно число',
      when: 'когато отворите формуляра или отговорите',
      why: 'за да останат отговорите ви заедно',
      until: 'докато затворите раздела',
    },
    draft: {
      what: 'Отговорите ви дотук',
      when: 'когато изберете или напишете нещо',
      why: 'за да не се изгубят, ако напуснете страницата',
      until: 'докато ги изпратите или затворите раздела',
    },
    seen: {
      what: 'Отметка, че сте отговорили или сте затворили формуляра',
      when: 'когато го изпратите или затворите',
      why: 'за да не се отваря пак сам',
      until: 'докато затворите раздела',
    },
    waiting: {
      what: 'Отговор, който е на път',
      when: 'когато го изпратите',
      why: 'за да пристигне и при прекъсната връзка',
      until: 'докато пристигне',
    },
    remembered: {
      what: 'Същото случайно число за следващи посещения',
      when: 'само след като сте се съгласили на този сайт да бъдете запомнени',
      why: 'за да се знае, че казаното друг ден идва от същия браузър',
      until: 'докато оттеглите съгласието си или изчистите данните на браузъра',
    },
  },
};

const pl: StorageWords = {
  title: 'Co nasz formularz opinii przechowuje w Twojej przeglądarce',
  lead: 'Nic nie jest przechowywane, zanim go użyjesz. Nie ustawia ciasteczek i nie wczytuje niczego od innych firm.',
  nothing: 'Strona z pytaniami otwierana z linku nie przechowuje niczego.',
  labels: { when: 'Kiedy', why: 'Po co', until: 'Do kiedy', name: 'Nazwa' },
  places: { session: 'pamięć sesji', local: 'pamięć lokalna' },
  kept: {
    visitor: {
      what: 'Losowa liczba',
      when: 'gdy otworzysz formularz lub odpowiesz',
      why: 'aby Twoje odpowiedzi pozostały razem',
      until: 'do zamknięcia karty',
    },
    draft: {
      what: 'Dotychczasowe odpowiedzi',
      when: 'gdy coś wybierzesz lub napiszesz',
      why: 'aby nie przepadły po opuszczeniu strony',
      until: 'do wysłania ich lub zamknięcia karty',
    },
    seen: {
      what: 'Znacznik, że formularz został wysłany lub zamknięty',
      when: 'gdy go wyślesz lub zamkniesz',
      why: 'aby nie otwierał się sam ponownie',
      until: 'do zamknięcia karty',
    },
    waiting: {
      what: 'Odpowiedź w drodze',
      when: 'gdy ją wyślesz',
      why: 'aby dotarła także po utracie połączenia',
      until: 'do jej dotarcia',
    },
    remembered: {
      what: 'Ta sama losowa liczba na kolejne wizyty',
      when: 'tylko po wyrażeniu zgody na tej stronie na zapamiętanie',
      why: 'aby było wiadomo, że wypowiedzi z innego dnia pochodzą z tej samej przeglądarki',
      until: 'do wycofania zgody lub wyczyszczenia danych przeglądarki',
    },
  },
};

const ar: StorageWords = {
  title: 'ما يحفظه نموذج الملاحظات في متصفحك',
  lead: 'لا يُحفظ شيء قبل أن تستخدمه. لا يضع ملفات تعريف ارتباط ولا يحمّل شيئًا من شركات أخرى.',
  nothing: 'صفحة الأسئلة التي تُفتح من رابط لا تحفظ شيئًا.',
  labels: { when: 'متى', why: 'لماذا', until: 'إلى متى', name: 'الاسم' },
  places: { session: 'ذاكرة الجلسة', local: 'الذاكرة المحلية' },
  kept: {
    visitor: {
      what: 'رقم عشوائي',
      when: 'عندما تفتح النموذج أو تجيب',
      why: 'لتبقى إجاباتك معًا',
      until: 'حتى تغلق علامة التبويب',
    },
    draft: {
      what: 'إجاباتك حتى الآن',
      when: 'عندما تختار شيئًا أو تكتبه',
      why: 'كي لا تضيع إذا غادرت الصفحة',
      until: 'حتى ترسلها أو تغلق علامة التبويب',
    },
    seen: {
      what: 'علامة على أنك أجبت أو أغلقت النموذج',
      when: 'عندما ترسله أو تغلقه',
      why: 'كي لا يُفتح من تلقاء نفسه مرة أخرى',
      until: 'حتى تغلق علامة التبويب',
    },
    waiting: {
      what: 'إجابة في طريقها',
      when: 'عندما ترسلها',
      why: 'لتصل حتى إذا انقطع الاتصال',
      until: 'حتى تصل',
    },
    remembered: {
      what: 'الرقم العشوائي نفسه للزيارات القادمة',
      when: 'فقط بعد موافقتك في هذا الموقع على تذكّرك',
      why: 'ليُعرف أن ما تقوله في يوم آخر صادر عن المتصفح نفسه',
      until: 'حتى تسحب موافقتك أو تمسح بيانات المتصفح',
    },
  },
};

const zh: StorageWords = {
  title: '我们的反馈表单在您的浏览器中保存什么',
  lead: '在您使用之前不会保存任何内容。不设置 Cookie，也不从其他公司加载任何内容。',
  nothing: '通过链接打开的问卷页面不保存任何内容。',
  labels: { when: '何时', why: '用途', until: '保存到', name: '名称' },
  places: { session: '会话存储', local: '本地存储' },
  kept: {
    visitor: {
      what: '一个随机数',
      when: '您打开表单或回答时',
      why: '使您的回答归在一起',
      until: '您关闭标签页',
    },
    draft: {
      what: '您目前的回答',
      when: '您选择或输入内容时',
      why: '离开页面时不会丢失',
      until: '您发送回答或关闭标签页',
    },
    seen: {
      what: '您已回答或关闭表单的标记',
      when: '您发送或关闭表单时',
      why: '使表单不再自动打开',
      until: '您关闭标签页',
    },
    waiting: {
      what: '正在发送的回答',
      when: '您发送时',
      why: '即使连接中断也能送达',
      until: '回答送达',
    },
    remembered: {
      what: '用于以后访问的同一个随机数',
      when: '仅在您于本网站同意被记住之后',
      why: '以便知道您改日的反馈来自同一浏览器',
      until: '您撤回同意或清除浏览器数据',
    },
  },
};

export const STORAGE_WORDS: Readonly<Record<Locale, StorageWords>> = { en, 'zh-Hans': zh, bg, pl, ar };
