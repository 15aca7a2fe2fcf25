import { Hono } from 'hono';
import { refusal } from '../errors.ts';
import type { AppContext, AppEnv } from '../http/env.ts';
import { jsonObject } from '../http/input.ts';
import { jsonText } from '../http/json-text.ts';
import { JSON_TYPE } from '../http/media-type.ts';
import { query } from '../http/query.ts';
import { refuse } from '../http/refusal.tsx';
import type { Expiry } from './expiry.ts';
import type { StartAnonymous } from './middleware.ts';
import { isSignedIn } from './reader.ts';
import { emptyData } from './record.ts';
import { refusalOf } from './saving.ts';
import { checkPatch, patched, tooLarge } from './session-data.ts';
import type { Sessions } from './sessions.ts';
import { createSignedInJson, type SignedInView } from './views.ts';

export interface SessionRouteParts {
  sessions: Pick<Sessions, 'save'>;
  startAnonymous: StartAnonymous;
  expiry: Pick<Expiry, 'endOf'>;
}

const MERGE_PATCH_TYPE = 'application/merge-patch+json';

/** What a session says of itself, and what it keeps. Mounted behind the session middleware. */
export function sessionRoutes({ sessions, startAnonymous, expiry }: SessionRouteParts) {
  const jsonOf = createSignedInJson(expiry);
  return new Hono<AppEnv>()
    .get('/auth/session', (c) => {
      const live = c.get('live');
      if (!isSignedIn(live)) return c.json({ user: null, session: null });
      return jsonText<SignedInView>(c, jsonOf(live));
    })
    .get('/auth/verify', query('role'), (c) => {
      const user = c.get('live')?.user;
      if (!user) return refuse(c, refusal('not_signed_in'));
      const { role } = c.req.valid('query');
      if (role !== undefined && !user.roles.includes(role)) return refuse(c, refusal('forbidden'));
      c.header('X-Auth-User-Id', headerText(user.id));
      // Whoever registered an address first need not be its holder, so an unconfirmed one is not told.
      // Always sent: a proxy copies it over what a client may have sent under that name.
      c.header('X-Auth-Email', headerText((user.emailVerified && user.email) || ''));
      c.header('X-Auth-Email-Verified', String(user.emailVerified));
      c.header('X-Auth-Roles', headerText(user.roles.join(',')));
      return c.body(null, 204);
    })
    .get('/auth/session/data', (c) => c.json(c.get('live')?.record.data.values ?? {}))
    .patch('/auth/session/data', jsonObject([JSON_TYPE, MERGE_PATCH_TYPE]), async (c) => {
      const patch = c.req.valid('json');
      const live = c.get('live');
      const malformed = checkPatch(patch);
      if (malformed) return refuse(c, malformed);
      if (Object.keys(patch).length === 0) return c.json(live?.record.data.values ?? {});
      if (!live) return startWith(c, patch);

      const outcome = await sessions.save(live, (record) => {
        const values = patched(record.data.values, patch);
        return values && { ...record, data: { ...record.data, values } };
      });
      if (outcome.kind === 'impossible') return refuse(c, tooLarge());
      if (outcome.kind !== 'saved') return refuse(c, refusalOf(outcome.kind));
      c.set('live', outcome.session);
      return c.json(outcome.session.record.data.values);
    });

  async function startWith(c: AppContext, patch: Record<string, unknown>) {
    const values = patched({}, patch);
    if (!values) return refuse(c, tooLarge());
    if (Object.keys(values).length === 0) return c.json({});
    const refused = await startAnonymous(c, { ...emptyData(), values });
    return refused ? refuse(c, refused) : c.json(values);
  }
}

/** Headers hold ASCII: everything else, and what would end a header, as percent-encoded UTF-8. */
const headerText = (text: string) =>
  text.replace(/[^ -$&-~]+/gu, (part) => encodeURIComponent(part));
