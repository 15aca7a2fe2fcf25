import http from 'node:http';

/** A current desktop browser's, so that a kept session is as large as it is in use. */
export const USER_AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

const agent = new http.Agent({ keepAlive: true });

/** Sends one request and answers with its status, text, cookies and milliseconds. */
export function send(url, { method = 'GET', path, json, cookie, headers = {} }) {
  const body = json === undefined ? undefined : JSON.stringify(json);
  const all = {
    'user-agent': USER_AGENT,
    ...(method === 'GET' ? {} : { origin: url }),
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    ...(cookie ? { cookie } : {}),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const request = http.request(url + path, { method, agent, headers: all }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => {
        const milliseconds = performance.now() - started;
        const cookies = cookiesOf(response.headers['set-cookie'] ?? []);
        resolve({ status: response.statusCode, text, cookies, milliseconds });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** As `send`; throws when the answer is not the expected status. */
export async function expect(status, url, request) {
  const answer = await send(url, request);
  if (answer.status !== status) {
    const { method = 'GET', path } = request;
    throw new Error(`${method} ${path}: ${answer.status}, not ${status}: ${answer.text}`);
  }
  return answer;
}

/** Whether anything answers there, whatever it says. */
export const answers = (url, path = '/') =>
  send(url, { path, headers: { connection: 'close' } }).then(
    () => true,
    () => false,
  );

/** The `Cookie` header of a browser that was sent these. */
function cookiesOf(lines) {
  return lines.map((line) => line.split(';', 1)[0]).join('; ');
}
