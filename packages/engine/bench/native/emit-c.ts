import {braceDialect, recordNames, type BraceWords} from '../../src/signal/features/emit/braces.ts';
import type {Program} from '../../src/signal/features/emit/program.ts';
import {TextWriter} from '../../src/signal/features/emit/text.ts';
import {INT_LAST_BAD, INT_LAST_MISSING, type Layout} from '../../src/signal/features/ir/layout.ts';
import type {Statement} from '../../src/signal/features/ir/statement.ts';
import {lagsOf} from '../../src/signal/features/ir/visit.ts';

const wordsOf = (layout: Layout): BraceWords => ({
  slot: (place) => `M[sb + ${layout.slotsAt + place}]`,
  count: (test) => `(${test})`, step: (sum) => sum,
  constant: 'const double', variable: 'double', integer: 'int', place: 'const int', equal: '==', notEqual: '!=', notANumber: '__builtin_nan("")', infinity: '__builtin_inf()',
  unary: {sqrt: (a) => `__builtin_sqrt(${a})`, abs: (a) => `__builtin_fabs(${a})`, log: (a) => `log(${a})`},
});

const functionText = (program: Program, name: string, statements: readonly Statement[]): string => {
  const {layout} = program, words = wordsOf(layout);
  const writer = new TextWriter(braceDialect(layout, words), layout);
  for (const s of statements) writer.statement(s);
  const lags = [...new Set([0, ...lagsOf(statements)])].sort((a, b) => a - b);
  return [
    `static void ${name}(double *restrict M, int *restrict I, const int t, const long sb) {`,
    `const long qb = sb * 2 + ${layout.intsAt * 2};(void)qb;(void)t;`,
    ...Array.from({length: 7}, (_, i) => `const double i${i} = M[${i}];(void)i${i};`),
    ...recordNames(lags, layout, {...words, integer: 'long'}).map((line) => `${line}`), '(void)o0;',
    ...writer.take(), '}', '',
  ].join('\n');
};

const badText = (program: Program): string => {
  const {layout, builder} = program, used = [...builder.inputs].sort((a, b) => a - b);
  const jumps = builder.jumps.map(({input, slot}) => `!(__builtin_fabs(M[${input}] / M[sb + ${layout.slotsAt + layout.slotPlaces[slot]!}] - 1) < 0.5)`);
  return `const long o0 = sb + (long)(t & ${layout.ringRecords - 1}) * ${layout.recordDoubles};
const double sum = ${used.map((i) => `M[${i}]`).join('+')}; const int missing = !(sum - sum == 0);
const int bad = missing${jumps.length === 0 ? '' : ` || (t > 0 && (${jumps.join('||')}))`};
M[o0 + ${layout.recordFields - 1}] = bad; if (bad) I[qb + ${INT_LAST_BAD}] = t;
if (missing) { ${used.map((i) => `if (!(M[${i}] - M[${i}] == 0)) I[qb + ${INT_LAST_MISSING + i}] = t;`).join(' ')} }`;
};

/** The same program in C, one function a version: what the compiled forms are measured against. */
export const emitC = (program: Program): string => {
  const {layout, groups, builder} = program, lanes = groups.flatMap((g) => g.lanes);
  const turns = [...builder.turns.values()];
  return [
    '#include <math.h>',
    ...turns.map((turn) => functionText(program, `turn${turn.ticks}`, turn.statements)),
    functionText(program, 'steady', lanes.flatMap((l) => l.steady)), functionText(program, 'careful', lanes.flatMap((l) => l.careful)),
    `static void tick(double *restrict M, int *restrict I, int symbol) {
const long sb = ${layout.symbolsAt}L + (long)symbol * ${layout.symbolDoubles}L, qb = sb * 2 + ${layout.intsAt * 2}; const int t = I[qb];
${turns.map(({ticks}) => { const at = `I[qb + ${layout.turnPlaces.get(ticks)!}]`; return `{int c = ${at} - 1; if (c <= 0) { turn${ticks}(M, I, t, sb); c = ${ticks}; } ${at} = c;}`; }).join('\n')}
${badText(program)}
if (t >= ${layout.horizon} && t - I[qb + ${INT_LAST_BAD}] > ${layout.reach}) steady(M, I, t, sb); else careful(M, I, t, sb);
I[qb] = t + 1;}`,
  ].join('\n');
};
