import type {Expression} from '../ir/expression.ts';
import type {Layout} from '../ir/layout.ts';
import type {Statement} from '../ir/statement.ts';
import type {Dialect, TextWriter} from './text.ts';

/** The few words in which TypeScript and C differ. */
export interface BraceWords {
  readonly constant: string;
  readonly variable: string;
  readonly integer: string;
  readonly equal: string;
  readonly notEqual: string;
  readonly notANumber: string;
  readonly infinity: string;
  readonly slot: Dialect['own'];
  readonly front: string;
  readonly call: (side: 'max' | 'min', args: readonly string[]) => string;
  readonly unary: Dialect['unary'];
}

const numberText = (value: number, words: BraceWords): string => {
  if (Number.isNaN(value)) return words.notANumber;
  if (!Number.isFinite(value)) return value < 0 ? `-${words.infinity}` : words.infinity;
  const text = Object.is(value, -0) ? '-0.0' : String(value);
  const full = /[.eE]/.test(text) ? text : `${text}.0`;
  return value < 0 ? `(${full})` : full;
};

/** Bodies of the two functions that keep a deque: C and TypeScript differ only in how they head it. */
export const slideBody = (side: 'max' | 'min', layout: Layout, words: BraceWords): string[] => {
  const value = (tick: string): string => `M[sb + (${tick} & ${layout.ringRecords - 1}) * ${layout.recordDoubles} + field]`;
  return [
    `const ${words.integer === 'let' ? '' : 'double '}x = ${value('t')};`,
    `${words.integer} h = I[q], e = I[q + 1];`,
    `if (x - x ${words.equal} 0) {`,
    `  while (e > h && ${value('I[q + 2 + ((e - 1) & mask)]')} ${side === 'max' ? '<=' : '>='} x) e--;`,
    '  I[q + 2 + (e & mask)] = t; e++;',
    '}',
    'if (h < e && I[q + 2 + (h & mask)] <= t - ticks) h++;',
    'I[q] = h; I[q + 1] = e;',
    `return h < e ? I[q + 2 + (h & mask)] : ${NO_TICK};`,
  ];
};

/** Older than any tick: the deque is empty. */
const NO_TICK = -(2 ** 31) + 1;

const extremeLines = (s: Statement & {k: 'extreme'}, text: TextWriter, words: BraceWords): string[] => {
  const {layout, dialect: d} = text;
  const {at, capacity} = layout.dequePlaces[s.deque]!, f = `f${s.deque}`;
  const front = d.memory(`sb + (${f} & ${layout.ringRecords - 1}) * ${layout.recordDoubles} + ${s.field}`);
  return [
    `${words.front} ${f} = ${words.call(s.side, [`qb + ${at}`, String(capacity - 1), String(s.ticks), String(s.field), 't', 'sb'])};`,
    s.idAge === null ? `${words.constant} v${s.id} = ${f} ${words.equal} ${NO_TICK} ? ${words.notANumber} : ${front};` : `${words.constant} v${s.idAge} = ${f} ${words.equal} ${NO_TICK} ? ${words.notANumber} : t - ${f};`,
  ];
};

const sortedLines = (s: Statement, text: TextWriter, words: BraceWords): string[] => {
  const {layout, dialect: d} = text;
  const own = (area: number, place: string): string => d.memory(`sb + ${layout.areaPlaces[area]!} + ${place}`);
  const atomOf = (e: Expression): string => text.atom(e);
  switch (s.k) {
    case 'sorted': {
      const x = atomOf(s.value), old = atomOf(s.leaving), a = (place: string): string => own(s.area, place);
      return [
        '{', `  ${words.integer} k = 0;`,
        // an area of a new symbol holds zeros
        `  if (t < 1) for (k = 0; k < ${s.ticks}; k++) ${a('k')} = ${words.infinity};`,
        `  ${words.integer} low = 0, high = ${s.ticks - 1};`,
        `  while (low < high) { k = (low + high) >> 1; if (${a('k')} < ${old}) low = k + 1; else high = k; }`,
        '  k = low;',
        `  while (k > 0 && ${a('k - 1')} > ${x}) { ${a('k')} = ${a('k - 1')}; k--; }`,
        `  while (k < ${s.ticks - 1} && ${a('k + 1')} < ${x}) { ${a('k')} = ${a('k + 1')}; k++; }`,
        `  ${a('k')} = ${x};`, '}',
      ];
    }
    case 'at': return [`${words.constant} v${s.id} = ${own(s.area, String(s.place))};`];
    case 'rank': {
      const x = atomOf(s.value), a = (place: string): string => own(s.area, place);
      return [
        `${words.integer} below${s.id} = 0, same${s.id} = 0;`,
        `while (below${s.id} < ${s.ticks} && ${a(`below${s.id}`)} < ${x}) below${s.id}++;`,
        `while (below${s.id} + same${s.id} < ${s.ticks} && ${a(`below${s.id} + same${s.id}`)} ${words.equal} ${x}) same${s.id}++;`,
        `${words.constant} v${s.id} = below${s.id}; ${words.constant} v${s.idEqual} = same${s.id};`,
      ];
    }
    default: return [];
  }
};

/** A language with braces: memory is `M`, integers are `I`, `sb` the beginning of the symbol at hand, `t` its ticks. */
export const braceDialect = (layout: Layout, words: BraceWords): Dialect => ({
  number: (value) => numberText(value, words),
  own: words.slot,
  int: (place) => `I[qb + ${place}]`,
  memory: (place) => `M[${place}]`,
  select: (test, a, b) => `(${test} ? ${a} : ${b})`,
  divide: (a, b) => `(${a} / ${b})`,
  unary: words.unary,
  equal: words.equal, notEqual: words.notEqual,
  declare: (name, value) => `${words.constant} ${name} = ${value};`,
  store: (place, value) => `${place} = ${value};`,
  block: (head) => [`${head} {`, '}'],
  when: (test) => `if (${test})`,
  loop: (ticks) => `for (${words.integer} lag = ${ticks - 1}; lag >= 0; lag--)`,
  record: (lag) => (typeof lag === 'number' ? `o${lag}` : `sb + ((t - ${lag}) & ${layout.ringRecords - 1}) * ${layout.recordDoubles}`),
  special: (s, text) => (s.k === 'extreme' ? extremeLines(s, text, words) : sortedLines(s, text, words)),
});

/** Names for the beginnings of the records that statements read. */
export const recordNames = (lags: readonly number[], layout: Layout, words: BraceWords): string[] =>
  lags.map((lag) => `${words.integer === 'let' ? 'const' : words.integer} o${lag} = sb + ((t${lag === 0 ? '' : ` - ${lag}`}) & ${layout.ringRecords - 1}) * ${layout.recordDoubles};`);
