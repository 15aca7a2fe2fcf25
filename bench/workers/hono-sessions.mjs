import { createApp } from './hono-sessions-app.mjs';

let app;

/** Peer (c) as a Worker. */
export default {
  fetch(request, env) {
    app ??= createApp(env);
    return app.fetch(request, env);
  },
};
