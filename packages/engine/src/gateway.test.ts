import {readFileSync} from 'node:fs';
import {connect, createServer} from 'node:net';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {Dealer, Publisher} from 'zeromq';
import {LaneClient, startLane, type LaneProcess, type LaneSetup} from '../test/lane-process.ts';
import {orderHarness} from '../test/order-harness.ts';
import {START_US, smallRulebook} from '../test/small-rulebook.ts';

const open: {end(): Promise<void>}[] = [];
const start = async (setup: LaneSetup = {}): Promise<LaneProcess> => {
  const lane = await startLane(setup);
  open.push(lane);
  return lane;
};
const clientOf = (lane: LaneProcess): LaneClient => {
  const client = new LaneClient(lane);
  open.unshift({end: async () => { client.close(); }});
  return client;
};
afterEach(async () => {
  for (const each of open.splice(0)) await each.end();
});

let seq = 0;
const tick = (): object => ({msgType: '0', msgSeqNum: ++seq, transactTime: START_US + seq});
const market = (): object => ({msgType: 'W', msgSeqNum: ++seq, transactTime: START_US + seq, symbol: 'BTC', bidPx: '100', askPx: '100'});
const order = (fields: object = {}): object => ({msgType: 'D', msgSeqNum: ++seq, transactTime: START_US + seq, account: 'none', symbol: 'BTC', clOrdId: `c${seq}`, side: '1', ordType: '2', orderQty: '0.01', price: '100', tif: '1', ...fields});
const barrier = (testReqId: string, stateHash = '0'): object => ({msgType: '1', testReqId, stateHash});

describe('the gateway as a program', () => {
  it('answers in order, and the same as the path in process', async () => {
    const client = clientOf(await start());
    const ours = orderHarness(smallRulebook());
    const messages = [market(), ...Array.from({length: 40}, (_, i) => order(i % 5 === 0 ? {price: '0'} : {})), barrier('end', '1')];
    const expected = messages.flatMap((message) => ours.accept(message)).map((text) => JSON.parse(text) as unknown);
    await client.send(...messages);
    expect(await client.receive(expected.length)).toEqual(expected);
  });

  it('answers garbage, each part of a multipart message, and goes on', async () => {
    const client = clientOf(await start());
    await client.send('garbage', '', Buffer.from([0xff, 0xfe]), 'x'.repeat(70_000));
    await client.push.send([JSON.stringify(barrier('one')), 'nonsense', JSON.stringify(barrier('two'))]);
    expect((await client.receive(7)).map(({msgType, text, testReqId}) => text ?? `${String(msgType)} ${String(testReqId)}`)).toEqual(
      ['SCHEMA_JSON', 'SCHEMA_JSON', 'SCHEMA_JSON', 'SCHEMA_JSON', '0 one', 'SCHEMA_JSON', '0 two']);
  });

  it('loses nothing when nobody takes the outputs for a while', async () => {
    const lane = await start({args: ['--stats-file', 'stats.json']});
    const client = clientOf(lane);
    const count = 40_000;
    const sending = (async () => {
      for (let i = 0; i < count; i++) await client.send(barrier(`b${i}`));
    })();
    // more than all marks and socket buffers together hold
    await new Promise((resolve) => { setTimeout(resolve, 700); });
    for (let i = 0; i < count; i++) {
      const [part] = await client.pull.receive();
      if (!part!.includes(`"b${i}"`)) expect(part!.toString()).toContain(`"b${i}"`);
    }
    await sending;
    lane.child.kill('SIGTERM');
    await lane.exited;
    const {gateway} = JSON.parse(readFileSync(join(lane.folder, 'stats.json'), 'utf8')) as {gateway: Record<string, number>};
    expect(gateway).toMatchObject({received: count, sent: count, abandoned: 0});
    expect(gateway['backPressure']).toBeGreaterThan(0);
  }, 20_000);

  it('drains and ends with 0 on SIGTERM, on the end of stdin, and writes its figures', async () => {
    const lane = await start({args: ['--stats-file', 'stats.json']});
    const client = clientOf(lane);
    await client.send(...Array.from({length: 200}, (_, i) => barrier(`b${i}`)));
    await client.receive(1);
    lane.child.kill('SIGTERM');
    expect(await client.receive(199)).toHaveLength(199);
    expect(await lane.exited).toEqual({code: 0, signal: null});
    const stats = JSON.parse(readFileSync(join(lane.folder, 'stats.json'), 'utf8')) as Record<string, unknown>;
    expect(stats).toMatchObject({formatVersion: '1.0', codec: 'json', gateway: {received: 200, sent: 200, abandoned: 0}, path: {slowDecodes: 200}});
    expect(Object.keys(stats)).toEqual(expect.arrayContaining(['collector', 'loopDelayMaxMs', 'cpuMs', 'rssBytes']));
    const byStdin = await start({args: ['--exit-on-stdin-eof'], keepStdin: true});
    byStdin.child.stdin!.end();
    expect(await byStdin.exited).toEqual({code: 0, signal: null});
  });

  it('ends although nobody takes its outputs', async () => {
    const lane = await start();
    const client = clientOf(lane);
    client.pull.close();
    await client.send(barrier('b'));
    await new Promise((resolve) => { setTimeout(resolve, 200); });
    lane.child.kill('SIGTERM');
    expect(await lane.exited).toEqual({code: 0, signal: null});
  }, 10_000);

  it('writes its figures when asked while it runs', async () => {
    const lane = await start({args: ['--stats-file', 'stats.json']});
    lane.child.kill('SIGUSR2');
    await expect.poll(() => { try { return readFileSync(join(lane.folder, 'stats.json'), 'utf8'); } catch { return ''; } }).toContain('"collector"');
  });

  it('can connect, and subscribe', async () => {
    const lane = await start({args: ['--in-pattern', 'sub']});
    const client = clientOf(lane);
    const publisher = new Publisher({linger: 0});
    open.unshift({end: async () => { publisher.close(); }});
    publisher.connect(lane.in);
    let answers: Record<string, unknown>[] = [];
    const received = client.receive(1).then((outputs) => { answers = outputs; });
    while (answers.length === 0) {
      await publisher.send(JSON.stringify(barrier('joined')));
      await Promise.race([received, new Promise((resolve) => { setTimeout(resolve, 20); })]);
    }
    expect(answers[0]).toMatchObject({testReqId: 'joined'});
  });
});

describe('the gateway refuses', () => {
  it('an endpoint that is taken, with exit code 3 and its name', async () => {
    const first = await start();
    const second = await start({endpoints: {in: first.in}});
    expect(await second.exited).toMatchObject({code: 3});
    expect(second.stderr()).toContain(first.in);
    const server = createServer();
    const port = await new Promise<number>((resolve) => { server.listen(0, '127.0.0.1', () => { resolve((server.address() as {port: number}).port); }); });
    const third = await start({endpoints: {out: `tcp://127.0.0.1:${port}`}});
    server.close();
    expect(await third.exited).toMatchObject({code: 3});
    expect(third.stderr()).toContain(`tcp://127.0.0.1:${port}`);
  });

  it.each([
    ['accounts[0].selfTrad', 'selfTrade', {...smallRulebook(), accounts: [{...smallRulebook().accounts[0], selfTrad: 'none'}]}], ['terminalRetention', '0..100000000', {...smallRulebook(), terminalRetention: -1 + 2e8}],
    ['not JSON', 'rulebook.json', '{'],
  ])('a bad rulebook, with exit code 2: %s', async (path, more, rulebook) => {
    const lane = await start({rulebook});
    expect(await lane.exited).toMatchObject({code: 2});
    expect(lane.stderr()).toContain(path);
    expect(lane.stderr()).toContain(more);
  });

  it.each([[['--codec', 'xml'], '--codec'], [['--unknown'], '--unknown'], [['--in', 'tcp://0.0.0.0:5555'], '--insecure-plaintext 0.0.0.0'], [['--in', 'nowhere'], 'nowhere']])('%j with exit code 2', async (args, text) => {
    const lane = await start({args});
    expect(await lane.exited).toMatchObject({code: 2});
    expect(lane.stderr()).toContain(text);
  });

  it('octets from whatever connects: no message comes of a port scan', async () => {
    const probe = createServer();
    const ports = await Promise.all([0, 1].map(() => new Promise<number>((resolve) => {
      const server = createServer();
      server.listen(0, '127.0.0.1', () => {
        const {port} = server.address() as {port: number};
        server.close(() => { resolve(port); });
      });
    })));
    probe.close();
    const lane = await start({endpoints: {in: `tcp://127.0.0.1:${ports[0]!}`, out: `tcp://127.0.0.1:${ports[1]!}`}, args: ['--stats-file', 'stats.json']});
    const client = clientOf(lane);
    let state = 1;
    const noise = (): Buffer => Buffer.from(Array.from({length: 4096}, () => (state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff) >> 16 & 255));
    // a forged ZMTP/1.0 greeting with a frame behind it, HTTP, and noise
    const openings = [Buffer.from([1, 0, 6, 0, ...Buffer.from('{}abc')]), Buffer.from('GET / HTTP/1.1\r\n\r\n')];
    await Promise.all(Array.from({length: 60}, (_, i) => new Promise<void>((resolve) => {
      const socket = connect(ports[0]!, '127.0.0.1', () => { socket.write(openings[i] ?? noise()); });
      socket.on('error', () => undefined);
      socket.once('close', () => { resolve(); });
      setTimeout(() => { socket.destroy(); }, 300);
    })));
    const stranger = new Dealer({linger: 0});
    stranger.connect(lane.in);
    await client.send(tick(), barrier('still-here'));
    expect(await client.receive(1)).toMatchObject([{testReqId: 'still-here'}]);
    stranger.close();
    lane.child.kill('SIGTERM');
    await lane.exited;
    expect(JSON.parse(readFileSync(join(lane.folder, 'stats.json'), 'utf8'))).toMatchObject({gateway: {received: 2, sent: 1}});
  }, 15_000);
});
