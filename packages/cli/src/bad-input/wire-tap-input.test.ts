import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {createConnection, createServer, type Server, type Socket} from 'node:net';
import {join} from 'node:path';
import {openLogReader} from '@tandem/shadow';
import {afterAll, describe, expect, it} from 'vitest';
import {BenchFolder} from './fixtures/bench-folder.ts';
import {liveEnds} from './fixtures/live-ends.ts';
import {livePublisher} from './fixtures/live-publisher.ts';
import {startTandem, tandem, type Ended} from './fixtures/tandem-process.ts';

const open: Server[] = [];
/** Something that listens on loopback and is no publisher that can be tapped. */
const answering = async (talk: (socket: Socket) => void): Promise<string> => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    talk(socket);
  });
  open.push(server);
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done); });
  return `tcp://127.0.0.1:${(server.address() as {port: number}).port}`;
};
const greeting = (revision: number, mechanism: string): Buffer => Buffer.concat([Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, revision, 0]), Buffer.from(mechanism.padEnd(20, '\0')), Buffer.alloc(32)]);

describe('what the taps say about', {timeout: 120_000}, () => {
  const bench = new BenchFolder();
  afterAll(() => {
    for (const server of open) server.close();
    expect(bench.leftBehind()).toEqual([]);
    bench.remove();
  });
  let runs = 0;
  const record = async (...flags: string[]): Promise<Ended & {out: string; folder: string}> => {
    runs += 1;
    const folder = bench.at(`capture-${runs}`);
    const ended = await tandem(['record', ...flags, '--out', folder, '--json'], {temporary: bench.temporary});
    return {...ended, folder};
  };
  const place = (name: string): {front: string; real: string} => {
    const folder = bench.at(name);
    mkdirSync(folder, {mode: 0o700});
    return {front: `ipc://${folder}/front`, real: `ipc://${folder}/real`};
  };

  it.concurrent.each([
    ['a publisher of ZMTP 2', (socket: Socket) => { socket.write(greeting(1, '').subarray(0, 12)); }, /speaks ZMTP 2/, /wire tap/],
    ['a web server', (socket: Socket) => { socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'); }, /no ZeroMQ socket; it says "HTTP\/1.1 400/, /name the endpoint of the publisher/],
    ['a publisher with CURVE', (socket: Socket) => { socket.write(greeting(3, 'CURVE')); }, /speaks CURVE/, /--server-key/],
    ['a publisher with PLAIN', (socket: Socket) => { socket.write(greeting(3, 'PLAIN')); }, /wants PLAIN/, /wire tap/],
  ] as const)('%s', async (_name, talk, seen, fix) => {
    const {code, json, folder} = await record('--endpoint', await answering(talk), '--for', '1500ms');
    expect(code).toBe(11);
    expect(json().error).toMatchObject({id: 'TDM-E282', seen: expect.stringMatching(seen) as string, fix: expect.stringMatching(fix) as string});
    expect(existsSync(folder)).toBe(false);
  });

  it.concurrent('peers that come while the real endpoint is absent, and peers that do not come', async () => {
    const {front, real} = place('absent');
    const running = startTandem(['record', '--pattern', 'push-pull', '--listen', front, '--upstream', real, '--out', bench.at('absent-capture'), '--for', '2s', '--json'], {temporary: bench.temporary});
    // --json is quiet: whoever gets through knows that the tap is there
    const knock = (): Promise<boolean> => new Promise((resolve) => {
      createConnection({path: join(bench.at('absent'), '.front.tap')}).on('connect', () => { resolve(true); }).on('error', () => { resolve(false); }).resume();
    });
    await expect.poll(knock, {timeout: 20_000}).toBe(true);
    const ended = await running.ended;
    expect(ended.code).toBe(11);
    expect(ended.json().error).toMatchObject({id: 'TDM-E282', seen: expect.stringMatching(/turned away: nothing answers at ipc:/) as string, fix: expect.stringMatching(/--upstream/) as string});
    const alone = place('alone');
    const {json} = await record('--pattern', 'req-rep', '--listen', alone.front, '--upstream', alone.real, '--for', '500ms');
    expect(json().error).toMatchObject({id: 'TDM-E282', seen: expect.stringMatching(/no peer connected/) as string, fix: expect.stringContaining(alone.front) as string});
  });

  it.concurrent('a place that is taken', async () => {
    const taken = await answering(() => undefined);
    const {code, json} = await record('--pattern', 'push-pull', '--listen', taken, '--upstream', 'tcp://127.0.0.1:1', '--for', '1s');
    expect(code).toBe(3);
    expect(json().error).toMatchObject({id: 'TDM-E286', where: taken, seen: expect.stringMatching(/another process (\(pid \d+\) )?listens/) as string});
    const {front, real} = place('file');
    writeFileSync(front.slice('ipc://'.length), 'mine');
    const file = await record('--pattern', 'push-pull', '--listen', front, '--upstream', real, '--for', '1s');
    expect(file.code).toBe(2);
    expect(file.json().error).toMatchObject({id: 'TDM-E285', where: front});
  });

  it.concurrent('flags that do not say what to tap, and patterns that a further socket would harm', async () => {
    for (const [flags, id, fix] of [
      [['--listen', 'tcp://127.0.0.1:1'], 'TDM-E106', /--upstream/], [['--upstream', 'tcp://127.0.0.1:1'], 'TDM-E106', /--listen/],
      [['--pattern', 'push-pull', '--endpoint', 'tcp://127.0.0.1:5555'], 'TDM-E280', /--pattern push-pull --listen \S+ --upstream tcp:\/\/127.0.0.1:5555/],
      [['--endpoint', 'tcp://127.0.0.1:5555', '--no-drop'], 'TDM-E281', /--pattern pub-sub --listen/],
    ] as const) {
      const {code, json, folder} = await record(...flags);
      expect(code).toBe(2);
      expect(json().error).toMatchObject({id, fix: expect.stringMatching(fix) as string});
      expect(existsSync(folder)).toBe(false);
    }
  });

  it.concurrent('a disk that takes no more: live goes on, the command says where the log ends', async () => {
    const {front, real} = place('disk');
    const out = bench.at('disk-capture');
    const running = startTandem(['record', '--pattern', 'push-pull', '--listen', front, '--upstream', real, '--out', out], {temporary: bench.temporary, fileKiBMax: 200});
    await running.until(/live peers connect to/);
    const ends = await liveEnds('push-pull', {front, real, textBytes: 400});
    expect(await ends.send(3000)).toBe(0);
    const {code, err} = await running.ended;
    expect(code).toBe(3);
    expect(err).toMatch(/TDM-E272[\s\S]*EFBIG/);
    const report = await ends.end();
    expect(report).toMatchObject({came: 3000, cameSha: report.sentSha});
    let kept = 0;
    for await (const batch of (await openLogReader(out)).batches()) kept += batch.length;
    expect(kept).toBeGreaterThan(100);
  });

  it.concurrent('several inputs at once: one log with a stream for each, one on the wire and one as a further subscriber', async () => {
    const {front, real} = place('several');
    const publisher = await livePublisher(500);
    const migration = bench.migration({edit: (text) => text.replace("{orders: sub('tcp://127.0.0.1:1')}", `{quotes: sub('${publisher.endpoint}'), orders: push('${real}', {listen: '${front}'})}`).replace('python, sub}', 'push, python, sub}')});
    const out = bench.at('several-capture');
    const running = startTandem(['record', '-c', migration, '--out', out, '--for', '4s'], {temporary: bench.temporary});
    await running.until(/live peers connect to/);
    const ends = await liveEnds('push-pull', {front, real});
    expect(await ends.send(300)).toBe(0);
    await ends.end();
    const {code, out: said} = await running.ended;
    await publisher.end();
    expect(code).toBe(0);
    expect(said).toMatch(/completeness unproven: inputs without a wire tap/);
    const streams = new Map<string, number>();
    for await (const batch of (await openLogReader(out)).batches()) for (const {stream} of batch) streams.set(stream, (streams.get(stream) ?? 0) + 1);
    expect(streams.get('orders')).toBe(300);
    expect(streams.get('quotes')).toBeGreaterThan(100);
  });
});
