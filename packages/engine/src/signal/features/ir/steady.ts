import type {Expression, Test} from './expression.ts';
import type {Statement} from './statement.ts';

const isCareful = (test: Test): boolean => test.k !== 'compare';

/** The expression of a symbol that is old enough and has no bad value within its largest window. */
export const steadyExpression = (e: Expression): Expression => {
  switch (e.k) {
    case 'reload': return steadyExpression(e.value);
    case 'binary': return {...e, a: steadyExpression(e.a), b: steadyExpression(e.b)};
    case 'unary': return {...e, a: steadyExpression(e.a)};
    case 'select': {
      if (e.test.k !== 'compare') return steadyExpression(e.b);
      return {...e, test: {...e.test, a: steadyExpression(e.test.a), b: steadyExpression(e.test.b)}, a: steadyExpression(e.a), b: steadyExpression(e.b)};
    }
    default: return e;
  }
};

/** Statements of the steady version: nothing careful is left, and what only named another variable is gone. */
export const steadyStatements = (statements: readonly Statement[], same: Map<number, Expression>): Statement[] => statements.flatMap((s): Statement[] => {
  const value = (e: Expression): Expression => renamed(steadyExpression(e), same);
  switch (s.k) {
    case 'careful': return [];
    case 'when': {
      if (isCareful(s.test)) return [];
      return [{...s, body: steadyStatements(s.body, same)}];
    }
    case 'let': {
      const e = value(s.value);
      if (e.k === 'var' || e.k === 'input' || e.k === 'const') { same.set(s.id, e); return []; }
      return [{...s, value: e}];
    }
    // no input within the window was bad, so the newest at least is there; a series that is made of them may still divide by zero
    case 'slide': return [{...s, value: value(s.value), mayBeBad: !s.isOfInput}];
    case 'extreme': return [{...s, mayBeEmpty: !s.isOfInput}];
    case 'set': case 'put': case 'out': case 'rank': return [{...s, value: value(s.value)}];
    case 'sorted': return [{...s, value: value(s.value), leaving: value(s.leaving)}];
    case 'loop': return [{...s, body: steadyStatements(s.body, same)}];
    default: return [s];
  }
});

const renamed = (e: Expression, same: ReadonlyMap<number, Expression>): Expression => {
  switch (e.k) {
    case 'var': return same.get(e.id) ?? e;
    case 'binary': return {...e, a: renamed(e.a, same), b: renamed(e.b, same)};
    case 'unary': return {...e, a: renamed(e.a, same)};
    case 'select': return {...e, test: e.test.k === 'compare' ? {...e.test, a: renamed(e.test.a, same), b: renamed(e.test.b, same)} : e.test, a: renamed(e.a, same), b: renamed(e.b, same)};
    default: return e;
  }
};
