import type {Expression, Test} from './expression.ts';
import type {Statement} from './statement.ts';

/** Text that two units share exactly when one register can carry both: same operations, while constants, lags, slots and variables may differ. */
export const shapeOf = (statements: readonly Statement[]): string | null => {
  const names = new Map<string, number>();
  const name = (kind: string, id: number): string => {
    const key = `${kind}${id}`;
    if (!names.has(key)) names.set(key, names.size);
    return `${kind}${names.get(key)!}`;
  };
  const test = (t: Test): string => (t.k === 'compare' ? `${expression(t.a)}${t.op}${expression(t.b)}` : t.k);
  const expression = (e: Expression): string => {
    switch (e.k) {
      case 'const': return 'c';
      case 'input': return `i${e.field}`;
      case 'var': return name('v', e.id);
      case 'load': return name('s', e.slot);
      case 'past': return `p${e.field}`;
      case 'binary': return `(${expression(e.a)}${e.op}${expression(e.b)})`;
      case 'unary': return `${e.op}(${expression(e.a)})`;
      case 'select': return `(${test(e.test)}?${expression(e.a)}:${expression(e.b)})`;
      default: return e.k;
    }
  };
  const parts: string[] = [];
  for (const s of statements) {
    if (s.k === 'let') parts.push(`${name('v', s.id)}=${expression(s.value)}`);
    else if (s.k === 'set') parts.push(`${name('s', s.slot)}=${expression(s.value)}`);
    else if (s.k === 'out') parts.push(`out=${expression(s.value)}`);
    else return null;
  }
  return parts.some((part) => part.includes('log(') || part.includes('age')) ? null : parts.join(';');
};
