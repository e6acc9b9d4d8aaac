/** Imported before anything that an old Node could trip over, so that it can say in one sentence what is wrong. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Rapport needs Node 20.19 or newer, and this is ${process.version}: install a newer one from nodejs.org.`,
  );
  process.exit(1);
}
