import {setTimeout as sleep} from 'node:timers/promises';
import type {ResourceSample} from '@tandem/contract';
import {afterAll, describe, expect, it} from 'vitest';
import {startBusyLane} from './fixtures/busy-lane.ts';
import {forgetPortableUsage} from './portable-usage.ts';
import {createResourceSampler} from './resource-sampler.ts';
import type {ResourceSamplerOptions} from './resource-sampler.ts';
import {createSampleSeries} from './sample-series.ts';

afterAll(() => { forgetPortableUsage(); });

const FIGURES = {messages: 1000, collector: null, loopDelayMaxMs: null};

function samplerOf(pid: number, change: Partial<ResourceSamplerOptions> = {}) {
  return createResourceSampler({lane: 'candidate', pid, slope: (points) => (points.length < 2 ? null : {perHour: points.length}), intervalMs: 20, ...change});
}

describe.each(['procfs', 'pidusage'] as const)('resource sampler through %s', (source) => {
  const here = source === 'pidusage' || process.platform === 'linux';
  it.runIf(here)('agrees with what the program itself says about its CPU', async () => {
    const lane = await startBusyLane();
    const sampler = await samplerOf(lane.pid, {source});
    await lane.ask('burn 100');
    const saidBefore = Number(await lane.ask('usage'));
    await sampler.begin();
    await lane.ask('burn 400');
    await lane.ask('hold 40');
    await sampler.end();
    const said = Number(await lane.ask('usage')) - saidBefore;
    await lane.end();
    const evidence = sampler.evidence(FIGURES);
    expect(evidence.source).toBe(source);
    expect(Math.abs(evidence.cpuMs - said)).toBeLessThanOrEqual(60);
    expect(evidence.cpuUsPerMessage).toBeCloseTo(evidence.cpuMs, 9);
    expect(evidence.cpuShare).toBeGreaterThan(0.01);
    expect(evidence.rssBytesMax).toBeGreaterThan(60e6);
    expect(evidence.samples.length).toBeGreaterThanOrEqual(3);
    expect(evidence.samples[0]?.cpuMsTotal).toBe(0);
    expect(evidence.rssSlopeBytesPerHour).toBe(evidence.samples.length);
    if (source === 'procfs') expect(evidence.pssBytesMax).toBeGreaterThan(40e6);
    else expect(evidence.pssBytesMax).toBeNull();
  });
});

describe.runIf(process.platform === 'linux')('both ways of reading one program', () => {
  it('agree on CPU to the tick and on RSS to 5 %', async () => {
    const lane = await startBusyLane();
    const samplers = [await samplerOf(lane.pid, {source: 'procfs', intervalMs: 10_000}), await samplerOf(lane.pid, {source: 'pidusage', intervalMs: 10_000})];
    for (const sampler of samplers) await sampler.begin();
    await lane.ask('hold 64');
    await lane.ask('burn 250');
    for (const sampler of samplers) await sampler.end();
    await lane.end();
    const [own, portable] = samplers.map((sampler) => sampler.evidence(FIGURES));
    expect(Math.abs((own?.cpuMs ?? 0) - (portable?.cpuMs ?? 1e9))).toBeLessThanOrEqual(30);
    expect((own?.rssBytesMax ?? 0) / (portable?.rssBytesMax ?? 1)).toBeGreaterThan(0.95);
    expect((own?.rssBytesMax ?? 0) / (portable?.rssBytesMax ?? 1)).toBeLessThan(1.05);
  });
});

describe('a lane that cannot be read', () => {
  it('is unavailable, which is not zero', async () => {
    const sampler = await samplerOf(2 ** 22 + 1);
    await sampler.begin();
    await sampler.end();
    expect(sampler.evidence(FIGURES)).toMatchObject({source: 'unavailable', pssBytesMax: null, rssSlopeBytesPerHour: null, runQueueWaitShare: null, samples: []});
  });

  it.each(['procfs', 'pidusage'] as const)('vanishes in the middle: keeps its last figures, no fall to zero (%s)', async (source) => {
    if (source === 'procfs' && process.platform !== 'linux') return;
    const lane = await startBusyLane();
    const sampler = await samplerOf(lane.pid, {source});
    await sampler.begin();
    await lane.ask('burn 200');
    await sampler.tick();
    await lane.kill();
    await sleep(60);
    await sampler.end();
    const evidence = sampler.evidence(FIGURES);
    // far above zero; how much of the wall time it got is the machine's affair, and a tick is 10 ms
    expect(evidence.cpuMs).toBeGreaterThanOrEqual(50);
    expect(evidence.samples.every((sample) => sample.rssBytes > 1e6 && sample.processes === 1)).toBe(true);
  });
});

describe('sampling', () => {
  it('reads PSS at the ends and not more often than asked', async () => {
    if (process.platform !== 'linux') return;
    let nowNs = 0;
    const sampler = await samplerOf(process.pid, {source: 'procfs', intervalMs: 60_000, pssEveryMs: 5000, nowNs: () => nowNs});
    await sampler.begin();
    for (let second = 1; second <= 11; second++) {
      nowNs = second * 1e9;
      await sampler.tick();
    }
    nowNs = 12e9;
    await sampler.end();
    const withPss = sampler.evidence(FIGURES).samples.filter((sample) => sample.pssBytes !== null).map((sample) => sample.tMonoNs / 1e9);
    expect(withPss).toEqual([0, 5, 10, 12]);
  });

  it('starts over with begin and ignores what comes after end', async () => {
    let nowNs = 0;
    const sampler = await samplerOf(process.pid, {intervalMs: 60_000, nowNs: () => (nowNs += 1e9)});
    await sampler.begin();
    await sampler.tick();
    await sampler.begin();
    await sampler.end();
    await sampler.tick();
    expect(sampler.evidence(FIGURES).samples.length).toBe(2);
    sampler.stop();
  });
});

describe('sample series', () => {
  const sampleAt = (index: number, pssBytes: number | null = null): ResourceSample => ({tMonoNs: index, cpuMsTotal: index, rssBytes: index, pssBytes, processes: 1});
  it('never grows above its bound and stays evenly spread', () => {
    const series = createSampleSeries(64);
    for (let index = 0; index < 100_000; index++) series.add(sampleAt(index));
    expect(series.samples.length).toBeLessThanOrEqual(64);
    expect(series.samples.length).toBeGreaterThanOrEqual(24);
    expect(series.samples.length + series.thinned).toBe(100_000);
    expect(series.samples[0]?.tMonoNs).toBe(0);
    const steps = series.samples.slice(1).map((sample, index) => sample.tMonoNs - (series.samples[index]?.tMonoNs ?? 0));
    expect(new Set(steps).size).toBe(1);
  });
  it('keeps the samples that carry PSS', () => {
    const series = createSampleSeries(40);
    for (let index = 0; index < 1000; index++) series.add(sampleAt(index, index % 50 === 0 ? 1 : null));
    expect(series.samples.filter((sample) => sample.pssBytes !== null).length).toBeGreaterThanOrEqual(10);
    expect(series.samples.length).toBeLessThanOrEqual(60);
  });
});
