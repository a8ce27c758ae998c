import type {Expression} from '../ir/expression.ts';
import type {Layout} from '../ir/layout.ts';
import type {Statement} from '../ir/statement.ts';
import type {Dialect, TextWriter} from './text.ts';

/** The few words in which TypeScript and C differ. */
export interface BraceWords {
  readonly constant: string;
  readonly variable: string;
  readonly integer: string;
  /** an integer that does not change */
  readonly place: string;
  readonly equal: string;
  readonly notEqual: string;
  readonly notANumber: string;
  readonly infinity: string;
  readonly slot: Dialect['own'];
  /** how a finite number other than 0 is written where it is not written out */
  readonly number?: (value: number) => string | undefined;
  /** a sum of integers that stays within 32 bits, and needs no check for it */
  readonly step: (sum: string) => string;
  /** 1 or 0 */
  readonly count: (test: string) => string;
  readonly unary: Dialect['unary'];
}

const numberText = (value: number, words: BraceWords): string => {
  if (Number.isNaN(value)) return words.notANumber;
  if (!Number.isFinite(value)) return value < 0 ? `-${words.infinity}` : words.infinity;
  const named = words.number?.(value);
  if (named !== undefined) return named;
  const text = Object.is(value, -0) ? '-0.0' : String(value);
  const full = /[.eE]/.test(text) ? text : `${text}.0`;
  return value < 0 ? `(${full})` : full;
};

const slideLines = (s: Statement & {k: 'slide'}, text: TextWriter, words: BraceWords): string[] => {
  const {side, endAt, heads, oldestAt, capacity, ticksAt, valuesAt} = text.layout.dequePlaces[s.deque]!, {dialect: d} = text;
  const name = `d${s.deque}`, value = (place: string): string => d.memory(`sb + ${valuesAt} + (${place} & ${capacity - 1})`);
  const x = text.atom(s.value), comparison = side === 'max' ? '<=' : '>=';
  const take = [
    `if (${name} > ${d.int(oldestAt)} && ${value(`${name} - 1`)} ${comparison} ${x}) {`,
    `  do ${name} = ${words.step(`${name} - 1`)}; while (${name} > ${d.int(oldestAt)} && ${value(`${name} - 1`)} ${comparison} ${x});`,
    // no branch on what the market does: a head behind the end comes back to it
    ...Array.from({length: heads}, (_, i) => `  { ${words.place} over = ${d.int(endAt + 1 + i)} - ${name}; ${d.int(endAt + 1 + i)} = ${name} + (over & (over >> 31)); }`),
    '}',
    `${value(name)} = ${x}; ${d.int(`${ticksAt} + (${name} & ${capacity - 1})`)} = t; ${d.int(endAt)} = ${name} + 1;`,
  ];
  const lines = s.mayBeBad ? [`if (${x} - ${x} ${words.equal} 0) {`, ...take.map((line) => `  ${line}`), '}'] : take;
  return [`${words.integer} ${name} = ${d.int(endAt)};`, ...lines];
};

const extremeLines = (s: Statement & {k: 'extreme'}, text: TextWriter, words: BraceWords): string[] => {
  const {endAt, capacity, ticksAt, valuesAt} = text.layout.dequePlaces[s.deque]!, {dialect: d} = text;
  const head = `h${s.deque}x${s.head}`, headAt = d.int(endAt + 1 + s.head), tick = d.int(`${ticksAt} + (${head} & ${capacity - 1})`);
  const found = s.idAge === null ? d.memory(`sb + ${valuesAt} + (${head} & ${capacity - 1})`) : `t - ${tick}`;
  const isThere = `${head} < ${d.int(endAt)}`;
  return [
    `${words.integer} ${head} = ${headAt};`,
    s.mayBeEmpty ? `if (${isThere} && ${tick} <= t - ${s.ticks}) ${head}++;` : `${head} = ${words.step(`${head} + ${words.count(`${tick} <= t - ${s.ticks}`)}`)};`,
    `${headAt} = ${head};`,
    `${words.constant} v${s.idAge ?? s.id} = ${s.mayBeEmpty ? `${isThere} ? ${found} : ${words.notANumber}` : found};`,
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
  special: (s, text) => (s.k === 'slide' ? slideLines(s, text, words) : s.k === 'extreme' ? extremeLines(s, text, words) : sortedLines(s, text, words)),
});

/** Names for the beginnings of the records that statements read. */
export const recordNames = (lags: readonly number[], layout: Layout, words: BraceWords): string[] =>
  lags.map((lag) => `${words.integer === 'let' ? 'const' : words.integer} o${lag} = sb + ((t${lag === 0 ? '' : ` - ${lag}`}) & ${layout.ringRecords - 1}) * ${layout.recordDoubles};`);
