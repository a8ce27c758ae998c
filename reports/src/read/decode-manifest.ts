import type {RunManifest} from '@tandem/contract';
import {countOf, finite, flag, listOf, nullable, oneOf, recordOf, shape, text, wholeText} from './decode-shape.ts';
import type {Decode} from './decode-shape.ts';

type Ignore = RunManifest['rules']['ignores'][number];

/** An ignore rule; where the manifest also says at which line it stands, hits can be counted per rule. */
export interface IgnoreEntry extends Ignore {
  readonly source: string | null;
}

/** The manifest as this package reads it. */
export interface ReadManifest extends Omit<RunManifest, 'rules'> {
  readonly rules: {readonly default: string; readonly ignores: readonly IgnoreEntry[]};
}

export const decodeManifest: Decode<ReadManifest> = shape<ReadManifest>({
  formatVersion: () => '1.0',
  runId: wholeText(200),
  kind: oneOf('shadow', 'replay', 'bench', 'canary', 'record'),
  migration: text(200),
  configHash: wholeText(200),
  seed: finite,
  startedAt: text(60),
  finishedAt: nullable(text(60)),
  command: listOf(text(400), 100),
  host: shape({cores: countOf, cpuModel: text(200), memoryBytes: countOf, kernel: text(200), node: text(60), bootId: nullable(text(100))}),
  versions: recordOf(text(100), 100),
  capture: recordOf(text(100), 200),
  rules: shape({
    default: text(100),
    ignores: listOf(shape<IgnoreEntry>({path: text(300), reason: text(500), owner: text(100), expires: text(40), source: nullable(text(300))}), 500),
  }),
  complete: flag,
  notes: listOf(text(500), 100),
});
