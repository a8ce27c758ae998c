import {bodyOf, expressionsOf, type Statement} from '../ir/statement.ts';
import {walk} from '../ir/expression.ts';
import {INT_LAST_BAD, INT_LAST_MISSING, type Layout} from '../ir/layout.ts';
import {allDefined, lagsOf, usedFromOutside, walkStatements} from '../ir/visit.ts';
import {braceDialect, recordNames, type BraceWords} from './braces.ts';
import {manifestOf} from './manifest.ts';
import type {Program} from './program.ts';
import {TextWriter} from './text.ts';
import {Views} from './views.ts';

const wordsOf = (layout: Layout): BraceWords => ({
  constant: 'const', variable: 'let', integer: 'let', place: 'const', equal: '===', notEqual: '!==', notANumber: 'NAN', infinity: 'INFINITY', count: (test) => `Number(${test})`,
  unary: {sqrt: (a) => `Math.sqrt(${a})`, abs: (a) => `Math.abs(${a})`, log: (a) => `Math.log(${a})`},
  slot: (place) => `M[${layout.workAt + place}]`,
  step: (sum) => `${sum} | 0`,
  number: (value) => (layout.constants.has(value) ? `M[${layout.constants.get(value)!}]` : undefined),
});

/**
 * V8 never optimises a function of more than 61,440 octets of bytecode, and says so nowhere. Half of that is the limit here; one operation
 * or access is about 13 octets where there are many registers.
 */
const NODES_PER_FUNCTION = 1500;

/** All places of 4 GiB: with this mask the optimiser knows that sums of places stay far from the end of 32 bits, and checks none of them. */
const PLACES = 2 ** 29 - 1;

const weightOf = ({k}: Statement): number => (k === 'slide' || k === 'sorted' || k === 'rank' ? 45 : k === 'extreme' ? 15 : 2);

const weigh = (statements: readonly Statement[]): number => {
  let nodes = 0;
  const count = (list: readonly Statement[]): void => {
    for (const s of list) {
      nodes += weightOf(s);
      for (const e of expressionsOf(s)) walk(e, (inner) => { nodes += inner.k === 'var' || inner.k === 'const' ? 0 : 1; });
      count(bodyOf(s));
    }
  };
  count(statements);
  return nodes;
};

const chunk = (units: readonly (readonly Statement[])[]): Statement[][] => {
  const chunks: Statement[][] = [];
  let weight = Number.POSITIVE_INFINITY;
  for (const statements of units) {
    const own = weigh(statements);
    if (weight + own > NODES_PER_FUNCTION) { chunks.push([]); weight = 0; }
    chunks.at(-1)!.push(...statements);
    weight += own;
  }
  return chunks;
};

interface Emission {readonly program: Program; readonly views: Views}

const inputsUsed = (statements: readonly Statement[]): number[] => {
  const used = new Set<number>();
  walkStatements(statements, (e) => { if (e.k === 'input') used.add(e.field); });
  return [...used].sort((a, b) => a - b);
};

const functionText = ({program, views}: Emission, name: string, statements: readonly Statement[], exported: ReadonlyMap<number, number>): string[] => {
  const {layout} = program, words = wordsOf(layout);
  const writer = new TextWriter(braceDialect(layout, words), layout);
  const needed = usedFromOutside(statements);
  const lags = new Set(lagsOf(statements));
  const putsNow = (list: readonly Statement[]): boolean => list.some((s) => s.k === 'put' || putsNow(bodyOf(s)));
  if (putsNow(statements)) lags.add(0);
  for (const s of statements) writer.statement(s);
  const body = writer.take();
  const lines = [
    `const qb = sb * 2 + ${layout.intsAt * 2};`,
    ...inputsUsed(statements).map((field) => `const i${field} = M[${field}];`),
    ...recordNames([...lags].sort((a, b) => a - b), layout, words),
    ...needed.map((id) => `const v${id} = M[${exported.get(id)!}];`),
    ...body,
    ...allDefined(statements).filter((id) => exported.has(id)).map((id) => `M[${exported.get(id)!}] = v${id};`),
  ];
  const isUsed = lines.slice(1).some((line) => line.includes('qb'));
  return [`  const ${name} = (t, at) => {`, `    const sb = at & ${PLACES};`, ...views.shorten(lines.slice(isUsed ? 0 : 1)).map((line) => `    ${line}`), '  };'];
};

const versionText = (emission: Emission, name: string, units: readonly (readonly Statement[])[]): {lines: string[]; calls: string[]} => {
  const chunks = chunk(units);
  const exported = new Map([...new Set(chunks.flatMap((statements) => usedFromOutside(statements)))].map((id, i) => [id, emission.program.layout.scratchAt + i]));
  const names = chunks.map((_, i) => `${name}${i}`);
  return {lines: chunks.flatMap((statements, i) => functionText(emission, names[i]!, statements, exported)), calls: names.map((n) => `${n}(t, sb);`)};
};

/** Notes what of this tick cannot be trusted, and keeps the note with the record. */
const badLines = (program: Program): string[] => {
  const {builder, layout} = program;
  const used = [...builder.inputs].sort((a, b) => a - b);
  const jumps = builder.jumps.map(({input, slot}) => `!(Math.abs(M[${input}] / M[${layout.workAt + layout.slotPlaces[slot]!}] - 1) < 0.5)`);
  return [
    ...recordNames([0], layout, wordsOf(layout)),
    `const sum = ${used.map((field) => `M[${field}]`).join(' + ')};`,
    `const isMissing = !(sum - sum === 0);`,
    `const isBad = isMissing${jumps.length === 0 ? '' : ` || (t > 0 && (${jumps.join(' || ')}))`};`,
    `M[o0 + ${layout.recordFields - 1}] = isBad ? 1 : 0;`,
    `if (isBad) I[qb + ${INT_LAST_BAD}] = t;`,
    `if (isMissing) { ${used.map((field) => `if (!(M[${field}] - M[${field}] === 0)) I[qb + ${INT_LAST_MISSING + field}] = t;`).join(' ')} }`,
  ];
};

/** The module as text: `bind` over a block of memory gives `tick(symbol)`. */
export const emitTypeScript = (program: Program): string => {
  const {layout, groups, builder} = program, views = new Views(layout), emission = {program, views};
  const lanes = groups.flatMap((group) => group.lanes);
  const steady = versionText(emission, 'steady', lanes.map((lane) => lane.steady));
  const careful = versionText(emission, 'careful', lanes.map((lane) => lane.careful));
  const turns = [...builder.turns.values()];
  const turnTexts = turns.flatMap((turn) => functionText(emission, `turn${turn.ticks}`, turn.statements, new Map()));
  const tick = views.shorten([
    'if (symbol !== resident) { keep(); fetch(symbol); }',
    `const sb = ${layout.symbolsAt} + symbol * ${layout.symbolDoubles};`,
    `const qb = sb * 2 + ${layout.intsAt * 2};`,
    'const t = I[qb];',
    ...turns.map(({ticks}) => {
      const at = `I[qb + ${layout.turnPlaces.get(ticks)!}]`;
      return `const c${ticks} = ${at} - 1; if (c${ticks} <= 0) { turn${ticks}(t, sb); ${at} = ${ticks}; } else ${at} = c${ticks};`;
    }),
    ...badLines(program),
    `if (t >= ${layout.horizon} && t - I[qb + ${INT_LAST_BAD}] > ${layout.reach}) {`, ...steady.calls.map((call) => `  ${call}`), '} else {', ...careful.calls.map((call) => `  ${call}`), '}',
    'I[qb] = t + 1;',
  ]);
  return [
    `// Emitted from the feature descriptors of '${program.name}': change those, not this.`,
    `export const manifest = ${JSON.stringify(manifestOf(program))};`,
    'export const bind = (M, I) => {',
    `  M.set([${[...layout.constants.keys()].join(', ')}], ${[...layout.constants.values()][0] ?? 0});`,
    ...views.declarations().map((line) => `  ${line}`),
    ...turnTexts, ...steady.lines, ...careful.lines,
    '  let resident = 0;',
    '  const keep = () => {',
    `    const at = ${layout.symbolsAt + layout.slotsAt} + resident * ${layout.symbolDoubles};`,
    `    M.copyWithin(at, ${layout.workAt}, ${layout.workAt + layout.slotCount});`,
    '  };',
    '  const fetch = (symbol) => {',
    `    const at = ${layout.symbolsAt + layout.slotsAt} + symbol * ${layout.symbolDoubles};`,
    `    M.copyWithin(${layout.workAt}, at, at + ${layout.slotCount});`,
    '    resident = symbol;',
    '  };',
    '  const tick = (symbol) => {', ...tick.map((line) => `    ${line}`), '  };',
    '  return {tick, keep, fetch};', '};', '',
  ].join('\n');
};
