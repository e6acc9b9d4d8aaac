import { normaliseEmail } from '../../../schema/identifiers.ts';

/** Longest name of an organisation, in characters. */
export const MAX_NAME = 200;
/** Longest role of a member, in characters. */
export const MAX_ROLE = 80;

/** A name as it is kept: composed, one space between words. Null for nothing. */
export function tidyName(text: string | null | undefined, most: number = MAX_NAME): string | null {
  const name = (text ?? '').replaceAll('\u0000', '').toWellFormed().normalize('NFC').replace(/\s+/g, ' ').trim();
  return [...name].slice(0, most).join('').trim() || null;
}

/** The form names are compared and sorted in. */
export const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase();

/**
 * Where anybody can have a mailbox: an address there says nothing of whom its holder works for. The widest used of them; a
 * list can never be whole, and a domain only ever suggests.
 */
const FREE_MAIL: ReadonlySet<string> = new Set(
  (
    'gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.fr hotmail.de live.com live.nl msn.com ' +
    'yahoo.com yahoo.co.uk yahoo.co.jp yahoo.fr yahoo.de yahoo.it yahoo.es ymail.com rocketmail.com aol.com ' +
    'icloud.com me.com mac.com proton.me protonmail.com pm.me tutanota.com tuta.com gmx.de gmx.net gmx.at gmx.ch ' +
    'gmx.com web.de t-online.de freenet.de posteo.de mailbox.org arcor.de orange.fr wanadoo.fr free.fr sfr.fr ' +
    'laposte.net libero.it virgilio.it alice.it tin.it wp.pl o2.pl onet.pl interia.pl op.pl abv.bg mail.bg dir.bg ' +
    'seznam.cz centrum.cz mail.ru inbox.ru list.ru bk.ru yandex.ru yandex.com ukr.net i.ua qq.com 163.com 126.com ' +
    'sina.com foxmail.com naver.com hanmail.net daum.net comcast.net verizon.net att.net sbcglobal.net bellsouth.net ' +
    'btinternet.com sky.com talktalk.net virginmedia.com ziggo.nl telenet.be skynet.be bluewin.ch terra.com.br ' +
    'uol.com.br bol.com.br fastmail.com hey.com zoho.com mail.com rediffmail.com telia.com'
  ).split(' '),
);

export const isFreeMail = (domain: string): boolean => FREE_MAIL.has(domain);

/** The domain of an organisation as people write it: `https://www.Acme.example/about`, `acme.example`. Null for none. */
export function domainOf(text: string | null | undefined): string | null {
  const host = (text ?? '')
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/^.*@/, '')
    .replace(/[/?#:].*$/s, '')
    .replace(/^www\./, '');
  // A host is good where an address at it is.
  return normaliseEmail(`a@${host}`)?.slice(2) ?? null;
}
