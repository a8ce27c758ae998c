import type {GateResult} from '@tandem/contract';
import {formatCount} from '../format/quantity.ts';

/** How far what was seen is from the limit. */
export interface GateMargin {
  /** `78 % to spare`, `6.9 % over`, `at the limit` */
  readonly text: string;
  /** seen / limit, for a bar; null when the limit is 0 */
  readonly used: number | null;
  readonly kept: boolean;
}

interface Quantity {
  readonly operator: '<=' | '>=' | null;
  readonly value: number;
  readonly dimension: string;
}

const UNITS: Readonly<Record<string, readonly [number, string]>> = {
  ns: [1, 'ns'], 'µs': [1e3, 'ns'], us: [1e3, 'ns'], ms: [1e6, 'ns'], s: [1e9, 'ns'],
  b: [1, 'B'], kb: [1e3, 'B'], mb: [1e6, 'B'], gb: [1e9, 'B'], kib: [1024, 'B'], mib: [1024 ** 2, 'B'], gib: [1024 ** 3, 'B'],
  '%': [0.01, ''], x: [1, ''], '×': [1, ''],
};

const PATTERN = /^\s*(<=|>=|<|>|≤|≥|=|at most|at least|max|min)?\s*([+\-−]?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?)\s*([^\s/]*)(\/\s*\w+)?/i;

const parse = (text: string): Quantity | null => {
  const match = PATTERN.exec(text);
  if (match === null) return null;
  const [, sign, digits = '', unit = '', per = ''] = match;
  const [factor, name] = UNITS[unit.toLowerCase()] ?? [1, ''];
  const value = Number(digits.replaceAll(',', '').replace('−', '-')) * factor;
  if (!Number.isFinite(value)) return null;
  const operator = sign === undefined || sign === '=' ? null : /^(?:>|≥|at least|min)/i.test(sign) ? '>=' : '<=';
  return {operator, value, dimension: name + per.replace(/\s/g, '').toLowerCase()};
};

const share = (part: number): string => `${part >= 0.1 ? Math.round(part * 100) : Number((part * 100).toPrecision(2))} %`;

/** Reads limit and seen as quantities; null where they are not two numbers of one kind, or nothing was demanded. */
export const gateMargin = (gate: Pick<GateResult, 'id' | 'limit' | 'seen'>): GateMargin | null => {
  const limit = parse(gate.limit);
  const seen = parse(gate.seen);
  if (limit === null || seen === null || limit.dimension !== seen.dimension) return null;
  const floor = limit.operator === '>=' || (limit.operator === null && /min|messages|coverage/i.test(gate.id));
  const room = floor ? seen.value - limit.value : limit.value - seen.value;
  if (limit.value === 0) {
    if (floor) return null;
    return seen.value <= 0 ? {text: 'met exactly', used: null, kept: true} : {text: `${formatCount(seen.value)} over`, used: null, kept: false};
  }
  const part = Math.abs(room / limit.value);
  const used = Math.max(0, seen.value / limit.value);
  if (room === 0) return {text: 'at the limit', used, kept: true};
  if (floor) return room > 0 ? {text: `${Number(used.toPrecision(3))}× as much`, used, kept: true} : {text: `${share(part)} short`, used, kept: false};
  return room > 0 ? {text: `${share(part)} to spare`, used, kept: true} : {text: `${share(part)} over`, used, kept: false};
};
