import {firstCountdown, INT_LAST_BAD, INT_LAST_MISSING, LONG_AGO, type Layout} from '../ir/layout.ts';
import type {Statement} from '../ir/statement.ts';
import {lagsOf} from '../ir/visit.ts';
import type {Program} from './program.ts';
import {TextWriter, type Dialect} from './text.ts';

const numberText = (value: number): string => {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const text = Object.is(value, -0) ? '-0.0' : String(value);
  return value < 0 ? `(${text})` : /[.e]/.test(text) ? text : `${text}.0`;
};

const specialLines = (s: Statement, text: TextWriter, layout: Layout): string[] => {
  switch (s.k) {
    case 'slide': {
      const {side, endAt, heads, oldestAt, capacity, valuesAt, ticksAt} = layout.dequePlaces[s.deque]!;
      return [`slide_${side}(M, I, ${[endAt, heads, oldestAt, capacity - 1, valuesAt, ticksAt].join(', ')}, ${text.expression(s.value)}, t)`];
    }
    case 'extreme': {
      const {endAt, capacity, valuesAt, ticksAt} = layout.dequePlaces[s.deque]!, head = `I[${endAt + 1 + s.head}]`, entry = `(h & ${capacity - 1})`;
      const found = s.idAge === null ? `M[${valuesAt} + ${entry}]` : `float(t - I[${ticksAt} + ${entry}])`, isOld = `I[${ticksAt} + ${entry}] <= t - ${s.ticks}`;
      return [
        `h = ${head}`, `if ${s.mayBeEmpty ? `h < I[${endAt}] and ` : ''}${isOld}:`, '  h += 1', `  ${head} = h`,
        `v${s.idAge ?? s.id} = ${s.mayBeEmpty ? `${found} if h < I[${endAt}] else nan` : found}`,
      ];
    }
    case 'sorted': return [`replace_sorted(M, ${layout.areaPlaces[s.area]!}, ${s.ticks}, t, ${text.expression(s.value)}, ${text.expression(s.leaving)})`];
    case 'at': return [`v${s.id} = M[${layout.areaPlaces[s.area]! + s.place}]`];
    case 'rank': return [`v${s.id}, v${s.idEqual} = rank_sorted(M, ${layout.areaPlaces[s.area]!}, ${s.ticks}, ${text.expression(s.value)})`];
    default: return [];
  }
};

const dialectOf = (layout: Layout): Dialect => ({
  number: numberText,
  own: (place) => `M[${layout.slotsAt + place}]`,
  int: (place) => `I[${place}]`,
  // outputs go to a row of their own, everything else is the symbol's
  memory: (place) => (/^\d+$/.test(place) ? `F[${Number(place) - layout.rowAt}]` : `M[${place}]`),
  select: (test, a, b) => `(${a} if ${test} else ${b})`,
  divide: (a, b, isSafe) => (isSafe ? `(${a} / ${b})` : `(${a} / ${b} if ${b} else by_zero(${a}, ${b}))`),
  unary: {sqrt: (a) => `sqrt(${a})`, abs: (a) => `abs(${a})`, log: (a) => `logarithm(${a})`},
  equal: '==', notEqual: '!=',
  declare: (name, value) => `${name} = ${value}`, store: (place, value) => `${place} = ${value}`,
  block: (head) => [`${head}:`, null],
  when: (test) => `if ${test}`, loop: (ticks) => `for lag in range(${ticks - 1}, -1, -1)`,
  record: (lag) => (typeof lag === 'number' ? `o${lag}` : `((t - ${lag}) & ${layout.ringRecords - 1}) * ${layout.recordDoubles}`),
  special: (s, text) => specialLines(s, text, layout),
});

/** The seven of a tick, and the `open` of a bar where it is read. */
const inputNames = ({builder}: Program): string => Array.from({length: firstCountdown(builder.inputs) - INT_LAST_MISSING}, (_, i) => `i${i}`).join(', ');

const functionText = (program: Program, name: string, statements: readonly Statement[]): string[] => {
  const {layout} = program, writer = new TextWriter(dialectOf(layout), layout);
  for (const s of statements) writer.statement(s);
  const lags = [...new Set([0, ...lagsOf(statements)])].sort((a, b) => a - b);
  return [`def ${name}(M, I, F, t, ${inputNames(program)}):`, ...lags.map((lag) => `    o${lag} = ((t - ${lag}) & ${layout.ringRecords - 1}) * ${layout.recordDoubles}`), ...writer.take().map((line) => `    ${line.replace(/^( +)/, '$1$1')}`), '', ''];
};

const HEAD = `from math import inf, log, nan, sqrt


def by_zero(a, b):
    """IEEE division, which Python refuses."""
    if a == 0 or a != a or b != b:
        return nan if b == 0 or b != b else a / b
    return inf if (a > 0) == (str(b)[0] != "-") else -inf


def logarithm(a):
    return log(a) if a > 0 else (-inf if a == 0 else nan)


def replace_sorted(M, at, ticks, t, x, old):
    if t < 1:
        M[at:at + ticks] = [inf] * ticks
    low, high = 0, ticks - 1
    while low < high:
        k = (low + high) >> 1
        if M[at + k] < old:
            low = k + 1
        else:
            high = k
    k = low
    while k > 0 and M[at + k - 1] > x:
        M[at + k] = M[at + k - 1]
        k -= 1
    while k < ticks - 1 and M[at + k + 1] < x:
        M[at + k] = M[at + k + 1]
        k += 1
    M[at + k] = x


def rank_sorted(M, at, ticks, x):
    below = same = 0
    while below < ticks and M[at + below] < x:
        below += 1
    while below + same < ticks and M[at + below + same] == x:
        same += 1
    return float(below), float(same)

`.split('\n');

const slideText = (side: 'max' | 'min'): string[] => {
  const isBeaten = `e > I[oldest] and M[values + ((e - 1) & mask)] ${side === 'max' ? '<=' : '>='} x`;
  return `
def slide_${side}(M, I, end, heads, oldest, mask, values, ticks, x, t):
    if not (x - x == 0):
        return
    e = I[end]
    if ${isBeaten}:
        e -= 1
        while ${isBeaten}:
            e -= 1
        for k in range(end + 1, end + 1 + heads):
            if I[k] > e:
                I[k] = e
    M[values + (e & mask)] = x
    I[ticks + (e & mask)] = t
    I[end] = e + 1

`.split('\n');
};

const classText = (program: Program): string[] => {
  const {layout, builder, specs, featureHash} = program, inputs = inputNames(program), first = firstCountdown(builder.inputs);
  const used = [...builder.inputs].sort((a, b) => a - b);
  const jumps = builder.jumps.map(({input, slot}) => {
    const was = `M[${layout.slotsAt + layout.slotPlaces[slot]!}]`;
    return `not (abs((i${input} / ${was} if ${was} else by_zero(i${input}, ${was})) - 1) < 0.5)`;
  });
  return [
    `FEATURE_HASH = ${JSON.stringify(featureHash)}`, `IDS = ${JSON.stringify(specs.map(({id}) => id))}`, '', '',
    'class Features:', '    """One symbol. `row` holds the features of the last tick, in the order of `IDS`."""', '',
    '    def __init__(self):', `        self.M = [0.0] * ${layout.symbolDoubles}`, `        self.I = [0] * ${layout.intCount}`, `        self.I[1:${first}] = [${LONG_AGO}] * ${first - 1}`, '        self.row = [nan] * len(IDS)', '',
    `    def tick(self, ${inputs}):`, '        M, I, F = self.M, self.I, self.row', '        t = I[0]',
    ...[...builder.turns.keys()].flatMap((ticks) => {
      const at = `I[${layout.turnPlaces.get(ticks)!}]`;
      return [`        c = ${at} - 1`, '        if c <= 0:', `            turn${ticks}(M, I, F, t, ${inputs})`, `            c = ${ticks}`, `        ${at} = c`];
    }),
    `        total = ${used.map((field) => `i${field}`).join(' + ')}`, '        missing = not (total - total == 0)',
    `        bad = missing${jumps.length === 0 ? '' : ` or (t > 0 and (${jumps.join(' or ')}))`}`,
    `        M[(t & ${layout.ringRecords - 1}) * ${layout.recordDoubles} + ${layout.recordFields - 1}] = 1.0 if bad else 0.0`,
    '        if bad:', `            I[${INT_LAST_BAD}] = t`, '        if missing:',
    ...used.flatMap((field) => [`            if not (i${field} - i${field} == 0):`, `                I[${INT_LAST_MISSING + field}] = t`]),
    `        if t >= ${layout.horizon} and t - I[${INT_LAST_BAD}] > ${layout.reach}:`, `            steady(M, I, F, t, ${inputs})`, '        else:', `            careful(M, I, F, t, ${inputs})`,
    '        I[0] = t + 1', '        return F', '',
  ];
};

/** The program in plain Python: the same operations in the same order, for one symbol. Needs nothing but the standard library. */
export const emitPython = (program: Program): string => {
  const lanes = program.groups.flatMap((group) => group.lanes);
  return [
    `"""Emitted from the feature descriptors of '${program.name}': change those, not this."""`, ...HEAD, ...slideText('max'), ...slideText('min'),
    ...[...program.builder.turns.values()].flatMap((turn) => functionText(program, `turn${turn.ticks}`, turn.statements)),
    ...functionText(program, 'steady', lanes.flatMap((l) => l.steady)), ...functionText(program, 'careful', lanes.flatMap((l) => l.careful)), ...classText(program),
  ].join('\n');
};
