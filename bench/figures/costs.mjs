import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '../support/client.mjs';
import { countingGateway, countingProxy } from '../support/counting.mjs';
import { signIn, signUp, startSubject } from '../support/subjects.mjs';

/** Milliseconds: longer than anything waits to be done together with others. */
const AFTERWARDS = 300;

const PRELOAD = new URL('../support/count-sql.mjs', import.meta.url).href;
/** At most so many Redis commands, round trips and SQL statements. */
const GOALS = { read: [1, 1, 0], anonymous: [0, 0, 0], login: [4, 3, 2], logout: [3, 2, 0] };

/** What one request asks of Redis and of the database. */
export async function measure({ redis, log }) {
  const proxy = await countingProxy(redis.port);
  const gateway = await countingGateway(redis.restUrl);
  const counted = { ...redis, url: proxy.url, restUrl: gateway.url };
  const costs = {};
  for (const [name, counter] of [
    ['rest', gateway],
    ['express', proxy],
    ['betterAuth', proxy],
  ]) {
    log(name);
    const server = await startSubject(name, counted, {
      cost: 4,
      ipc: true,
      args: [`--import=${PRELOAD}`],
    });
    costs[name] = await costsOf(server, counter);
    await server.stop();
  }
  proxy.close();
  gateway.close();
  return { rows: Object.keys(GOALS).map((request) => rowOf(request, costs)) };
}

async function costsOf(server, counter) {
  const { url, api } = server;
  let statements = 0;
  server.process.child.on('message', () => {
    statements += 1;
  });
  async function costOf(request) {
    await pause(AFTERWARDS);
    counter.take();
    statements = 0;
    const answer = await request();
    // What a server does after it has answered counts too.
    await pause(AFTERWARDS);
    const { commands, trips, names } = counter.take();
    return { cost: [commands, trips, statements], names, answer };
  }

  const { email, cookie } = await signUp(server);
  await expect(200, url, { path: api.read, cookie });
  const read = await costOf(() => expect(200, url, { path: api.read, cookie }));
  const anonymous = await costOf(() => expect(200, url, { path: api.read }));
  const login = await costOf(() => signIn(server, email));
  const { status = 200, ...signOut } = api.signOut;
  const logout = await costOf(() =>
    expect(status, url, { ...signOut, cookie: login.answer.cookies }),
  );
  return { read: read.cost, anonymous: anonymous.cost, login: login.cost, logout: logout.cost };
}

function rowOf(request, costs) {
  const text = (cost) => cost.join(', ');
  const goal = GOALS[request];
  const ours = costs.rest[request];
  return {
    figure: `Redis commands, round trips, SQL: ${request}`,
    ours: text(ours),
    against: '(a); (b)',
    other: `${text(costs.express[request])}; ${text(costs.betterAuth[request])}`,
    ratio: '',
    goal: `≤ ${text(goal)}`,
    met: ours.every((number, i) => number <= goal[i]),
  };
}
