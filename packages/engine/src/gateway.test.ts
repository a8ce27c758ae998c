import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {XPublisher, Pull, Push} from 'zeromq';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {openGateway, type Gateway, type GatewayEndpoints, type GatewayPath} from './gateway.ts';

let folder = '';
const closers: (() => unknown)[] = [];
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'tandem-gw-')); });
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(folder, {recursive: true, force: true});
});

const keep = <S extends {close(): unknown}>(socket: S): S => {
  closers.push(() => socket.close());
  return socket;
};

describe.each(['fast', 'zeromq'] as const)('%s', (transport) => {
  const endpoints = (more: Partial<GatewayEndpoints> = {}): GatewayEndpoints => ({
    in: `ipc://${join(folder, 'in')}`, out: `ipc://${join(folder, 'out')}`, inConnect: false, outConnect: false, inPattern: 'pull', insecurePlaintext: null, transport, ...more,
  });

  /** A gateway whose path answers each message with its copies. */
  const start = async (more: Partial<GatewayEndpoints> = {}, copies = 1): Promise<{gateway: Gateway; ended: Promise<void>; ends: GatewayEndpoints}> => {
    const ends = endpoints(more);
    const gateway = await openGateway(ends);
    const path: GatewayPath = {
      accept: (message) => {
        const answer = Buffer.from(message);
        for (let n = 0; n < copies; n++) gateway.send(answer);
      },
      flush: () => undefined,
    };
    const ended = gateway.run(path);
    closers.push(async () => {
      gateway.stop();
      await ended.catch(() => undefined);
    });
    return {gateway, ended, ends};
  };

  const clients = (ends: GatewayEndpoints): {push: Push; pull: Pull} => {
    const push = keep(new Push({linger: 0}));
    const pull = keep(new Pull());
    push.connect(ends.in);
    pull.connect(ends.out);
    return {push, pull};
  };

  test('answers in order and loses nothing; each part is a message', async () => {
    const {gateway, ends} = await start({}, 2);
    const {push, pull} = clients(ends);
    const sending = (async () => {
      for (let n = 0; n < 5000; n++) await push.send(n % 10 === 0 ? [`${n}a`, `${n}b`] : [`${n}a`]);
    })();
    const expected = Array.from({length: 5000}, (_, n) => n % 10 === 0 ? [`${n}a`, `${n}a`, `${n}b`, `${n}b`] : [`${n}a`, `${n}a`]).flat();
    const heard: string[] = [];
    while (heard.length < expected.length) heard.push(String((await pull.receive())[0]));
    await sending;
    expect(heard).toEqual(expected);
    expect(gateway.counts).toMatchObject({transport, received: 5000, sent: expected.length, abandoned: 0});
  });

  test('connects too, and hears publishers', async () => {
    const publisher = keep(new XPublisher({linger: 0}));
    const pull = keep(new Pull());
    await publisher.bind(`ipc://${join(folder, 'in')}`);
    await pull.bind('tcp://127.0.0.1:*');
    await start({inPattern: 'sub', inConnect: true, outConnect: true, out: pull.lastEndpoint!});
    await publisher.receive();
    for (let n = 0; n < 100; n++) await publisher.send(`p${n}`);
    const heard: string[] = [];
    while (heard.length < 100) heard.push(String((await pull.receive())[0]));
    expect(heard).toEqual(Array.from({length: 100}, (_, n) => `p${n}`));
  });

  test('while nobody takes outputs the input waits; then all comes, in order', async () => {
    const {gateway, ends} = await start();
    const push = keep(new Push({linger: 0, sendHighWaterMark: 10, sendTimeout: 400}));
    push.connect(ends.in);
    let taken = 0;
    const filler = 'x'.repeat(2000);
    while (await push.send(`${taken} ${filler}`).then(() => true, () => false)) taken++;
    expect(gateway.isBlocked).toBe(true);
    expect(gateway.counts.queuedMax).toBeLessThan(300);
    const pull = keep(new Pull());
    pull.connect(ends.out);
    for (let n = 0; n < taken; n++) expect(String((await pull.receive())[0]).split(' ', 1)[0]).toBe(String(n));
    expect(gateway.counts).toMatchObject({received: taken, sent: taken, backPressure: expect.any(Number) as number});
  });

  test('sends what is decided outside of an input, too', async () => {
    const {gateway, ends} = await start();
    const {pull} = clients(ends);
    gateway.send(Buffer.from('by itself'));
    expect(String((await pull.receive())[0])).toBe('by itself');
  });

  test('a stop answers what has arrived and ends the run', async () => {
    const {gateway, ended, ends} = await start();
    const {push, pull} = clients(ends);
    for (let n = 0; n < 500; n++) await push.send(`${n}`);
    await sleep(100);
    gateway.stop();
    const heard: string[] = [];
    while (heard.length < 500) heard.push(String((await pull.receive())[0]));
    await ended;
    expect(heard.at(-1)).toBe('499');
    expect(gateway.counts).toMatchObject({received: 500, sent: 500, abandoned: 0});
  });

  test('outputs that nobody takes are given up at the end, and counted', async () => {
    const {gateway, ended, ends} = await start();
    const push = keep(new Push({linger: 0}));
    push.connect(ends.in);
    for (let n = 0; n < 5; n++) await push.send(`${n}`);
    await sleep(200);
    gateway.stop();
    await ended;
    expect(gateway.counts.abandoned).toBeGreaterThan(0);
  });

  test('says which endpoint is taken or is not on this machine', async () => {
    const {ends} = await start();
    await expect(openGateway({...ends, out: `ipc://${join(folder, 'other')}`})).rejects.toMatchObject({detail: {id: 'TDM-E402', where: ends.in}});
    await expect(openGateway({...ends, in: `ipc://${join(folder, 'other')}`})).rejects.toMatchObject({detail: {id: 'TDM-E402', where: ends.out}});
    await expect(openGateway(endpoints({in: 'tcp://0.0.0.0:1'}))).rejects.toMatchObject({detail: {id: 'TDM-E403', where: 'tcp://0.0.0.0:1'}});
  });
});

test('unless told otherwise it is fast where it can be', async () => {
  const places = {in: `ipc://${join(folder, 'in')}`, out: 'tcp://127.0.0.1:*', inConnect: false, outConnect: false, insecurePlaintext: null, transport: null} as const;
  const path: GatewayPath = {accept: () => undefined, flush: () => undefined};
  for (const [inPattern, transport] of [['pull', 'fast'], ['sub', 'zeromq']] as const) {
    const gateway = await openGateway({...places, inPattern});
    expect(gateway.counts.transport).toBe(transport);
    const ended = gateway.run(path);
    gateway.stop();
    await ended;
  }
  await expect(openGateway({...places, inPattern: 'pull', in: 'tcp://192.0.2.1:5555'})).rejects.toMatchObject({detail: {id: 'TDM-E403'}});
  await expect(openGateway({...places, inPattern: 'sub', transport: 'fast'})).rejects.toMatchObject({detail: {id: 'TDM-E401'}});
});

test('a path that throws ends the run with its error', async () => {
  const gateway = await openGateway({in: `ipc://${join(folder, 'in')}`, out: `ipc://${join(folder, 'out')}`, inConnect: false, outConnect: false, inPattern: 'pull', insecurePlaintext: null, transport: 'fast'});
  const ended = gateway.run({accept: () => { throw new Error('a bug'); }, flush: () => undefined});
  const push = keep(new Push({linger: 0}));
  push.connect(`ipc://${join(folder, 'in')}`);
  await push.send('x');
  await expect(ended).rejects.toThrow('a bug');
});
