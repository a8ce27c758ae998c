import {spawn, type ChildProcess} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {fileSource, memorySource} from './byte-source.ts';
import {folderStore} from './folder-store.ts';
import type {SignalLogHeader} from './log-header.ts';
import {SignalLogWriter} from './log-writer.ts';
import type {ObjectStore} from './object-store.ts';
import {fetchLog, publishLog} from './publish-log.ts';
import {s3Store, type S3Place} from './s3-store.ts';
import {LogVerifier} from './verify-log.ts';

const root = mkdtempSync(join(tmpdir(), 'tandem-publish-'));
afterAll(() => { rmSync(root, {recursive: true, force: true}); });

const header: SignalLogHeader = {formatVersion: '1.0', kind: 'live', modelHash: 'a'.repeat(64), featureHash: 'b'.repeat(64), codeHash: 'c'.repeat(64), symbols: ['IBM'], blockRecords: 64, firstSeq: 1, previous: null, arrivalDelayUs: null};
let nowUs = 1_700_000_000_000_000;
const writer = (file: string): SignalLogWriter => new SignalLogWriter(file, header, {nowUs: () => ++nowUs, onHead: null, syncEachBlock: false});
const append = (log: SignalLogWriter, count: number): void => { for (let i = 0; i < count; i++) log.append(1_600_000_000_000_000 + i, 0, i / 7, 100); };

const python = fileURLToPath(new URL('../../../../../.tandem/object-store-venv/bin/python', import.meta.url));
const why = existsSync(python) ? null : 'no local S3-compatible server: make one with npm run tandem -- signals setup --object-store';

const freePort = async (): Promise<number> => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const {port} = server.address() as {port: number};
    server.close(() => { resolve(port); });
  });
});

/** The same questions to every store. `atOnce`: the store looks and writes in one step, which a simulation of one with threads does not. */
const sameForAll = (open: () => Promise<ObjectStore>, atOnce: boolean): void => {
  it(`takes a name once, ${atOnce ? 'also from several writers at the same time' : 'from whoever comes first'}`, async () => {
    const store = await open();
    const octets = (letter: string): Uint8Array => Buffer.from(letter.repeat(1000));
    const put = (letter: string): Promise<boolean> => store.putNew('race/one', octets(letter));
    const won = atOnce ? await Promise.all(['x', 'y', 'z'].map(put)) : [await put('x'), await put('y'), await put('z')];
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await store.putNew('race/one', octets('w'))).toBe(false);
    expect(Buffer.from((await store.get('race/one'))!)).toEqual(Buffer.from(octets('xyz'[won.indexOf(true)]!)));
    expect(await store.get('race/two')).toBeNull();
    store.close();
  });

  it('holds a log while it grows; what comes back is the file, and verifies', async () => {
    const store = await open();
    const file = join(root, `${nowUs}.signals`);
    const log = writer(file);
    append(log, 200);
    expect(await publishLog(fileSource(file), store, 'desk/a')).toEqual({written: 4, present: 0});
    append(log, 100);
    log.close();
    expect(await publishLog(fileSource(file), store, 'desk/a')).toEqual({written: 3, present: 4});
    const back = await fetchLog(store, 'desk/a');
    expect(Buffer.compare(Buffer.from(back), readFileSync(file))).toBe(0);
    expect(new LogVerifier(memorySource(back), []).verify()).toMatchObject({outcome: 'pass', records: 300});
    store.close();
  });

  it('refuses a log that differs from what is there, and leaves that as it is', async () => {
    const store = await open();
    const file = join(root, `${nowUs}-other.signals`);
    const log = writer(file);
    append(log, 64);
    log.close();
    await publishLog(fileSource(file), store, 'desk/b');
    const before = await fetchLog(store, 'desk/b');
    const changed = readFileSync(file);
    changed[changed.length - 100]! ^= 1;
    await expect(publishLog(memorySource(changed), store, 'desk/b')).rejects.toMatchObject({detail: {id: 'TDM-E434'}});
    expect(Buffer.compare(Buffer.from(await fetchLog(store, 'desk/b')), Buffer.from(before))).toBe(0);
    store.close();
  });
};

describe('a log in a folder store', () => {
  sameForAll(() => Promise.resolve(folderStore(mkdtempSync(join(root, 'store-')))), true);
});

describe.skipIf(why !== null)(`a log in an S3-compatible store${why === null ? '' : ` (${why})`}`, () => {
  let server: ChildProcess;
  let place: S3Place;
  let buckets = 0;
  beforeAll(async () => {
    const port = await freePort();
    server = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {stdio: 'ignore', env: {PATH: '/usr/bin:/bin'}});
    place = {bucket: '', endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials: {accessKeyId: 'test', secretAccessKey: 'test'}};
    for (let tries = 0; tries < 200; tries++) {
      if (await fetch(`${place.endpoint}/moto-api/`).then(({ok}) => ok, () => false)) return;
      await sleep(100);
    }
    throw new Error('the local object store did not start');
  }, 60_000);
  afterAll(() => { server.kill('SIGKILL'); });

  sameForAll(async () => {
    const bucket = `signals-${buckets++}`;
    await fetch(`${place.endpoint}/${bucket}`, {method: 'PUT'});
    return s3Store({...place, bucket});
  }, false);

  it.runIf(process.env['TANDEM_DEEP'] !== undefined)('lists more objects than one page holds', async () => {
    const bucket = `signals-${buckets++}`;
    await fetch(`${place.endpoint}/${bucket}`, {method: 'PUT'});
    const store = await s3Store({...place, bucket});
    for (let at = 0; at < 1100; at += 50) await Promise.all(Array.from({length: 50}, (_, i) => store.putNew(`many/${String(at + i).padStart(5, '0')}`, Buffer.from('x'))));
    expect(await store.list('many/')).toHaveLength(1100);
    store.close();
  }, 60_000);
});
