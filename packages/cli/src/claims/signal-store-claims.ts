import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {TandemError} from '@tandem/contract';
import {findObjectStorePython, signalTools} from '../session-plan.ts';
import {decided, notHere, type Claim, type ClaimContext, type ClaimFigure} from './claim.ts';

const RECORDS = 20_000;
const START_MS = 30_000;

const freePort = (): Promise<number> => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const {port} = server.address() as {port: number};
    server.close(() => { resolve(port); });
  });
});

/** An S3-compatible server of this machine, for as long as `work` takes. */
const withServer = async <T>(python: string, work: (endpoint: string) => Promise<T>): Promise<T> => {
  const port = await freePort();
  const server = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {stdio: 'ignore', env: {PATH: '/usr/bin:/bin'}});
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    const untilMs = performance.now() + START_MS;
    while (!await fetch(`${endpoint}/moto-api/`).then(({ok}) => ok, () => false)) {
      if (performance.now() > untilMs) throw new Error('the local object store did not start');
      await sleep(100);
    }
    return await work(endpoint);
  } finally {
    server.kill('SIGKILL');
  }
};

/** A log into the store and back; then two writers of another log under the same name, which must change nothing. */
const roundTrip = async (context: ClaimContext, endpoint: string): Promise<ClaimFigure> => {
  const tools = await signalTools();
  const folder = mkdtempSync(join(tmpdir(), 'tandem-claims-'));
  try {
    await fetch(`${endpoint}/signals`, {method: 'PUT'});
    const store = await tools.s3Store({bucket: 'signals', endpoint, region: 'us-east-1', credentials: {accessKeyId: 'test', secretAccessKey: 'test'}});
    const written = (name: string, salt: number): string => {
      const file = join(folder, name);
      let nowUs = 1_700_000_000_000_000;
      const log = new tools.SignalLogWriter(file, {formatVersion: '1.0', kind: 'live', modelHash: 'a'.repeat(64), featureHash: 'b'.repeat(64), codeHash: 'c'.repeat(64), symbols: ['A'], blockRecords: 256, firstSeq: 1, previous: null, arrivalDelayUs: null}, {nowUs: () => ++nowUs, onHead: null, syncEachBlock: false});
      for (let at = 0; at < RECORDS; at++) log.append(1_600_000_000_000_000 + at, 0, Math.sin(at + salt), 100);
      log.close();
      return file;
    };
    const file = written('a', context.seed), other = written('b', context.seed + 1);
    const {written: objects} = await tools.publishLog(tools.fileSource(file), store, 'desk');
    const refused = await Promise.all([0, 1].map(() => tools.publishLog(tools.fileSource(other), store, 'desk').then(() => false, (error: unknown) => error instanceof TandemError && error.detail.id === 'TDM-E434')));
    const back = await tools.fetchLog(store, 'desk');
    store.close();
    const same = Buffer.compare(Buffer.from(back), readFileSync(file)) === 0 && new tools.LogVerifier(tools.memorySource(back), []).verify().outcome === 'pass';
    return decided('= 0', (same ? 0 : 1) + refused.filter((one) => !one).length, `${RECORDS.toLocaleString('en-US')} records in ${objects} objects written with If-None-Match, fetched again and verified; two writers of another log refused; moto server on loopback through @aws-sdk/client-s3`);
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
};

export const signalStoreClaims: readonly Claim[] = [
  {id: 'signals.object-storage', area: 'signals', claim: 'a signal log in S3-compatible object storage that comes back the same, and that no second writer changes: failures', unit: 'failures', goal: '= 0', measure: async (context) => {
    let python: string | null;
    try {
      python = await findObjectStorePython(context.say);
    } catch (error) {
      return notHere(`no local S3-compatible server: ${(error as Error).message}`);
    }
    return python === null ? notHere('no local S3-compatible server') : await withServer(python, (endpoint) => roundTrip(context, endpoint));
  }},
];
