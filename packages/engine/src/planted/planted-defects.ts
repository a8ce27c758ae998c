import {Buffer} from 'node:buffer';
import type {OutputEdit} from '../engine-lane.ts';

/** Decimals that avgPx has beyond the tick. */
const FINER_DIGITS = 4;
const AVERAGE = /"avgPx":"(\d+\.\d+)"/;

/** Integer division instead of Decimal: the average price ends at the tick, the digits behind it are cut off. */
const cutAverageAtTick: OutputEdit = (octets) => {
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1');
  const average = AVERAGE.exec(text)?.[1];
  if (average === undefined || !text.includes('"execType":"F"')) return octets;
  return Buffer.from(text.replace(AVERAGE, `"avgPx":"${average.slice(0, -FINER_DIGITS)}${'0'.repeat(FINER_DIGITS)}"`), 'latin1');
};

/** `on-signal`: correct until SIGUSR1, then the average goes wrong, as after a bad hot fix. */
export const plantedDefects: Readonly<Record<string, () => OutputEdit>> = {
  'average-cut-at-tick': () => cutAverageAtTick,
  'on-signal': () => {
    let awake = false;
    process.on('SIGUSR1', () => { awake = true; });
    return (octets) => (awake ? cutAverageAtTick(octets) : octets);
  },
  'after-messages': () => {
    let left = Number(process.env['TANDEM_PLANT_AFTER'] ?? 20_000);
    return (octets) => {
      left -= 1;
      return left > 0 ? octets : cutAverageAtTick(octets);
    };
  },
};
