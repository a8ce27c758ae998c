import {readFileSync} from 'node:fs';
import {arch, cpus, endianness, platform, release, totalmem} from 'node:os';
import type {RunManifest} from '@tandem/contract';

/** The machine under a run. `bootId` is null where the kernel has none: then times of two processes are not subtracted. */
export function hostFacts(): RunManifest['host'] {
  const processors = cpus();
  return {
    cores: processors.length,
    cpuModel: processors[0]?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    kernel: `${platform()} ${release()} ${arch()} ${endianness()}`,
    node: process.versions.node,
    bootId: readLine('/proc/sys/kernel/random/boot_id'),
  };
}

/** Versions of what this process itself runs on; the caller adds the libraries that it loaded. */
export function runtimeVersions(): Record<string, string> {
  const {node, v8, uv, openssl} = process.versions;
  return {node, v8, ...(uv === undefined ? {} : {uv}), ...(openssl === undefined ? {} : {openssl})};
}

/** Where the kernel offers them: what may explain a figure. Only for display. */
export function hostConditions(): Record<string, string> {
  const facts: Record<string, string | null> = {
    clocksource: readLine('/sys/devices/system/clocksource/clocksource0/current_clocksource'),
    governor: readLine('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
    idleGovernor: readLine('/sys/devices/system/cpu/cpuidle/current_governor_ro') ?? readLine('/sys/devices/system/cpu/cpuidle/current_governor'),
    load: readLine('/proc/loadavg'),
  };
  return Object.fromEntries(Object.entries(facts).filter((fact): fact is [string, string] => fact[1] !== null));
}

function readLine(path: string): string | null {
  try {
    const line = readFileSync(path, 'latin1').split('\n', 1)[0]?.trim() ?? '';
    return /^[\x20-\x7e]{1,200}$/.test(line) ? line : null;
  } catch {
    return null;
  }
}
