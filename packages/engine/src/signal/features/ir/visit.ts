import {walk, type Expression} from './expression.ts';
import {bodyOf, definedBy, expressionsOf, type Statement} from './statement.ts';

/** Calls `visit` for every expression of statements, those of their bodies included. */
export const walkStatements = (statements: readonly Statement[], visit: (e: Expression, s: Statement) => void): void => {
  for (const s of statements) {
    for (const e of expressionsOf(s)) walk(e, (inner) => { visit(inner, s); });
    // a select's test is part of its expression; a when's stands with the statement
    walkStatements(bodyOf(s), visit);
  }
};

/** Variables that statements use and that something else defined. */
export const usedFromOutside = (statements: readonly Statement[]): readonly number[] => {
  const defined = new Set(allDefined(statements)), used = new Set<number>();
  walkStatements(statements, (e) => { if (e.k === 'var' && !defined.has(e.id)) used.add(e.id); });
  return [...used];
};

export const allDefined = (statements: readonly Statement[]): readonly number[] => statements.flatMap((s) => [...definedBy(s), ...allDefined(bodyOf(s))]);

/** Lags at which statements read records. */
export const lagsOf = (statements: readonly Statement[]): readonly number[] => {
  const lags = new Set<number>();
  walkStatements(statements, (e) => {
    if (e.k === 'past') lags.add(e.lag);
    if (e.k === 'select' && e.test.k === 'bad') lags.add(e.test.lag);
  });
  const tests = (list: readonly Statement[]): void => {
    for (const s of list) {
      if (s.k === 'when' && s.test.k === 'bad') lags.add(s.test.lag);
      tests(bodyOf(s));
    }
  };
  tests(statements);
  return [...lags].sort((a, b) => a - b);
};

/** Numbers that statements name, each once: 0 and what is not finite, which no machine need load, are left out. */
export const constantsOf = (statements: readonly Statement[]): readonly number[] => {
  const constants = new Set<number>();
  walkStatements(statements, (e) => { if (e.k === 'const' && Number.isFinite(e.value) && e.value !== 0) constants.add(e.value); });
  return [...constants];
};

/** Record fields that statements read as this tick's, so that they must be written before. */
export const fieldsReadNow = (statements: readonly Statement[]): readonly number[] => {
  const fields = new Set<number>();
  walkStatements(statements, (e) => { if (e.k === 'visited' || (e.k === 'past' && e.lag === 0)) fields.add(e.field); });
  return [...fields];
};
