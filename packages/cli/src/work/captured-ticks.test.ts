import {mkdtempSync, rmSync, truncateSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {openLogWriter} from '@tandem/shadow';
import {afterAll, describe, expect, it} from 'vitest';
import {captureTicks} from './signal-capture.ts';
import {MARKET_EXCERPT, openTicks} from './tick-input.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-captured-'));
afterAll(() => { rmSync(folder, {recursive: true, force: true}); });

describe('ticks of a capture', () => {
  it('are the ticks that were recorded, bit for bit', async () => {
    const recorded = await openTicks([MARKET_EXCERPT], 3000);
    const capture = join(folder, 'capture');
    await captureTicks(capture, recorded);
    const {dataHash, count, source} = await openTicks([capture]);
    expect({dataHash, count, source}).toEqual({dataHash: recorded.dataHash, count: 3000, source: capture});
    expect((await openTicks([capture], 10)).count).toBe(10);
  });

  it('tell what else is in it, and what is none', async () => {
    const capture = join(folder, 'mixed');
    const writer = await openLogWriter(capture);
    const tick = '{"msgType":"T","msgSeqNum":1,"symbol":"A","timeUs":5,"price":1,"high":1,"low":1,"volume":1,"bidSize":1,"askSize":1,"reference":1}';
    const messages = [tick, '{"msgType":"S","refSeqNum":1}', 'no json', 'null', tick.replace('"timeUs":5', '"timeUs":-5'), tick.replace('"price":1', '"price":"1"'), tick.replace('"timeUs":5', '"timeUs":6')];
    messages.forEach((text, at) => { writer.append({stream: 'ticks', epoch: 0, seq: at + 1, tMonoNs: at + 1, tWallNs: 1n, identity: '', frames: [Buffer.from(text)]}); });
    await writer.close();
    expect(await openTicks([capture])).toMatchObject({count: 2, source: `${capture} (beside the ticks: 5 other messages)`});
  });

  it('say which of them were late, broken or lie in a damaged place', async () => {
    const capture = join(folder, 'odd');
    const writer = await openLogWriter(capture);
    const tick = (timeUs: number, price: string): string => `{"msgType":"T","msgSeqNum":1,"symbol":"A","timeUs":${timeUs},"price":${price},"high":1,"low":1,"volume":1,"bidSize":1,"askSize":1,"reference":1}`;
    [tick(5, '1'), tick(7, '1'), tick(6, '1e999')].forEach((text, at) => { writer.append({stream: 'ticks', epoch: 0, seq: at + 1, tMonoNs: at + 1, tWallNs: 1n, identity: '', frames: [Buffer.from(text)]}); });
    await writer.close();
    expect((await openTicks([capture])).source).toBe(`${capture} (beside the ticks: 1 ticks out of the order of their times, 1 ticks with values that are not finite)`);
    const cut = join(folder, 'cut');
    await captureTicks(cut, await openTicks([MARKET_EXCERPT], 3000));
    truncateSync(join(cut, '000001.mcap'), 50_000);
    const {count, source} = await openTicks([cut]);
    expect(count).toBeLessThan(3000);
    expect(source).toMatch(/damaged places/);
  });

  it('are missed with the form that they should have', async () => {
    const capture = join(folder, 'none');
    const writer = await openLogWriter(capture);
    writer.append({stream: 'orders', epoch: 0, seq: 1, tMonoNs: 1, tWallNs: 1n, identity: '', frames: [Buffer.from('{"msgType":"D"}')]});
    await writer.close();
    await expect(openTicks([capture])).rejects.toMatchObject({detail: {id: 'TDM-E152', seen: '1 other messages', fix: expect.stringContaining('symbol, timeUs and price') as string}});
    await expect(openTicks([capture, MARKET_EXCERPT])).rejects.toMatchObject({detail: {id: 'TDM-E150'}});
  });
});
