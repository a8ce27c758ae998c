import {expect, it} from 'vitest';
import {classifyField, triplesToSettle} from './classes.ts';

it('needs 46,052 clean triples to exclude a noise rate of 1 in 10,000 at 1 %', () => {
  expect(triplesToSettle()).toBe(46_052);
  expect(triplesToSettle(1e-3, 0.05)).toBe(2996);
});

it('sorts fields by what the twin says', () => {
  expect(classifyField({compared: 46_052, twinDiffers: 0}, 46_052)).toBe('deterministic');
  expect(classifyField({compared: 46_051, twinDiffers: 0}, 46_052)).toBe('unsettled');
  expect(classifyField({compared: 1_000_000, twinDiffers: 1}, 46_052)).toBe('noisy');
  expect(classifyField({compared: 1000, twinDiffers: 500}, 46_052)).toBe('opaque');
  expect(classifyField({compared: 0, twinDiffers: 0}, 46_052)).toBe('unsettled');
});
