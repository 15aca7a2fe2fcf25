/** A `fetch` as a page on this origin has it: paths are on the origin, and cookies come and go. */
export function browserFetch(origin: string): typeof fetch {
  const jar = new Map<string, string>();
  const { fetch } = globalThis;
  return async function browserFetch(input, init) {
    const request = new Request(typeof input === 'string' ? new URL(input, origin) : input, init);
    if (jar.size > 0) {
      request.headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    }
    const response = await fetch(request);
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/; *max-age=0/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
}
