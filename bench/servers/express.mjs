import { randomUUID } from 'node:crypto';
import bcrypt from 'bcryptjs';
import { RedisStore } from 'connect-redis';
import express from 'express';
import session from 'express-session';
import Database from 'libsql';
import passport from 'passport';
import { Strategy } from 'passport-local';
import { createClient } from 'redis';

/**
 * Peer (a): express-session with connect-redis over TCP, passport-local and bcryptjs, users in a
 * libSQL file. As the guides of each have it: nothing stored for visitors, a new session id at
 * login, who is signed in kept in the session, so that a read asks no database.
 */
const { PORT, REDIS_URL, FILE, SECRET, COST } = process.env;

const db = new Database(FILE);
db.pragma('journal_mode = WAL');
db.exec('CREATE TABLE users (id TEXT PRIMARY KEY, email TEXT UNIQUE NOT NULL, hash TEXT NOT NULL)');
const insert = db.prepare('INSERT INTO users VALUES (?, ?, ?)');
const byEmail = db.prepare('SELECT * FROM users WHERE email = ?');

const redis = await createClient({ url: REDIS_URL }).connect();
const store = new RedisStore({ client: redis });

passport.use(
  new Strategy({ usernameField: 'email' }, async (email, password, done) => {
    try {
      const user = byEmail.get(email);
      const matches = user !== undefined && (await bcrypt.compare(password, user.hash));
      done(null, matches ? { id: user.id, email: user.email } : false);
    } catch (error) {
      done(error);
    }
  }),
);
passport.serializeUser((user, done) => done(null, { id: user.id, email: user.email }));
passport.deserializeUser((user, done) => done(null, user));

const app = express();
app.disable('x-powered-by');
app.use(express.json());
app.use(
  session({
    store,
    secret: SECRET,
    resave: false,
    saveUninitialized: false,
    cookie: { sameSite: 'lax', maxAge: 24 * 60 * 60 * 1000 },
  }),
);
app.use(passport.authenticate('session'));

app.post('/auth/register', async (req, res, next) => {
  const { email, password } = req.body;
  const user = { id: randomUUID(), email };
  insert.run(user.id, email, await bcrypt.hash(password, Number(COST)));
  req.login(user, (error) => (error ? next(error) : res.status(201).json({ user })));
});
app.post('/auth/login', passport.authenticate('local'), (req, res) => res.json({ user: req.user }));
app.post('/auth/logout', (req, res, next) => {
  req.logout((error) => (error ? next(error) : res.sendStatus(204)));
});
app.get('/auth/session', (req, res) => res.json({ user: req.user ?? null }));

// The store knows no owner, so all of it is gone through.
const sessionsOf = async ({ id }) =>
  (await store.all()).filter((each) => each.passport?.user.id === id);
app.get('/auth/sessions', async (req, res) => res.json({ sessions: await sessionsOf(req.user) }));
app.delete('/auth/sessions', async (req, res) => {
  const sessions = await sessionsOf(req.user);
  await Promise.all(sessions.map(({ id }) => store.destroy(id)));
  res.json({ revoked: sessions.length });
});

app.listen(Number(PORT), '127.0.0.1');
