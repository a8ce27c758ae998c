import {spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {copyFileSync, existsSync, mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {gunzipSync} from 'node:zlib';
import {EXIT_CODE} from '@tandem/contract';
import {openLogReader} from '@tandem/shadow';
import {afterAll, describe, expect, it} from 'vitest';
import {repositoryRoot} from '../package-root.ts';
import {findPython} from '../session-plan.ts';
import {BenchFolder} from './fixtures/bench-folder.ts';
import {tandem} from './fixtures/tandem-process.ts';

const venues = join(process.env['TANDEM_SHARED'] ?? join(repositoryRoot(), '../shared'), 'data/venue-ws/cryptofeed');
const why = existsSync(venues) ? '' : ' (skipped: the shared data is not there)';

describe('a recording of what a real publisher sends', {timeout: 60_000}, () => {
  const bench = new BenchFolder();
  const ends: (() => void)[] = [];
  afterAll(() => {
    for (const end of ends) end();
    expect(bench.leftBehind()).toEqual([]);
    bench.remove();
  });

  const publish = async (...args: readonly string[]) => {
    const {path} = await findPython(() => undefined);
    const child = spawn(path, [join(import.meta.dirname, 'fixtures/row_publisher.py'), ...args], {stdio: ['pipe', 'pipe', 'inherit']});
    ends.push(() => { child.stdin.end(); });
    const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
    const line = async (): Promise<string> => String((await lines.next()).value);
    return {
      endpoint: `tcp://127.0.0.1:${await line()}`,
      sent: async () => JSON.parse(await line()) as {sent: number; sha: string},
    };
  };
  const texts = async (out: string): Promise<string[]> => {
    const found: string[] = [];
    for await (const batch of (await openLogReader(out)).batches()) for (const {frames} of batch) found.push(Buffer.from(frames[0] ?? []).toString());
    return found;
  };
  const shaOf = (bodies: readonly string[]): string => createHash('sha256').update(bodies.join('')).digest('hex');
  const record = (endpoint: string, out: string, ...flags: string[]) => tandem(['record', '--endpoint', endpoint, '--out', out, '--json', ...flags], {temporary: bench.temporary});

  it('one that speaks CURVE and lets in whom it knows: the pair that was made gets all, another one and none get nothing', async () => {
    const keys = bench.at('keys'), known = bench.at('known');
    for (const name of ['publisher', 'tap', 'stranger']) expect((await tandem(['keys', 'generate', '--name', name, '--out', keys], {temporary: bench.temporary})).code).toBe(0);
    mkdirSync(known);
    copyFileSync(join(keys, 'tap.key'), join(known, 'tap.key'));
    const serverKey = /public-key = "(.{40})"/.exec(readFileSync(join(keys, 'publisher.key'), 'utf8'))?.[1] ?? '';
    const {endpoint, sent} = await publish('400', join(keys, 'publisher.key_secret'), known);
    // nobody else takes the publisher's first subscription away
    for (const flags of [[], ['--server-key', serverKey, '--key-file', join(keys, 'stranger.key_secret')]]) {
      const {code, json} = await record(endpoint, bench.at(`refused-${flags.length}`), '--for', '1s', ...flags);
      expect([code, json<{messages: number}>().messages]).toEqual([EXIT_CODE.inconclusive, 0]);
    }
    const out = bench.at('curve');
    const {code, err} = await record(endpoint, out, '--messages', '400', '--for', '20s', '--sequence', '/msgSeqNum', '--server-key', serverKey, '--key-file', join(keys, 'tap.key_secret'));
    expect(code, err).toBe(0);
    const said = await sent();
    const found = await texts(out);
    expect([found.length, shaOf(found)]).toEqual([400, said.sha]);
  });

  it.skipIf(why !== '')(`one that passes on what venues sent: every message, every digit as it was${why}`, async () => {
    for (const venue of ['kraken', 'okx']) {
      const file = join(venues, `${venue}.jsonl.gz`);
      const rows = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n').map((text) => JSON.parse(text) as {kind: string; raw: string}).filter(({kind}) => kind === 'recv');
      const {endpoint, sent} = await publish(file);
      const out = bench.at(venue);
      const {code, err} = await record(endpoint, out, '--messages', String(rows.length), '--for', '20s');
      expect(code, err).toBe(0);
      expect(await sent()).toMatchObject({sent: rows.length});
      // texts, not values: 0.00000000 and 17843232920108168701 have to stay what they are
      expect(await texts(out)).toEqual(rows.map(({raw}) => raw));
      }
  });
});
