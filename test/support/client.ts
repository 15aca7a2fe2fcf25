/** What a test sends; `json` and `form` set the body and its content type. */
export interface Sent {
  json?: unknown;
  form?: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer> | ReadableStream;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed body; undefined when it is no JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects
  json: any;
  /** The `Set-Cookie` lines of this answer. */
  cookies: string[];
}

/** A browser as far as cookies go: keeps what it is given and sends it back. */
export class Client {
  private readonly jar = new Map<string, string>();

  constructor(
    private readonly fetch: (request: Request) => Response | Promise<Response>,
    private readonly base: string,
    private readonly headers: Record<string, string> = {},
  ) {}

  get = (path: string, sent: Sent = {}) => this.request('GET', path, sent);
  post = (path: string, sent: Sent = {}) => this.request('POST', path, sent);

  async request(method: string, path: string, { json, form, body, headers }: Sent = {}) {
    const sent = new Headers({ ...this.headers, ...headers });
    if (this.jar.size > 0 && !sent.has('cookie')) sent.set('cookie', this.cookieHeader());
    if (json !== undefined) sent.set('content-type', 'application/json');
    if (form) sent.set('content-type', 'application/x-www-form-urlencoded');
    const content =
      json !== undefined
        ? JSON.stringify(json)
        : form
          ? new URLSearchParams(form).toString()
          : (body ?? null);
    const request = new Request(new URL(path, this.base), {
      method,
      headers: sent,
      body: content,
    });
    return this.keep(await this.fetch(request));
  }

  /** The value of a cookie; undefined when there is none. */
  cookie(name: string): string | undefined {
    return this.jar.get(name);
  }

  setCookie(name: string, value: string): void {
    this.jar.set(name, value);
  }

  /** A second browser with the same cookies. */
  copy(): Client {
    const copy = new Client(this.fetch, this.base, this.headers);
    for (const [name, value] of this.jar) copy.setCookie(name, value);
    return copy;
  }

  private cookieHeader(): string {
    return [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  private async keep(response: Response): Promise<Answer> {
    const cookies = response.headers.getSetCookie();
    for (const line of cookies) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      const name = pair.slice(0, at);
      if (/; *max-age=0/i.test(line)) this.jar.delete(name);
      else this.jar.set(name, pair.slice(at + 1));
    }
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: parsed(text),
      cookies,
    };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
