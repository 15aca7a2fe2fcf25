import { describe, expect, it } from 'vitest';
import guide from '../../docs/guides/your-own-routes.md?raw';
import notesCode from '../../examples/notes/notes.ts?raw';
import { noteRoutes } from '../../examples/notes/routes.ts';
import routesCode from '../../examples/notes/routes.ts?raw';
import { createTestApp, sql } from '../support/app.ts';

/** An app with the routes of the guide, mounted as it says: behind everything of our own. */
async function createNotesApp() {
  const app = await createTestApp();
  app.app.route('/', noteRoutes(app.services));
  await app.sql(sql`DROP TABLE IF EXISTS notes`);
  await app.sql(sql`CREATE TABLE notes (id text PRIMARY KEY, user_id text NOT NULL, text text)`);
  return app;
}

describe('the guide to your own routes', () => {
  it('shows the code that is tried here', () => {
    expect(guide).toContain(`\`\`\`ts\n${notesCode}\`\`\``);
    expect(guide).toContain(`\`\`\`ts\n${routesCode}\`\`\``);
  });

  it('keeps notes for whoever is signed in', async () => {
    const app = await createNotesApp();
    const ada = (await app.registered('ada@example.com')).client;
    const created = await ada.post('/notes', { json: { text: 'Call Charles' } });
    expect(created.status).toBe(201);
    const { note } = created.json;
    expect((await ada.get('/notes')).json.notes).toEqual([note]);
    expect((await ada.get(`/notes/${note.id}`)).json.note).toEqual(note);
  });

  it('answers 404 for a note of somebody else, as for one that does not exist', async () => {
    const app = await createNotesApp();
    const ada = (await app.registered('ada@example.com')).client;
    const bob = (await app.registered('bob@example.com')).client;
    const { note } = (await ada.post('/notes', { json: { text: 'Mine' } })).json;
    const foreign = await bob.get(`/notes/${note.id}`);
    const missing = await bob.get('/notes/none');
    expect([foreign.status, missing.status]).toEqual([404, 404]);
    expect((await bob.get('/notes')).json.notes).toEqual([]);
  });

  it('lets no visitor in, and takes no owner from the request', async () => {
    const app = await createNotesApp();
    const { client, user } = await app.registered('ada@example.com');
    expect((await app.client().get('/notes')).status).toBe(401);
    expect((await app.client().post('/notes', { json: { text: 'x' } })).status).toBe(401);
    const forged = await client.post('/notes', { json: { text: 'x', userId: 'somebody' } });
    expect(forged.status).toBe(400);
    await client.post('/notes', { json: { text: 'x' } });
    expect((await client.get('/notes')).json.notes[0].userId).toBe(user.id);
  });
});
