import { describe, expect, it } from 'vitest';
import type { PostalAddress } from '../../schema/touchpoint.ts';
import { placeOf, postalKey } from '../../worker/record/identity/postal-key.ts';

/** Postal addresses as they are compared: many ways of writing one are one, and near misses are not. */
type Written = readonly [street: string | readonly string[], postalCode?: string, city?: string, country?: string];
const addressOf = ([street, postalCode = null, city = null, country = null]: Written | readonly (string | null)[]) =>
  ({ lines: typeof street === 'string' ? [street] : street, postalCode, city, country }) as PostalAddress;
const keyOf = (written: Written) => postalKey(addressOf(written));

const ONE_ADDRESS: readonly (readonly Written[])[] = [
  [
    ['Lange Viestraat 12 B', '3511 AB', 'Utrecht', 'NL'],
    ['lange viestr. 12b', '3511ab', 'UTRECHT', 'Netherlands'],
    ['Langeviestraat 12-b', 'NL-3511 AB', 'Utrecht', 'nl'],
    [['12B', 'Lange Viestraat'], '3511AB', 'Gemeente Utrecht', 'NL'],
  ],
  [
    ['Müllerstraße 5', '13353', 'Berlin', 'DE'],
    ['Muellerstr. 5', 'D-13353', 'Berlin', 'Germany'],
    ['MÜLLER STRASSE 05', '13353', 'Berlin-Wedding', 'DE'],
    [['Müllerstraße', 'Hausnummer 5'], '13353', '', 'DE'],
  ],
  [
    ['ul. Długa 12/3', '31-146', 'Kraków', 'PL'],
    ['Dluga 12 m. 3', '31146', 'Krakow', 'PL'],
    [['ulica Długa 12', 'lok. 3'], 'PL 31-146', 'KRAKÓW', 'Poland'],
  ],
  [
    ['ул. Иван Вазов № 7, ап. 4', '1000', 'София', 'BG'],
    ['ul. Ivan Vazov 7, ap. 4', '1000', 'Sofia', 'BG'],
    [['Ivan Vazov 7', 'Apartment 4'], '1000', 'Sofia', 'Bulgaria'],
  ],
  [
    ['969 Market Street, Apt 4', '94103', 'San Francisco', 'US'],
    [['969 MARKET ST', '#4'], '94103-1234', 'SF', 'United States'],
    [['Unit 4', '969 Market St.'], '94103', 'San Francisco', 'US'],
  ],
  [
    ['12 E Main St', '60601', 'Chicago', 'US'],
    ['12 East Main Street', '60601', 'Chicago', 'US'],
  ],
  [
    ['4 bis, rue de l’Église', '75015', 'Paris', 'FR'],
    ["4bis Rue de l'Eglise", '75015', 'PARIS', 'France'],
  ],
  [
    ['C/ Mayor, 5, piso 2', '28013', 'Madrid', 'ES'],
    ['Calle Mayor nº 5 - 2', '28013', 'Madrid', 'ES'],
  ],
  [
    ['１−９−１ 丸の内', '100-0005', '東京', 'JP'],
    ['丸の内1丁目9番1号', '1000005', 'Tokyo', 'Japan'],
  ],
  [
    ['شارع الملك فهد ١٢', '12345', 'الرياض', 'SA'],
    ['شارع الملك فهد 12', '12345', 'Riyadh', 'Saudi Arabia'],
  ],
  [
    ['12 Harbour Road', '', 'Wan Chai', 'HK'],
    ['12 Harbour Rd.', '', 'WAN CHAI', 'Hong Kong SAR China'],
  ],
];

const NO_CODE: readonly string[] = ['', '00000', '000-0000', '٠٠٠٠٠', '999999', 'N/A', 'none', '-', '0'];

const NEAR_MISSES: readonly (readonly [what: string, one: Written, other: Written])[] = [
  ['the house next door', ['Oak Road 12', 'N1 9GU', 'London', 'GB'], ['Oak Road 14', 'N1 9GU', 'London', 'GB']],
  ['a house with a letter', ['Oak Road 12', 'N1 9GU', 'London', 'GB'], ['Oak Road 12a', 'N1 9GU', 'London', 'GB']],
  [
    'another flat',
    ['Oak Road 12, Flat 3', 'N1 9GU', 'London', 'GB'],
    ['Oak Road 12, Flat 4', 'N1 9GU', 'London', 'GB'],
  ],
  ['no flat', ['Oak Road 12, Flat 3', 'N1 9GU', 'London', 'GB'], ['Oak Road 12', 'N1 9GU', 'London', 'GB']],
  ['house and flat the other way', ['ul. Długa 12/3', '31-146', 'Kraków'], ['ul. Długa 3/12', '31-146', 'Kraków']],
  ['another town by its code', ['Hauptstr. 5', '10115', 'Berlin', 'DE'], ['Hauptstr. 5', '80331', 'München', 'DE']],
  ['another town by its name', ['Main St 5', '', 'Springfield', 'US'], ['Main St 5', '', 'Shelbyville', 'US']],
  ['another town with no code', ['Main Road 5', '00000', 'Dubai', 'AE'], ['Main Road 5', '00000', 'Abu Dhabi', 'AE']],
  ['another town with none', ['Main Road 5', 'N/A', 'Dubai', 'AE'], ['Main Road 5', 'N/A', 'Abu Dhabi', 'AE']],
  ['another country', ['Kirchgasse 5', '1010', 'Wien', 'AT'], ['Kirchgasse 5', '1010', 'Lausanne', 'CH']],
  ['another kind of road', ['5 Oak Street', '60601', 'Chicago', 'US'], ['5 Oak Avenue', '60601', 'Chicago', 'US']],
  ['the other end of a road', ['12 E Main St', '60601', 'Chicago', 'US'], ['12 W Main St', '60601', 'Chicago', 'US']],
  ['a numbered street', ['12 5th Ave', '10001', 'New York', 'US'], ['12 6th Ave', '10001', 'New York', 'US']],
];

describe('a postal address is the same', () => {
  for (const ways of ONE_ADDRESS)
    it(`however it is written: ${ways[0]?.[0]}`, () => {
      const keys = ways.map(keyOf);
      expect(keys[0]).not.toBeNull();
      expect(keys).toEqual(keys.map(() => keys[0]));
    });
});

describe('a town without postal codes is the same', () => {
  for (const code of NO_CODE)
    it(`with “${code}” where one has to be written`, () =>
      expect(keyOf(['Main Road 5', code, 'Dubai', 'AE'])).toBe(keyOf(['Main Road 5', '', 'Dubai', 'AE'])));
});

describe('a postal address is another for', () => {
  for (const [what, one, other] of NEAR_MISSES)
    it(what, () => {
      expect(keyOf(one)).not.toBeNull();
      expect(keyOf(other)).not.toBeNull();
      expect(keyOf(one)).not.toBe(keyOf(other));
    });
});

describe('nothing is made of', () => {
  const TOO_LITTLE: readonly Written[] = [
    ['Oak Road', 'N1 9GU', 'London', 'GB'],
    ['12', 'N1 9GU', 'London', 'GB'],
    ['Oak Road 12', '', '', 'GB'],
    ['', '10115', 'Berlin', 'DE'],
    [' ,.-', '10115', 'Berlin', 'DE'],
  ];
  for (const written of TOO_LITTLE) it(JSON.stringify(written), () => expect(keyOf(written)).toBeNull());

  it('a street of endless length, and it takes no time', () => {
    const began = performance.now();
    for (const piece of ['1 a ', '٣', 'str', 'ß ', ', ', 'ae', '\u0301'])
      keyOf([Array.from({ length: 50 }, () => piece.repeat(20_000)), '10115', 'Berlin', 'DE']);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

it('in clear only the town and the country are kept', () => {
  expect(placeOf(addressOf(['Oak Road 12', 'N1 9GU', ' London ', 'United Kingdom']))).toBe('London, GB');
  expect(placeOf(addressOf(['Oak Road 12', 'N1 9GU', 'London']))).toBe('London');
  expect(placeOf(addressOf(['Oak Road 12', 'N1 9GU']))).toBeNull();
});
