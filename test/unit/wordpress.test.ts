import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';

/** The plugin for WordPress, as the build packs it. */
const root = fileURLToPath(new URL('../../', import.meta.url));
const packed = (): Buffer => {
  const [zip = ''] = readdirSync(`${root}.build/public/assets`).filter((name) =>
    /^rapport-wordpress-.*\.zip$/.test(name),
  );
  return readFileSync(`${root}.build/public/assets/${zip}`);
};
const text = (name: string) => readFileSync(`${root}widgets/wordpress/${name}`, 'utf8');

describe('the plugin for WordPress', () => {
  it('holds its three files in one folder, as they stand in the project', () => {
    const files = unzipSync(packed());
    expect(Object.keys(files).sort()).toEqual(['rapport/rapport.php', 'rapport/readme.txt', 'rapport/uninstall.php']);
    for (const [name, bytes] of Object.entries(files))
      expect(new TextDecoder().decode(bytes)).toBe(text(name.replace('rapport/', '')));
  });

  it('is the same bytes in whatever zone it is built', () => {
    const script = `process.env.TZ = process.argv[1]; const { build } = await import('${root}worker/cli/build.mjs'); console.log((await build())['rapport-wordpress.zip']);`;
    const names = ['Asia/Tokyo', 'America/Los_Angeles'].map((zone) =>
      execFileSync(process.execPath, ['--input-type=module', '-e', script, zone], {
        cwd: root,
        encoding: 'utf8',
        env: { ...process.env, TZ: zone },
      }).trim(),
    );
    expect(names[0]).toMatch(/^\/assets\/rapport-wordpress-[0-9A-F]{8}\.zip$/);
    expect(names[1]).toBe(names[0]);
  });

  it('does nothing when it is called outside WordPress, and prints nothing that is not escaped', () => {
    expect(text('rapport.php')).toMatch(/if \( ! defined\( 'ABSPATH' \) \) \{\s+exit;/);
    expect(text('uninstall.php')).toMatch(/if \( ! defined\( 'WP_UNINSTALL_PLUGIN' \) \) \{\s+exit;/);
    const prints = [...text('rapport.php').matchAll(/\becho\s+(\w+)/g)].map((match) => match[1]);
    expect(prints.length).toBeGreaterThan(0);
    for (const printed of prints) expect(printed).toMatch(/^esc_/);
  });

  it('guards its page by right and nonce, and takes away what it stored', () => {
    const plugin = text('rapport.php');
    expect(plugin).toContain("current_user_can( 'manage_options' )");
    expect(plugin).toContain("settings_fields( 'rapport' )");
    const stored = new Set([...plugin.matchAll(/register_setting\( 'rapport', '(\w+)'/g)].map((match) => match[1]));
    const removed = new Set(
      [...text('uninstall.php').matchAll(/delete_option\( '(\w+)' \)/g)].map((match) => match[1]),
    );
    expect(removed).toEqual(stored);
  });

  it('asks nobody and runs nothing of others', () => {
    for (const name of ['rapport.php', 'uninstall.php'])
      expect(text(name)).not.toMatch(
        /wp_remote_|curl_|file_get_contents|eval\(|base64_decode|\$_(GET|POST|REQUEST|COOKIE)|include|require(?!s)/,
      );
  });

  const hasPhp = spawnSync('php', ['-v']).status === 0;
  if (!hasPhp) console.warn('NOT TESTED: the syntax of the plugin, since there is no php on this machine.');
  it.skipIf(!hasPhp)('is PHP without a fault of syntax', () => {
    for (const name of ['rapport.php', 'uninstall.php'])
      expect(execFileSync('php', ['-l', `${root}widgets/wordpress/${name}`], { encoding: 'utf8' })).toContain(
        'No syntax errors',
      );
  });
});
