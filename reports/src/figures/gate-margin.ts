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
  readonly value: number;
  /** what the number counts: `ns`, `B`, `B/h`, `%`, `x`, or `` for a plain count */
  readonly dimension: string;
  readonly word: string;
}

const UNITS: Readonly<Record<string, readonly [number, string]>> = {
  ns: [1, 'ns'], 'µs': [1e3, 'ns'], us: [1e3, 'ns'], ms: [1e6, 'ns'], s: [1e9, 'ns'],
  b: [1, 'B'], kb: [1e3, 'B'], mb: [1e6, 'B'], gb: [1e9, 'B'], kib: [1024, 'B'], mib: [1024 ** 2, 'B'], gib: [1024 ** 3, 'B'],
  '%': [0.01, '%'], x: [1, 'x'], '×': [1, 'x'],
};

const NUMBER = /([+\-−]?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?)\s*(%|×|[^\s\d/,;:()[\]]*)(\/\s*\w+)?/giu;
const LIMIT = /^(.*?)(<=|>=|<|>|≤|≥|at most|at least|max|min)\s*([+\-−]?\d.*)$/iu;

const quantitiesIn = (text: string): readonly Quantity[] => [...text.slice(0, 300).matchAll(NUMBER)].flatMap(([, digits = '', unit = '', per = '']) => {
  const [factor, dimension] = UNITS[unit.toLowerCase()] ?? [1, ''];
  const value = Number(digits.replaceAll(',', '').replace('−', '-')) * factor;
  return Number.isFinite(value) ? [{value, dimension: dimension + per.replace(/\s/g, '').toLowerCase(), word: unit}] : [];
});

interface Limit extends Quantity {
  readonly floor: boolean;
}

const limitIn = (text: string): Limit | null => {
  const match = LIMIT.exec(text);
  const quantity = quantitiesIn(match?.[3] ?? text)[0];
  // a bare number is a limit only when nothing else stands there
  if (quantity === undefined || (match === null && !/^\s*[+\-−]?\d[\d,.]*\s*\S{0,4}\s*$/u.test(text))) return null;
  return {...quantity, floor: /^(?:>=?|≥|at least|min)$/i.test(match?.[2] ?? '')};
};

/** The number of what was seen that speaks of the same thing; `100,000 fed, 90,000 compared` is 90,000. */
const seenIn = (text: string, limit: Limit): Quantity | null => {
  const same = quantitiesIn(text).filter((quantity) => quantity.dimension === limit.dimension
    || (quantity.dimension === '' && limit.dimension === 'x') || (quantity.dimension === 'x' && limit.dimension === ''));
  return same.find((quantity) => quantity.word === 'compared') ?? same[0] ?? null;
};

const percent = (part: number): string => `${part >= 0.1 ? Math.round(part * 100) : Number((part * 100).toPrecision(2))} %`;

/** Reads limit and seen as quantities; null where they are not two numbers of one kind, or nothing was demanded. */
export const gateMargin = (gate: Pick<GateResult, 'limit' | 'seen'>): GateMargin | null => {
  const limit = limitIn(gate.limit);
  const seen = limit === null ? null : seenIn(gate.seen, limit);
  if (limit === null || seen === null) return null;
  if (limit.value <= 0) {
    if (limit.floor || limit.value < 0) return null;
    const over = limit.dimension === '%' ? percent(seen.value) : formatCount(seen.value);
    return seen.value <= 0 ? {text: 'met exactly', used: null, kept: true} : {text: `${over} over`, used: null, kept: false};
  }
  const room = limit.floor ? seen.value - limit.value : limit.value - seen.value;
  const part = Math.abs(room / limit.value);
  const used = Math.max(0, seen.value / limit.value);
  if (room === 0) return {text: 'at the limit', used, kept: true};
  if (limit.floor) return room > 0 ? {text: `${Number(used.toPrecision(3))}× as much`, used, kept: true} : {text: `${percent(part)} short`, used, kept: false};
  return room > 0 ? {text: `${percent(part)} to spare`, used, kept: true} : {text: `${percent(part)} over`, used, kept: false};
};
