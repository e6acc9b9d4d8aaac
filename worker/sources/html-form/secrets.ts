/**
 * Fields nobody should have put on a contact form, and whose values must not reach the database: passwords, payment cards,
 * bank accounts, government numbers. Their names stay, so that the owner sees what the form asks for.
 */
const SECRET_WORDS: ReadonlySet<string> = new Set(
  (
    'password passwd passcode passphrase pwd pass pin card cvv cvc cvn csc iban bban ssn pesel egn secret token apikey ' +
    'passport passwort kennwort contrasena clave motdepasse senha parola haslo hasło heslo losenord wachtwoord salasana sifre парола пароль ' +
    '密码 密碼 パスワード 비밀번호 егн'
  )
    .split(' ')
    .map(plainText),
);
const SECRET_PHRASES =
  /password|passwort|creditcard|cardnumber|cardno|ccnum|cardholder|securitycode|socialsecurity|accountnumber|routingnumber|sortcode|kreditkart|kartennummer|tarjeta|cartecredit|cartadicredito|nationalid|idnumber|taxid|passport|كلمةالمرور|kodcvv/;

/** True for the name of a field whose value is not stored. */
export function isSecretField(name: string): boolean {
  const parts = plainText(name.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')).split(/[^\p{L}\p{N}]+/u);
  return parts.some((part) => SECRET_WORDS.has(part)) || SECRET_PHRASES.test(parts.join(''));
}

/** Lower case without accents, so that one spelling of a word finds all. */
function plainText(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** True for a whole value that is a payment card's number: 13 to 19 digits that pass Luhn's check (ISO/IEC 7812-1). */
export function looksLikeCard(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  if (!/^[2-6]\d{12,18}$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
