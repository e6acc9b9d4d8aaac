import { expect, it } from 'vitest';
import { launchAdvice } from '../support/browser.ts';

it('a browser that finds a library missing says in one line what to install', () => {
  const fault =
    'chromium: error while loading shared libraries: libnss3.so: cannot open shared object file: No such file';
  expect(launchAdvice(fault)).toMatch(/^Chromium .* libnss3\.so.* apt-get install .*libnss3[^\n]*$/);
});
