import {renameSync, writeFileSync} from 'node:fs';
import {openGateway, type Gateway, type GatewayEndpoints, type GatewayPath} from './gateway.ts';
import type {SnapshotStart} from './order-snapshots.ts';
import {SelfMeasure} from './self-measure.ts';

/** A running lane. */
export interface EngineLane {
  /** ends the lane once everything that arrived is answered */
  stop(): void;
  /** writes the stats file, if one was asked for */
  writeStats(): void;
  /** what the path went on from; null when it keeps no snapshots */
  readonly snapshot: SnapshotStart | null;
  /** settles when the lane has ended */
  readonly ended: Promise<void>;
}

/** Where a lane's outputs go. */
export interface OutputPort {
  /** @returns were the octets copied? Else they must not change afterwards. */
  send(octets: Uint8Array): boolean;
  /** is nothing taken at the moment? Then a trailer can wait. */
  isBlocked(): boolean;
}

/** A hot path with codecs at its edges, ready to stand in a gateway. */
export interface ServedPath extends GatewayPath {
  /** its own counters, for the stats file */
  counts(): Readonly<Record<string, unknown>>;
  stop(): void;
  /** what it went on from; null when it keeps no snapshots */
  readonly snapshot: SnapshotStart | null;
}

export interface ServeOptions extends GatewayEndpoints {
  /** how messages are written, for the stats file */
  readonly codec: string;
  readonly statsFile: string | null;
}

/** Opens sockets around a path and runs until stopped. What the path holds is given back when the sockets cannot be had. */
export const serveLane = async (options: ServeOptions, openPath: (port: OutputPort) => ServedPath): Promise<EngineLane> => {
  let gateway: Gateway | null = null;
  const path = openPath({send: (octets) => gateway !== null && gateway.send(octets), isBlocked: () => gateway === null || gateway.isBlocked});
  try {
    gateway = await openGateway(options);
  } catch (error) {
    path.stop();
    throw error;
  }
  const opened = gateway;
  const self = new SelfMeasure();
  const writeStats = (): void => {
    if (options.statsFile === null) return;
    const stats = {formatVersion: '1.0', pid: process.pid, node: process.version, codec: options.codec, ...self.figures(), gateway: opened.counts, path: path.counts()};
    const half = `${options.statsFile}.${process.pid}`;
    writeFileSync(half, `${JSON.stringify(stats, null, 1)}\n`, {mode: 0o600});
    renameSync(half, options.statsFile);
  };
  const ended = opened.run(path).finally(() => {
    path.stop();
    writeStats();
    self.stop();
  });
  return {stop: () => { opened.stop(); }, writeStats, ended, snapshot: path.snapshot};
};
