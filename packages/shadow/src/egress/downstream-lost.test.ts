import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, describe, expect, test} from 'vitest';
import {OWNERS} from '../flow/ownership-output.ts';
import {EgressRig} from './fixtures/egress-rig.ts';
import {startProgram} from './fixtures/program.ts';
import {verifyJournal} from './journal-file.ts';

const COUNT = 6000;
const source = (name: string): string => new URL(name, import.meta.url).pathname;

let rig: EgressRig | null = null;
afterEach(async () => {
  await rig?.stop();
  rig = null;
});

/** Both lanes answer inputs 1..COUNT, a hundred every few milliseconds; ends them with the returned function. */
function answer(target: EgressRig): () => void {
  let from = 1;
  for (const lane of OWNERS) target.relay.life(lane, 'up', 0);
  const timer = setInterval(() => {
    if (from > COUNT) return;
    for (const lane of OWNERS) {
      target.relay.fed(lane, from + 99);
      for (let causeSeq = from; causeSeq < from + 100; causeSeq += 1) {
        target.relay.output(lane, {partition: `P${causeSeq % 4}`, causeSeq, ordinal: 0, outputKind: '8', payload: Buffer.from(`P${causeSeq % 4}/${causeSeq}`)});
      }
      target.relay.watermark(lane, from + 99);
    }
    from += 100;
  }, 5);
  return () => clearInterval(timer);
}

const sunk = async (target: EgressRig): Promise<number> => (await target.sinkLines()).length;

describe('a downstream that is lost', {timeout: 60_000}, () => {
  test('and comes back: the gate ends instead of going on over a hole, its next process asks what arrived; nothing lost, nothing twice', async () => {
    const target = rig = await EgressRig.start();
    const end = answer(target);
    await target.until('some at the sink', async () => await sunk(target) > 300);
    target.sink.signal('SIGKILL');
    await target.sink.exited;
    const first = target.gate;
    target.sink = startProgram(source('sink-process.ts'), [target.settings.downstreamEndpoint, target.sinkFile]);
    expect(await first.exited).toEqual({code: 3, signal: null});
    expect(first.stderr()).toContain('TDM-E257');
    await target.startGate();
    await target.until('all at the sink', async () => await sunk(target) >= COUNT);
    await target.until('everything settled', () => target.relay.lane('legacy').items + target.relay.lane('candidate').items === 0);
    end();
    const lines = await target.sinkLines();
    expect([lines.length, new Set(lines.map(({c}) => c)).size]).toEqual([COUNT, COUNT]);
    for (const partition of ['P0', 'P1', 'P2', 'P3']) {
      const causes = lines.filter(({p}) => p === partition).map(({c}) => c);
      expect(causes).toEqual([...causes].sort((left, right) => left - right));
    }
    const {damage, violation, folded} = await verifyJournal(target.settings.journalFile);
    expect([damage, violation, [...folded.partitions.values()].filter(({halted}) => halted !== null)]).toEqual([null, null, []]);
  });

  test('to another gate is not shared: a second canary on it does not start, and starts when the first one has ended', async () => {
    const target = rig = await EgressRig.start();
    const other = join(target.folder, 'other');
    await mkdir(other, {mode: 0o700});
    const settings = {...target.settings, gate: 'another', journalFile: join(other, 'journal.jsonl'), relayEndpoint: `ipc://${other}/relay`, controlSocket: join(other, 'control'), killFile: join(other, 'kill')};
    await writeFile(join(other, 'gate.json'), JSON.stringify(settings));
    const refused = startProgram(source('gate-process.ts'), [join(other, 'gate.json')]);
    expect(await refused.exited).toEqual({code: 3, signal: null});
    expect(refused.stderr()).toMatch(/TDM-E256.*gate rig is welcome there/);
    const end = answer(target);
    await target.until('all at the sink', async () => await sunk(target) >= COUNT);
    end();
    await target.gate.stop();
    const second = startProgram(source('gate-process.ts'), [join(other, 'gate.json')]);
    await second.line('ready');
    await second.stop();
    expect(await second.exited).toEqual({code: 0, signal: null});
    expect(await sunk(target)).toBe(COUNT);
  });
});
