import type { Config } from '../config.ts';
import { leadsHere } from '../loopback.ts';
import { type Milliseconds, seconds } from '../time.ts';
import { type Finding, findingsOn } from './findings.ts';

const { ok, warn, wrong } = findingsOn('reach');

/** A server that answers later than this does not answer people either. */
const TIMEOUT = seconds(5);

/** More than a page of this server has. */
const MOST_READ = 256 * 1024;

/**
 * Whether what people and mailed links open reaches this server, or something else that the proxy in
 * front forwards it to.
 */
export async function checkReach(
  { baseUrl, linksUrl }: Pick<Config, 'baseUrl' | 'linksUrl'>,
  timeout: Milliseconds = TIMEOUT,
): Promise<Finding[]> {
  // Pages of a frontend's own may stand where mailed links lead.
  const pages = linksUrl === baseUrl ? ['/verify', '/reset'] : [];
  const paths = ['/health', ...pages];
  const outcomes = await Promise.all(paths.map((path) => ask(baseUrl + path, timeout)));
  const astray = paths.filter((_, at) => outcomes[at] === 'other');
  if (astray.length > 0) return [wrong(somewhereElse(baseUrl, astray))];
  if (outcomes.every((outcome) => outcome === 'ours')) {
    return [ok(`${paths.map((path) => baseUrl + path).join(', ')} reach this server.`)];
  }
  const text = `${baseUrl} does not answer within ${timeout / 1000} s`;
  return [
    leadsHere(baseUrl)
      ? ok(`${text}: the server is not running.`)
      : warn(`${text}. If the server is running, set BASE_URL to the address that people use.`),
  ];
}

function somewhereElse(baseUrl: string, paths: readonly string[]): string {
  const links = paths.includes('/health')
    ? 'Set BASE_URL to the address of this server, or'
    : 'Mailed links do not work: set LINKS_URL to where their pages are, or';
  return (
    `${paths.map((path) => baseUrl + path).join(', ')} lead to something else than this server. ` +
    `${links} let the proxy forward these paths (docs/guides/frontend.md).`
  );
}

/** Pages of this server name its stylesheet, and its health has a request id. */
async function ask(url: string, timeout: Milliseconds): Promise<'ours' | 'other' | 'silent'> {
  try {
    const answer = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(timeout),
      headers: { accept: 'text/html, application/json' },
    });
    const text = (await answer.text()).slice(0, MOST_READ);
    const ours = url.endsWith('/health')
      ? text === '{"status":"ok"}' && answer.headers.has('x-request-id')
      : text.includes('/assets/gatehouse-');
    return ours ? 'ours' : 'other';
  } catch {
    return 'silent';
  }
}
