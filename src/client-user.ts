type Send = (address: string | URL | Request, init?: RequestInit) => Response | Promise<Response>;

const SAFE_METHODS = new Set(['GET', 'HEAD']);

/** Requests that say themselves whom they are for. */
const NAMES_ITS_USER =
  /\/auth\/(login(\/.*)?|register|password\/(forgot|reset)|email\/verify)(\?|$)/;

/** Requests after which nobody is signed in, when they succeed. */
const SIGNS_OUT = /^(POST .*\/auth\/logout|DELETE .*\/auth\/(user|sessions\?include=current))$/;

/**
 * Wraps `fetch` for the browser's cookie: notes from the answers of `/auth/…` who is signed in, and
 * says so with unsafe requests in `X-Gatehouse-User`, so that a tab which still shows one account
 * changes no other one. Requests that carry their own `Authorization` or `Cookie` are left alone: a
 * program may send them for many users.
 */
export function sayingWhom(send: Send) {
  let user: string | null = null;
  let sent = 0;
  let learnedFrom = 0;

  return async function fetchAs(address: string | URL | Request, init: RequestInit = {}) {
    const headers = new Headers(init.headers);
    if (headers.has('authorization') || headers.has('cookie')) return send(address, init);
    sent += 1;
    const order = sent;
    const method = init.method ?? 'GET';
    const url = String(address instanceof Request ? address.url : address);
    if (user !== null && !SAFE_METHODS.has(method) && !NAMES_ITS_USER.test(url)) {
      headers.set('X-Gatehouse-User', encodeURIComponent(user));
    }
    const answer = await send(address, { ...init, headers });
    const told = await userIn(answer, `${method} ${url}`);
    // An answer that was long on its way knows less than one to a later request.
    if (told !== undefined && order > learnedFrom) {
      user = told;
      learnedFrom = order;
    }
    return answer;
  };
}

/** The id of the user whom an answer names; null: nobody is signed in. undefined: it does not say. */
async function userIn(answer: Response, request: string): Promise<string | null | undefined> {
  if (SIGNS_OUT.test(request) && answer.ok) return null;
  const isJson = answer.headers.get('content-type')?.startsWith('application/json');
  if (!answer.ok || !isJson || !/\/auth\/(session|login|register|user)\b/.test(request)) return;
  const { user } = (await answer.clone().json()) as { user?: { id: string } | null };
  return user === undefined ? undefined : (user?.id ?? null);
}
