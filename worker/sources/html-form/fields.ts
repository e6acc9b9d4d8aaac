import { normaliseEmail, normalisePhone } from '../../../schema/identifiers.ts';
import type { Json } from '../../../schema/touchpoint.ts';
import { firstOf, type JsonObject, NAME_LIMIT, TEXT_LIMIT, textOf } from '../read.ts';
import { isConsentField } from './consent.ts';
import { isSecretField, looksLikeCard } from './secrets.ts';

/** What a form said, sorted into what we have words for and the rest. */
export type FormReading = {
  readonly isEmpty: boolean;
  readonly email: string | null;
  readonly name: string | null;
  readonly phone: string | null;
  readonly message: string | null;
  readonly others: { readonly [name: string]: string };
};

export type FieldNames = {
  readonly emailField: string | null;
  readonly nameField: string | null;
  readonly phoneField: string | null;
  readonly messageField: string | null;
  readonly honeypot: string;
  readonly country: string | null;
};

const MAX_FIELDS = 50;
const MASK = '[not stored]';

/** Usual names, as `plainName` writes them: lower case, no accents, nothing between the words. */
const words = (text: string): ReadonlySet<string> => new Set(text.split(' ').map(plainName));
const EMAIL_NAMES = words(
  'email emailaddress mail youremail useremail customeremail contactemail replyto from fromemail correo correoelectronico ' +
    'courriel adressemail adresseemail epost eposta eposti sposta postaelettronica indirizzoemail emailadresse mailadresse ' +
    'adresemail adrese имейл еимейл поща емейл почта электроннаяпочта 邮箱 电子邮件 电子邮箱 邮件 メール メールアドレス 이메일 البريد البريدالالكتروني بريد',
);
const NAME_NAMES = words(
  'name fullname yourname username customername contactname nombre nombrecompleto nom nomcomplet nome nomecompleto ' +
    'nominativo naam vollenaam namn navn imie imieinazwisko jmeno nimi isim ad adsoyad име именаимефамилия имена имяифамилия имя фио 姓名 名字 お名前 氏名 名前 이름 الاسم الاسمالكامل اسم',
);
const FIRST_NAMES = words(
  'firstname givenname forename vorname prenom prénom primernombre voornaam fornavn förnamn imię first 名',
);
const LAST_NAMES = words(
  'lastname surname nazwisko familyname nachname nomdefamille apellido apellidos cognome sobrenome achternaam efternamn etternavn last фамилия 姓',
);
const PHONE_NAMES = words(
  'phone phonenumber telephone telephonenumber tel telefon telefonnummer mobile mobilenumber mobilephone cell cellphone handy ' +
    'yourphone yourtel telefono telefone telefoonnummer telefoon telephoneportable portable movil celular cellulare komorka numertelefonu телефон ' +
    'телефоненномер номертелефона мобилен 电话 手机 手机号 电话号码 電話 電話番号 전화번호 الهاتف رقمالهاتف الجوال whatsapp',
);
const MESSAGE_NAMES = words(
  'message yourmessage msg comment comments question questions enquiry inquiry text body content details description feedback ' +
    'note notes remarks nachricht ihrenachricht anfrage kommentar mensaje mensagem comentario comentarios messaggio commento bericht opmerking ' +
    'votremessage commentaire commentaires wiadomosc tresc uwagi komentarz zprava meddelande melding besked viesti mesaj съобщение въпрос коментар сообщение вопрос ' +
    'комментарий 留言 消息 内容 信息 お問い合わせ内容 メッセージ 메시지 الرسالة رسالة رسالتك',
);

/** Fields that pages add for themselves: proofs against forgery and robots. */
const TECHNICAL =
  /^(?:csrf|xsrf|authenticitytoken|grecaptcharesponse|hcaptcharesponse|cfturnstileresponse|submit|utf8)/;

/** `Your E-mail*` and `your_email` and `fields[email]` are one name. */
function plainName(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/^(?:fields?|form|data|contact)\[([^\]]+)\]$/, '$1')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Sorts the fields of a form. Names that begin with an underscore steer us and are not stored. */
export function readForm(payload: JsonObject, names: FieldNames): FormReading {
  const fields = Object.entries(payload).flatMap(([name, value]): [string, string][] => {
    const isOurs =
      name.startsWith('_') || isConsentField(name) || name === names.honeypot || TECHNICAL.test(plainName(name));
    const text = isOurs ? null : fieldText(value);
    return text === null ? [] : [[name, text]];
  });
  const visible = new Map(fields.slice(0, MAX_FIELDS * 4).filter(([name]) => !isSecretField(name)));
  const pick = (chosen: string | null, usual: ReadonlySet<string>) => pickField(visible, chosen, usual);
  const textAt = (field: string | null) => (field === null ? null : (visible.get(field) ?? null));
  const email = pickEmail(visible, names.emailField);
  const nameFields = pickName(pick(names.nameField, NAME_NAMES), pick(null, FIRST_NAMES), pick(null, LAST_NAMES));
  const usualPhone = pick(names.phoneField, PHONE_NAMES);
  // A number we cannot read is still worth showing, so it stays among the others.
  const phone = normalisePhone(textAt(usualPhone), names.country) === null ? null : usualPhone;
  const message = pick(names.messageField, MESSAGE_NAMES) ?? longText(visible, [email, phone, ...nameFields]);
  const used: ReadonlySet<string | null> = new Set([email, phone, message, ...nameFields]);
  const others = fields.filter(([field]) => !used.has(field)).slice(0, MAX_FIELDS);
  return {
    isEmpty: fields.length === 0,
    email: textAt(email),
    name: textOf(nameFields.flatMap((field) => textAt(field) ?? []).join(' '), NAME_LIMIT),
    phone: textAt(phone),
    message: textAt(message),
    others: Object.fromEntries(others.map(([field, text]) => [textOf(field, 100) ?? '', masked(field, text)])),
  };
}

/** Fields that make up the name, in order. Beside a first name, `name` (French `nom`) is the family's. */
function pickName(name: string | null, first: string | null, last: string | null): readonly string[] {
  const parts = first === null ? [name, last] : [first, last ?? name];
  return [...new Set(parts.filter((part) => part !== null))];
}

const masked = (name: string, text: string): string => (isSecretField(name) || looksLikeCard(text) ? MASK : text);

/** Text of a field; several values of one name (check boxes) are put in a row. */
function fieldText(value: Json): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!Array.isArray(value)) return textOf(value, TEXT_LIMIT);
  return textOf(
    value
      .slice(0, MAX_FIELDS)
      .flatMap((part) => fieldText(part) ?? [])
      .join(', '),
    TEXT_LIMIT,
  );
}

type Fields = ReadonlyMap<string, string>;

function pickField(fields: Fields, chosen: string | null, usual: ReadonlySet<string>): string | null {
  if (chosen !== null) return fields.has(chosen) ? chosen : null;
  return [...fields.keys()].find((name) => usual.has(plainName(name))) ?? null;
}

/** By the owner's choice, else by name, else whatever has the shape of an address. */
function pickEmail(fields: Fields, chosen: string | null): string | null {
  const addresses = [...fields].filter(([, text]) => normaliseEmail(text) !== null).map(([name]) => name);
  if (chosen !== null) return addresses.includes(chosen) ? chosen : null;
  return firstOf(
    addresses.find((name) => EMAIL_NAMES.has(plainName(name))),
    addresses.find((name) => /mail|correo|courriel|почт|имеил/.test(plainName(name))),
    addresses[0],
  );
}

/** A field of several lines is what the person had to say, whatever it is called. */
const longText = (fields: Fields, taken: readonly (string | null)[]): string | null =>
  [...fields].find(([name, text]) => !taken.includes(name) && text.includes('\n'))?.[0] ?? null;
