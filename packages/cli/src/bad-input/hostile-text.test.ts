import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {BenchFolder, orders} from './fixtures/bench-folder.ts';
import {unsafeFor} from './fixtures/reading-runs.ts';
import {tandem, type Ended} from './fixtures/tandem-process.ts';

/** Texts that a terminal or a CI runner would obey, where payloads can carry them: values, keys, ids, kinds. */
const HOSTILE = ['\u001b]0;owned\u0007', '\u001b[2J', '\u009b31m', '\u202egnp.exe', 'a\rb', 'a\nb', '\u0000', '::error::injected', '##vso[task.complete]', '\u2028', '</script>', '`$(id)`', '\u0007\b\u007f'];

const deep = process.env['TANDEM_DEEP'] === '1';

describe('hostile text', {timeout: 120_000}, () => {
  const bench = new BenchFolder();
  let capture = '', migration = '';
  const ended: Ended[] = [];
  const ask = async (...args: string[]): Promise<Ended> => {
    const result = await tandem(args, {temporary: bench.temporary});
    ended.push(result);
    return result;
  };
  beforeAll(async () => {
    const messages = orders(300).map((payload, at) => {
      const text = HOSTILE[at % HOSTILE.length] ?? '';
      return at % 10 !== 5 ? payload : Buffer.from(JSON.stringify({...JSON.parse(payload.toString('utf8')) as object, account: text, price: text, [text]: text}));
    });
    capture = await bench.capture('capture', messages);
    migration = bench.migration({candidate: {behaviour: 'hostile', at: 0}});
  });
  afterAll(() => { bench.remove(); });

  it('in payloads reaches no terminal through replay, diff, explain, gate and runs', async () => {
    const replay = await ask('replay', capture, '-c', migration, '--runs', bench.at('runs'), '--no-twin');
    expect(replay.code, replay.err).toBe(10);
    const run = bench.onlyRun('runs');
    const diff = await ask('diff', '--run', run, '--top', '100');
    expect(diff.code).toBe(10);
    const fingerprints = [...diff.out.matchAll(/explain ([0-9a-f]{12})/g)].map(([, print]) => print ?? '');
    expect(fingerprints.length).toBeGreaterThan(2);
    await Promise.all([...fingerprints.slice(0, deep ? 20 : 2).map((print) => ask('explain', print, '--run', run, '-c', migration)), ask('gate', '--run', run, '-c', migration), ask('runs', '--runs', bench.at('runs'))]);
    for (const {out, err} of ended) expect([...unsafeFor(out), ...unsafeFor(err)]).toEqual([]);
    // shown, not swallowed
    expect(ended.map(({out}) => out).join('\n')).toMatch(/\\(x1b|u001b)/);
  });

  it('in the last words of a lane is shown in escapes', async () => {
    const {code, out, err} = await ask('replay', capture, '-c', bench.migration({candidate: {behaviour: 'shout', at: 150}}), '--runs', bench.at('shouted'), '--no-twin');
    expect(code).toBe(11);
    expect([...unsafeFor(out), ...unsafeFor(err)]).toEqual([]);
    expect(err).toMatch(/TDM-E225[\s\S]*ValueError: \\x1b\]0;owned/);
  });

  it('in arguments and paths is shown in escapes', async () => {
    for (const args of [['diff', '--run', '\u001b[2J\u202eb'], ['\u001b[2Jreplay']]) {
      const {code, out, err} = await ask(...args);
      expect(code).toBe(2);
      expect([...unsafeFor(out), ...unsafeFor(err)], args.join(' ')).toEqual([]);
    }
  });
});
