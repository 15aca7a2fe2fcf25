import { Fault } from '../errors.ts';
import { REST_TIMEOUT, type RestStore, type RestTransport } from './rest-transport.ts';

/** The platform's `fetch`, one request for each command: what Workers have. */
export function createFetchTransport(store: RestStore): RestTransport {
  const { url, token, timeout = REST_TIMEOUT } = store;
  const base = url.replace(/\/+$/, '');
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };

  return {
    async post(path, command) {
      const answer = await fetch([base, ...path].join('/'), {
        method: 'POST',
        headers,
        body: JSON.stringify(command),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeout),
      });
      const text = await answer.text();
      if (answer.status !== 200) throw new Fault('redis', `HTTP status ${answer.status}`);
      return JSON.parse(text);
    },
    close() {},
  };
}
