import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Site {
  port: number;
  close(): void;
}

/** A site of somebody's own: one page, which may carry a form that goes elsewhere (`?action=`). */
export async function startSite(): Promise<Site> {
  const server = http.createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const status = pathname === '/' ? 200 : 404;
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
    response.end(status === 200 ? page(searchParams) : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** All parameters but `action` are fields of the form, which nobody sees. */
function page(query: URLSearchParams): string {
  const action = query.get('action');
  const fields = [...query].filter(([name]) => name !== 'action');
  const inputs = fields.map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  const form = `<form method="post" action="${escaped(action ?? '')}">${inputs.join('')}<button>Win</button></form>`;
  return `<!DOCTYPE html><html lang="en"><head><title>Elsewhere</title><link rel="icon" href="data:,"></head><body><h1>Elsewhere</h1>${action ? form : ''}</body></html>`;
}

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
