import migrations from '../../.build/migrations.json';

/** The state was written by a newer version than this: it must not be touched. */
export class NewerDatabase extends Error {
  override readonly name = 'NewerDatabase';
}

const RECORD = 'INSERT INTO d1_migrations (name) VALUES (?1)';

// wrangler's own table, so that "wrangler d1 migrations list" agrees with what the worker has done.
const CREATE = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)`;

async function applied(db: D1Database): Promise<Set<string>> {
  const exists = await db.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'd1_migrations'`).first();
  if (!exists) await db.prepare(CREATE).run();
  const { results } = await db.prepare('SELECT name FROM d1_migrations').all<{ name: string }>();
  return new Set(results.map((row) => row.name));
}

/**
 * Brings the database to this build's schema: each file in one batch with its own entry, so that a file is applied whole and
 * once even when two isolates start together (the second fails on the unique name and finds it done).
 * @throws NewerDatabase when the database knows migrations that this build does not.
 */
export async function migrate(db: D1Database): Promise<void> {
  const done = await applied(db);
  const unknown = [...done].filter((name) => !migrations.some((migration) => migration.name === name));
  if (unknown.length > 0) throw new NewerDatabase(`the database is from a newer version (${unknown.join(', ')})`);
  for (const { name, statements } of migrations) {
    if (done.has(name)) continue;
    try {
      await db.batch([db.prepare(RECORD).bind(name), ...statements.map((sql) => db.prepare(sql))]);
    } catch (error) {
      if (!(await applied(db)).has(name)) throw error;
    }
  }
}

/** Names of the migrations this build knows. */
export const migrationNames = (): readonly string[] => migrations.map((migration) => migration.name);

const migrated = new WeakMap<D1Database, Promise<void>>();

/** `migrate`, once for each database an isolate sees; a failure is tried again by the next request. */
export function ensureMigrated(db: D1Database): Promise<void> {
  let running = migrated.get(db);
  if (!running) {
    running = migrate(db);
    migrated.set(db, running);
    running.catch(() => migrated.delete(db));
  }
  return running;
}
