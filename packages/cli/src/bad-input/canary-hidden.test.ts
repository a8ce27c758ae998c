import {openLogWriter} from '@tandem/shadow';
import {afterAll, describe, expect, it} from 'vitest';
import {BenchFolder} from './fixtures/bench-folder.ts';
import {tandem} from './fixtures/tandem-process.ts';

describe('a canary on a capture that hides values', {timeout: 60_000}, () => {
  const bench = new BenchFolder();
  afterAll(() => { bench.remove(); });

  it('does not start: tags would leave for the downstream', async () => {
    const capture = bench.at('hidden');
    const writer = await openLogWriter(capture, {about: {hidden: 'yes'}});
    writer.append({stream: 'orders', epoch: 0, seq: 1, tMonoNs: 1, tWallNs: 1n, identity: '', frames: [Buffer.from('{"msgType":"D","msgSeqNum":1,"account":"A"}')]});
    await writer.close();
    const file = bench.migration({edit: (text) => text.replace('gates:', "canary: {stages: ['100%'], bake: '200ms', minMessages: 50},\n  gates:")});
    const {code, err} = await tandem(['canary', 'start', '-c', file, '--capture', capture, '--runs', bench.at('runs')], {temporary: bench.temporary});
    expect(code).toBe(2);
    expect(err).toMatch(/TDM-E123[\s\S]*recorded with redact/);
  });
});
