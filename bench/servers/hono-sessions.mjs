import { serve } from '@hono/node-server';
import { createApp } from '../workers/hono-sessions-app.mjs';

const app = createApp(process.env);
serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' });
