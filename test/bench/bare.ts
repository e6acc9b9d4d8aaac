/** What ours is measured against, on the same server: a worker that says one word, and one that inserts one row. */
export const BARE = `
export default {
  async fetch(request, { DB }) {
    const { pathname } = new URL(request.url);
    // Read in any case: workerd closes a connection whose body nobody wants.
    const text = await request.text();
    if (pathname === '/constant') return new Response('ok');
    if (pathname === '/prepare') {
      await DB.prepare('CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, at INTEGER, text TEXT)').run();
      return new Response('ok');
    }
    if (pathname === '/select') {
      await DB.prepare('SELECT 1').first();
      return new Response('ok');
    }
    await DB.prepare('INSERT INTO note (at, text) VALUES (?1, ?2)').bind(Date.now(), text).run();
    return new Response('ok');
  },
};`;
