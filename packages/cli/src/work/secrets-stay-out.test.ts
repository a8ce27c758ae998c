import {spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync, statSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {aboutLog, openLogReader} from '@tandem/shadow';
import {afterAll, describe, expect, it} from 'vitest';
import {BenchFolder} from '../bad-input/fixtures/bench-folder.ts';
import {tandem, type Ended} from '../bad-input/fixtures/tandem-process.ts';
import {keyFileOf, redactionKey} from '../redaction-key.ts';
import {findPython} from '../session-plan.ts';

const SECRETS = 1000;
const MESSAGES = 250;

/** Names that occur nowhere by chance. */
const secret = (index: number): string => `Zx${createHash('sha256').update(`planted ${index}`).digest('base64url').slice(0, 18)}${index}`;

/** Each message plants four: an account, a nested client field, a credential in free text, and one in a payload that is no JSON or in a frame. */
const linesOf = (odd: boolean): string[] => Array.from({length: MESSAGES}, (_, at): string => {
  const [account, client, token, other] = [0, 1, 2, 3].map((index) => secret(at * 4 + index)) as [string, string, string, string];
  const order = JSON.stringify({msgType: 'D', msgSeqNum: at + 1, account, price: `${at}.50`, client: {name: client, tags: [client]}, note: `please use Bearer ${token}`, more: {[`api_key=${other}`]: 1}});
  // a lane of the fixtures takes only whole orders
  if (!odd) return order;
  return at % 10 === 9 ? `orders Token ${other}\t${order}` : at % 10 === 4 ? `${order.slice(0, -1)},"broken":"${other}"` : order;
});

describe('a capture that hides', {timeout: 120_000}, () => {
  const bench = new BenchFolder();
  afterAll(() => { bench.remove(); });
  const keyFile = join(bench.path, 'keys', 'own.key');

  const publisher = async (odd: boolean): Promise<{endpoint: string; end: () => Promise<void>}> => {
    const {path} = await findPython(() => undefined);
    const child = spawn(path, [join(import.meta.dirname, 'fixtures/line_publisher.py')], {stdio: ['pipe', 'pipe', 'inherit']});
    const ended = new Promise<void>((done) => { child.once('exit', () => { done(); }); });
    child.stdin.end(`${linesOf(odd).join('\n')}\n`);
    const port = await new Promise<number>((done) => { child.stdout.once('data', (chunk: Buffer) => { done(Number(chunk.toString('utf8'))); }); });
    return {endpoint: `tcp://127.0.0.1:${port}`, end: async () => { child.kill(); await ended; }};
  };
  const migration = (endpoint: string, lanes: {candidate?: string} = {}): string => bench.migration({
    candidate: {behaviour: lanes.candidate ?? 'plain', at: 152}, minMessages: 10,
    edit: (text) => text.replace('tcp://127.0.0.1:1', endpoint).replace('  match:', "  redact: ['/account', {path: '/client/**', group: 'client'}],\n  match:"),
  });
  const run = async (args: readonly string[], endpoint: string, candidate?: string): Promise<Ended> =>
    await tandem([...args, '-c', migration(endpoint, candidate === undefined ? {} : {candidate}), '--messages', String(MESSAGES), '--for', '20s'], {temporary: bench.temporary, env: {TANDEM_REDACT_KEY: keyFile}});

  /** Every octet below the bench folder, histograms and other packed parts of reports unpacked as far as they are text. */
  const written = (): {file: string; octets: Buffer}[] => readdirSync(bench.path, {recursive: true, encoding: 'utf8'}).map((name) => join(bench.path, name))
    .filter((file) => statSync(file).isFile()).map((file) => ({file, octets: readFileSync(file)}));
  const leaks = (places: readonly {file: string; octets: Buffer}[]): string[] => places.flatMap(({file, octets}) => {
    const text = octets.toString('latin1');
    const found: string[] = [];
    for (let index = 0; index < SECRETS; index += 1) {
      const one = secret(index);
      // as it is, in base64 at each of its three alignments, in hexadecimal, and as UTF-16
      const forms = [one, ...[0, 1, 2].map((shift) => Buffer.from('\0'.repeat(shift) + one).toString('base64').slice(shift === 0 ? 0 : 4, -4)), Buffer.from(one).toString('hex'), Buffer.from(one, 'utf16le').toString('latin1')];
      if (forms.some((form) => text.includes(form))) found.push(`${one} in ${file}`);
    }
    return found;
  });

  it('leaves none of 1,000 planted secrets in capture, run folder, report, output or temporary files, and still compares', async () => {
    const feeds = await Promise.all([publisher(true), publisher(false), publisher(false)]);
    const [record, shadow, raising] = feeds.map(({endpoint}) => endpoint) as [string, string, string];
    const [recorded, shadowed, raised] = await Promise.all([
      run(['record', '--out', bench.at('capture')], record), run(['shadow', '--runs', bench.at('runs'), '--keep', 'all', '--json'], shadow, 'wrong'), run(['shadow', '--runs', bench.at('raising')], raising, 'raise'),
    ]);
    await Promise.all(feeds.map(async ({end}) => { await end(); }));
    expect(recorded.out, recorded.err).toContain(`recorded ${MESSAGES} messages`);
    expect(recorded.err).toContain('hiding 2 fields');
    const {parity} = shadowed.json<{parity: {conservation: {in: number}; outputs: number; matched: number}}>();
    // the candidate's one wrong price is found through the tags
    expect(parity.conservation.in, shadowed.err).toBe(MESSAGES);
    expect(parity.outputs - parity.matched).toBe(1);
    expect(raised.code).not.toBe(0);

    const places = written();
    expect(places.length).toBeGreaterThan(15);
    expect(places.some(({file}) => file.endsWith('report.html')) && places.some(({file}) => file.endsWith('.mcap')) && places.some(({file}) => file.endsWith('.stderr.txt'))).toBe(true);
    expect(leaks(places)).toEqual([]);
    expect(leaks([recorded, shadowed, raised].map(({out, err}) => ({file: 'output', octets: Buffer.from(out + err)})))).toEqual([]);
    // the search itself finds what is there
    const planted = bench.write('planted', linesOf(true).join('\n'));
    expect(leaks([{file: planted, octets: readFileSync(planted)}]).length).toBe(SECRETS);
    expect(leaks([{file: 'hidden', octets: Buffer.from(Buffer.from(`x${secret(5)}yz`).toString('base64'))}]).length).toBe(1);
  });

  it('keeps its key for itself, uses it again, and refuses one that others may read or that lies among the artefacts', async () => {
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(statSync(join(bench.path, 'keys')).mode & 0o777).toBe(0o700);
    const key = readFileSync(keyFile);
    expect(key.length).toBe(32);
    for (const {file, octets} of written()) if (file !== keyFile) expect(octets.includes(key)).toBe(false);
    const first: string[] = [];
    // says of itself that it hides: a canary refuses it
    expect((await aboutLog(bench.at('capture'))).get('hidden')).toBe('yes');
    for await (const batch of (await openLogReader(bench.at('capture'))).batches()) for (const {frames} of batch) first.push(Buffer.from(frames.at(-1) ?? '').toString('utf8'));
    expect(JSON.parse(first[0] ?? '')).toMatchObject({msgSeqNum: 1, account: expect.stringMatching(/^red_/) as string, price: '0.50'});
    expect(first[4]).toMatch(/^\{"\$redacted":"red_[\w-]{22}","\$octets":\d+\}$/);

    const open = bench.write('open.key', new Uint8Array(32));
    const link = join(bench.path, 'link.key');
    symlinkSync(keyFile, link);
    for (const [file, seen] of [[open, /others may read it \(mode 6\d\d\)/], [bench.write('short.key', 'x'), /it has 1 octets/], [bench.at('never/own.key'), /lies in the folder of the capture/], [link, /ELOOP|symbolic/]] as const) {
      await expect(redactionKey(file, bench.at('never'))).rejects.toMatchObject({detail: {id: 'TDM-E109', kind: 'usage', where: file, seen: expect.stringMatching(seen) as string}});
    }
    expect(Buffer.from(await redactionKey(keyFile, bench.at('never'))).equals(key)).toBe(true);
    expect(keyFileOf('oms', {XDG_STATE_HOME: '/state'})).toBe('/state/tandem/keys/oms.key');
    expect(existsSync(bench.at('never'))).toBe(false);
  });
});
