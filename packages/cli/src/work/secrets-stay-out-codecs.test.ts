import {spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {openLogReader} from '@tandem/shadow';
import {afterAll, describe, expect, it} from 'vitest';
import {BenchFolder} from '../bad-input/fixtures/bench-folder.ts';
import {startTandem, tandem, type Ended} from '../bad-input/fixtures/tandem-process.ts';
import {findPython} from '../session-plan.ts';

const MESSAGES = 60;
const program = join(import.meta.dirname, 'fixtures/coded_ends.py');
const door = pathToFileURL(join(import.meta.dirname, '../index.ts')).href;
type Codec = 'pickle' | 'msgpack' | 'fix';

const secret = (codec: Codec, index: number): string => `Zy${createHash('sha256').update(`${codec} ${index}`).digest('base64url').slice(0, 18)}${index}`;
/** An account, a client, a credential in free text, one in a key, and with `isOdd` one in a payload that no codec reads. */
const linesOf = (codec: Codec, isOdd: boolean): string => Array.from({length: MESSAGES}, (_, at) => {
  const [account, client, token, other] = [0, 1, 2, 3].map((index) => secret(codec, at * 4 + index));
  return `${JSON.stringify({seq: at + 1, account, client, token, other, ...(isOdd && at % 10 === 4 ? {broken: other} : {})})}\n`;
}).join('');

const CONFIG: Readonly<Record<Codec, {readonly codec: string; readonly redact: string; readonly match: string}>> = {
  pickle: {codec: 'pickle()', redact: "'/**/account', '/same', {path: '/**/client', group: 'client'}", match: "cause: {input: '/1/$state/id', output: '/ref'}, partition: '/account', kind: '/kind', barrierEvery: 0"},
  msgpack: {codec: 'multipart({topic: text(), body: msgpack()})', redact: "'/topic', '/body/account', '/body/client'", match: "cause: {input: '/body/id', output: '/body/ref'}, partition: '/body/account', kind: '/body/kind', barrierEvery: 0"},
  fix: {codec: "delimited({delimiter: '\\u0001', pairs: '='})", redact: "'/1', '/448', '/96'", match: "by: '/11', partition: '/1', kind: '/35', barrierEvery: 0"},
};

/** Payloads that are no JSON, through the program as a user starts it. */
describe('a capture that hides in other formats', {timeout: 120_000}, () => {
  const bench = new BenchFolder();
  afterAll(() => { bench.remove(); });

  const migration = (codec: Codec, input: string, candidate: string): string => {
    const {codec: spec, redact, match} = CONFIG[codec];
    const lane = (more: string): string => `python('${program}', {args: ['lane', '${codec}', '--in', '{in}', '--out', '{out}', '--exit-on-stdin-eof'${more}]})`;
    return bench.write(`${codec}${(candidate + input.slice(0, 3)).replaceAll(/\W/gu, '')}.ts`, `import {defineMigration, delimited, msgpack, multipart, pickle, python, req, sub, text} from '${door}';
export default defineMigration({name: '${codec}', input: {orders: ${input}}, codec: ${spec}, redact: [${redact}], legacy: ${lane('')}, candidate: ${lane(candidate)}, match: {${match}}, gates: {minMessages: 10, parity: {mismatches: 0}}});
`);
  };
  const run = async (codec: Codec, work: {readonly args: readonly string[]; readonly candidate: string}): Promise<Ended> => {
    const {path} = await findPython(() => undefined);
    const child = spawn(path, [program, 'publish', codec], {stdio: ['pipe', 'pipe', 'inherit']});
    const gone = new Promise<void>((done) => { child.once('exit', () => { done(); }); });
    child.stdin.end(linesOf(codec, false));
    const port = await new Promise<number>((done) => { child.stdout.once('data', (chunk: Buffer) => { done(Number(chunk.toString('utf8'))); }); });
    const ended = await tandem([...work.args, '-c', migration(codec, `sub('tcp://127.0.0.1:${port}')`, work.candidate), '--messages', String(MESSAGES), '--for', '20s'], {temporary: bench.temporary, env: {TANDEM_REDACT_KEY: bench.at('keys/own.key')}});
    child.kill();
    await gone;
    return ended;
  };
  /** Questions and answers through the process of the wire tap. */
  const tapped = async (codec: Codec, out: string): Promise<Ended> => {
    const [real, front] = [`ipc://${bench.at('real')}`, `ipc://${bench.at('front')}`];
    const tap = startTandem(['record', '--out', out, '-c', migration(codec, `req('${real}', {listen: '${front}'})`, ''), '--messages', String(MESSAGES), '--detach', '1s'], {temporary: bench.temporary, env: {TANDEM_REDACT_KEY: bench.at('keys/own.key')}});
    const {path} = await findPython(() => undefined);
    await tap.until(/live peers connect to/u);
    const child = spawn(path, [program, 'dialog', codec, '--in', real, '--out', front], {stdio: ['pipe', 'inherit', 'inherit']});
    const gone = new Promise<void>((done) => { child.once('exit', () => { done(); }); });
    child.stdin.end(linesOf(codec, true));
    await gone;
    return await tap.ended;
  };
  const leaks = (places: readonly {readonly file: string; readonly octets: Buffer}[]): string[] => places.flatMap(({file, octets}) => {
    const all = octets.toString('latin1');
    return (['pickle', 'msgpack', 'fix'] as const).flatMap((codec) => Array.from({length: MESSAGES * 4}, (_, index) => secret(codec, index))).filter((one) => [
      one, ...[0, 1, 2].map((shift) => Buffer.from('\0'.repeat(shift) + one).toString('base64').slice(shift === 0 ? 0 : 4, -4)), Buffer.from(one).toString('hex'), Buffer.from(one, 'utf16le').toString('latin1'),
    ].some((form) => all.includes(form))).map((one) => `${one} in ${file}`);
  });

  it('leaves none of 720 planted secrets in anything it writes, and still compares', async () => {
    const [pickles, fix, packs] = await Promise.all([
      run('pickle', {args: ['shadow', '--runs', bench.at('pickle'), '--keep', 'all', '--json'], candidate: ", '--wrong-at', '40'"}),
      run('fix', {args: ['shadow', '--runs', bench.at('fix'), '--keep', 'all'], candidate: ", '--raise-at', '40'"}),
      tapped('msgpack', bench.at('msgpack')),
    ]);
    // both lanes load what was hidden, and the candidate's one wrong price is found
    const {parity} = pickles.json<{parity: {conservation: {in: number}; outputs: number; matched: number; undecoded: number}}>();
    expect([parity.conservation.in, parity.outputs, parity.matched, parity.undecoded], pickles.err).toEqual([MESSAGES, MESSAGES, MESSAGES - 1, 0]);
    // the lane of FIX looks at lengths and sums, and quotes what it got when it dies
    expect(fix.err + fix.out).toMatch(/KeyError: .{0,40}no limit for red_[\w-]{22}/u);
    expect(packs.out, packs.err).toMatch(/recorded 1(?:19|20) messages .*complete.*; 12 payloads could not be read and were hidden whole/u);
    const kept = new Map<string, number>();
    for await (const batch of (await openLogReader(bench.at('msgpack'))).batches()) for (const {stream, frames} of batch) if (/red_[\w-]{22}/u.test(Buffer.from(frames.at(-1) ?? '').toString('latin1'))) kept.set(stream, (kept.get(stream) ?? 0) + 1);
    expect([kept.get('orders'), (kept.get('out/live/orders') ?? 0) >= MESSAGES - 1]).toEqual([MESSAGES, true]);

    const places = readdirSync(bench.path, {recursive: true, encoding: 'utf8'}).map((name) => join(bench.path, name)).filter((file) => statSync(file).isFile()).map((file) => ({file, octets: readFileSync(file)}));
    for (const end of ['report.html', '.mcap', '.stderr.txt']) expect(places.some(({file}) => file.endsWith(end)), end).toBe(true);
    expect(leaks(places)).toEqual([]);
    expect(leaks([pickles, packs, fix].map(({out, err}) => ({file: 'output', octets: Buffer.from(out + err)})))).toEqual([]);
    // the search finds what is there
    expect(leaks([{file: 'lines', octets: Buffer.from(linesOf('fix', true))}]).length).toBe(MESSAGES * 4);
  });
});
