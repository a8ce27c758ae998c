import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {CapturedMessage, GapRecord} from '@tandem/contract';
import {openLogReader, type BatchOptions} from './log-reader.ts';
import type {Damage} from './log-damage.ts';

/** Makes captures for tests of the log; nothing of the product uses it. */
export function message(seq: number, given: Partial<CapturedMessage> & {readonly text?: string} = {}): CapturedMessage {
  const {text, ...fields} = given;
  return {
    stream: 'orders', epoch: 0, seq, tMonoNs: 1_000_000_000 + seq * 1000, tWallNs: 1_795_000_000_000_000_000n + BigInt(seq), identity: '',
    frames: [new Uint8Array(Buffer.from(text ?? `message ${seq}`))], ...fields,
  };
}

/** One line for a message: everything that must come back, and nothing of how it is held in memory. */
export function lineOf(item: CapturedMessage): string {
  const frames = item.frames.map((frame) => Buffer.from(frame).toString('hex')).join(',');
  return `${item.stream}|${item.epoch}|${item.seq}|${item.tMonoNs}|${item.tWallNs}|${item.identity}|${frames}`;
}

export interface ReadBack {
  readonly lines: string[];
  readonly gaps: GapRecord[];
  readonly damage: Damage[];
}

export async function readAll(path: string, options: BatchOptions = {}): Promise<ReadBack> {
  const reader = await openLogReader(path);
  const found: ReadBack = {lines: [], gaps: [], damage: []};
  const tell: BatchOptions = {...options, onGap: (gap) => found.gaps.push(gap), onDamage: (damage) => found.damage.push(damage)};
  for await (const batch of reader.batches(tell)) found.lines.push(...batch.map(lineOf));
  return found;
}

/** A folder for one test, removed at its end. */
export async function scratch(): Promise<{readonly folder: string; remove(): Promise<void>}> {
  const folder = await mkdtemp(join(tmpdir(), 'tdm-log-'));
  return {folder, remove: async () => await rm(folder, {recursive: true, force: true})};
}

/** Small numbers that look random and are the same in every run. */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13; state ^= state >>> 17; state ^= state << 5;
    return (state >>> 0) % below;
  };
}
