import {expect, test} from 'vitest';
import {abbaPlan} from './abba-plan.ts';

const letters = (seed: number, rounds: number): string => abbaPlan(['legacy', 'candidate'], rounds, seed).map(({lane}) => lane === 'legacy' ? 'L' : 'C').join('');

test('turns the order round in every other round; the seed decides who begins', () => {
  expect(letters(0, 4)).toBe('LCCLLCCL');
  expect(letters(1, 4)).toBe('CLLCCLLC');
  expect(letters(-1, 1)).toBe('CL');
  expect(letters(7, 0)).toBe('');
});

test('every lane gets every slice once, with three lanes too', () => {
  const plan = abbaPlan(['legacy', 'twin', 'candidate'], 5, 11);
  for (const lane of ['legacy', 'twin', 'candidate']) {
    expect(plan.filter((turn) => turn.lane === lane).map(({round}) => round)).toEqual([0, 1, 2, 3, 4]);
  }
});
