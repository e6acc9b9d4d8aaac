import loader from '../../.build/loader.txt';
import manifest from '../../.build/manifest.json';

/** URL path of a built asset by its logical name (`survey`, `styles.css`). @throws when the build has no such asset. */
export function assetPath(name: string): string {
  const path = new Map(Object.entries<string>(manifest)).get(name);
  if (!path) throw new Error(`the build has no asset ${name}`);
  return path;
}

/** The widget's loader, with the token that its configuration takes the place of. */
export const loaderText: string = loader;
