import { describe, expect, it } from 'vitest';
import { keyWords } from '../../worker/pages/person-key.ts';
import { visitorKey } from '../../worker/sources/person.ts';

/** What a source calls somebody, as staff read it on "Why is this one person?". */
describe('the words for a person at one source', () => {
  const browser = '7d9f3c52-1b7e-4c3a-9f52-0a1b2c3d4e5f';

  it('name a browser by the first letters of its id', () => {
    expect(keyWords(visitorKey(browser, null))).toEqual({ words: 'a browser', id: '7d9f3c52…', whole: browser });
  });

  it('name whom it claims to be before the browser, colons and all', () => {
    expect(keyWords(visitorKey(browser, 'u:17'))).toEqual({ words: 'a browser as the user', id: 'u:17', whole: null });
  });
});
