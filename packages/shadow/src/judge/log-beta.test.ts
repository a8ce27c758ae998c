import {describe, expect, it} from 'vitest';
import {lnBeta, lnGamma, lnIncompleteBeta, lnOneMinusExp} from './log-beta.ts';

describe('logarithms of gamma and beta functions', () => {
  // Reference values: mpmath 1.3 with 40 digits.
  it.each([
    [0.5, 0.572364942924700087], [1, 0], [2.5, 0.28468287047291916], [14.9, 24.9241320022172783], [15, 25.1912211827386815],
    [100.25, 360.284559637764235], [1_000_000.5, 12815511.4769027656],
  ])('ln gamma of %d', (x, known) => {
    expect(Math.abs(lnGamma(x) - known)).toBeLessThanOrEqual(1e-13 * Math.max(1, Math.abs(known)));
  });

  it('ln beta of a half and a half is ln pi', () => {
    expect(lnBeta(0.5, 0.5)).toBeCloseTo(Math.log(Math.PI), 14);
  });

  it.each([
    [0.5, 0.5, 6.5, -0.003202853973453224, -5.745313999507817],
    [0.99, 99, 1, -0.9949832494966436, -0.4616064050658834],
    [0.99, 10099, 120, -0.0462987351775059, -3.095700689891051],
    [0.999, 100099.9, 99.1, -0.8142671587033546, -0.5851251051310339],
    [0.01, 2, 300, -0.2183594835935328, -1.628806394930542],
    [0.5, 100.5, 100.5, -0.6931471805599453, -0.6931471805599453],
    [0.3, 10030, 25000, -1.003758317613842e-8, -18.41692947618734],
  ])('both tails of I_%d(%d, %d)', (x, a, b, lower, upper) => {
    const tails = lnIncompleteBeta(x, a, b);
    expect(Math.abs(tails.lnLower - lower)).toBeLessThan(2e-9);
    expect(Math.abs(tails.lnUpper - upper)).toBeLessThan(2e-9);
  });

  it('swaps its tails with its arguments and converges for 10^9 samples', () => {
    const forth = lnIncompleteBeta(0.999, 999_000_099, 1_000_001);
    const back = lnIncompleteBeta(1 - 0.999, 1_000_001, 999_000_099);
    expect(forth.lnLower).toBeCloseTo(back.lnUpper, 3);
    expect(Math.exp(forth.lnLower) + Math.exp(forth.lnUpper)).toBeCloseTo(1, 12);
  });

  it('keeps ln(1 - e^x) exact at both ends', () => {
    expect(lnOneMinusExp(-1e-20)).toBeCloseTo(Math.log(1e-20), 10);
    expect(lnOneMinusExp(-800)).toBeCloseTo(0, 15);
    expect(lnOneMinusExp(0)).toBe(-Infinity);
  });
});
