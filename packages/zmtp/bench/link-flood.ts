// One end of several PUSH/PULL links with our own sockets: node link-flood.ts (push|pull) ENDPOINT...
// Each line on stdin {"link", "count", "size"} sends or takes so many messages as fast as it goes, and is answered when it is done.
import {createInterface} from 'node:readline';
import {bindPull, connectPush, type PushSocket} from '../src/index.ts';

interface Order {
  readonly link: number;
  readonly count: number;
  readonly size: number;
}

const [role, ...endpoints] = process.argv.slice(2);
const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

async function send(push: PushSocket, {count, size}: Order): Promise<object> {
  const message = Buffer.alloc(size, 7);
  for (let n = 0; n < count;) {
    for (const end = Math.min(count, n + 1000); n < end && !push.isBlocked; n++) push.send(message);
    push.flush();
    if (push.isBlocked) await push.whenRoom(10_000);
    else await turn();
  }
  return {count};
}

let obey: (order: Order) => Promise<object>;
if (role === 'push') {
  const pushes = endpoints.map((endpoint) => connectPush({endpoint, flushEachTurn: false}));
  obey = async (order) => await send(pushes[order.link]!, order);
} else {
  let left = 0;
  let done: (() => void) | null = null;
  let firstMs = 0;
  const onMessage = (): void => {
    if (firstMs === 0) firstMs = performance.now();
    left -= 1;
    if (left === 0) done?.();
  };
  await Promise.all(endpoints.map((endpoint) => bindPull({endpoint, onMessage})));
  obey = async ({count}) => {
    left += count;
    firstMs = 0;
    await new Promise<void>((resolve) => {
      done = resolve;
      if (left === 0) resolve();
    });
    return {count, perSecond: count / (performance.now() - firstMs) * 1000};
  };
}
process.stdout.write('ready\n');
createInterface(process.stdin).on('line', (line) => {
  void obey(JSON.parse(line) as Order).then((answer) => process.stdout.write(`${JSON.stringify(answer)}\n`));
}).on('close', () => process.exit(0));
