import http from 'node:http';
import https from 'node:https';
import { Fault } from '../errors.ts';
import { isRead } from './commands.ts';
import { REST_TIMEOUT, type RestStore, type RestTransport } from './rest-transport.ts';

/** Kept-alive connections of `node:http`, which cost a tenth of what Node's `fetch` does. */
export function createKeepAlive({ url, token, timeout = REST_TIMEOUT }: RestStore): RestTransport {
  const base = new URL(url.endsWith('/') ? url : `${url}/`);
  const { request, Agent } = base.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 16 });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };

  const { hostname, port, pathname } = base;
  const options = {
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port,
    method: 'POST',
    agent,
    headers,
  };

  function send(path: string, body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const sent = request({ ...options, path }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk) => {
          text += chunk;
        });
        answer.on('error', reject);
        answer.on('end', () => {
          if (answer.statusCode === 200) resolve(text);
          else reject(new Fault('redis', `HTTP status ${answer.statusCode}`));
        });
      });
      const late = () => sent.destroy(new Fault('redis', 'no answer in time'));
      const timer = setTimeout(late, timeout);
      sent.on('close', () => clearTimeout(timer));
      sent.on('error', (error: NodeJS.ErrnoException) => {
        const stale = sent.reusedSocket && error.code === 'ECONNRESET';
        reject(stale ? new StaleConnection('redis', 'connection closed') : error);
      });
      sent.end(body);
    });
  }

  return {
    async post(path, command) {
      const target = pathname + path.join('/');
      const body = JSON.stringify(command);
      const answer = await send(target, body).catch((error) => {
        if (!(error instanceof StaleConnection) || !isRead(command)) throw error;
        return send(target, body);
      });
      return JSON.parse(answer);
    },
    close: () => agent.destroy(),
  };
}

/**
 * The server closed an idle connection just as it was used again. Only a read is sent once more: a
 * write may have been carried out.
 */
class StaleConnection extends Fault {}
