import { Hono } from 'hono';
import * as v from 'valibot';
import type { Database } from '../../src/db/client.ts';
import { late } from '../../src/db/late.ts';
import { refusal } from '../../src/errors.ts';
import { input } from '../../src/http/input.ts';
import { refuse } from '../../src/http/refusal.tsx';
import type { UserEnv } from '../../src/session/guards.ts';

const NewNote = v.object({ text: v.pipe(v.string(), v.minLength(1), v.maxLength(1000)) });

/** Notes of whoever is signed in. Mounted behind `requireUser()`. */
export function noteRoutes({ database }: { database: Database }) {
  const notes = late(async () => (await import('./notes.ts')).createNotes(database));
  return new Hono<UserEnv>()
    .get('/notes', async (c) => c.json({ notes: await notes.of(c.var.user.id) }))
    .post('/notes', input({ schema: NewNote }), async (c) => {
      const note = await notes.add(c.var.user.id, c.req.valid('json').text);
      return c.json({ note }, 201);
    })
    .get('/notes/:id', async (c) => {
      const note = await notes.get(c.var.user.id, c.req.param('id'));
      return note ? c.json({ note }) : refuse(c, refusal('not_found'));
    });
}
