/**
 * Pictures of every page, light and dark, wide and narrow, into `.build/screenshots/`: `node test/browser/screenshots.mjs`.
 * With `--readme` only the one of the record that the README shows, into `.github/record.png`. Wants `npm run build`.
 */
import { compiled } from '../support/run-ts.mjs';

const { takePictures, takeRecord } = await import(await compiled('browser/pictures.ts'));
await (process.argv.includes('--readme') ? takeRecord() : takePictures());
