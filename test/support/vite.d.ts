/** What vite, which runs the tests, puts in the place of this call: the modules of a folder by path. */
interface ImportMeta {
  glob<Module>(
    pattern: string,
    options: { readonly eager: true; readonly import: string },
  ): Readonly<Record<string, Module>>;
}
