import {describe, expect, it} from 'vitest';
import {TOKENS} from './tokens.ts';

const hexOf = (scheme: string, name: string): readonly number[] => {
  const value = new RegExp(`--${name}:#([0-9a-f]{3,6})\\b`).exec(scheme)?.[1] ?? '';
  const full = value.length === 3 ? [...value].map((digit) => digit + digit).join('') : value;
  return [0, 2, 4].map((at) => parseInt(full.slice(at, at + 2), 16) / 255);
};

const luminance = (rgb: readonly number[]): number => {
  const [r = 0, g = 0, b = 0] = rgb.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

const contrast = (scheme: string, a: string, b: string): number => {
  const [high = 0, low = 0] = [luminance(hexOf(scheme, a)), luminance(hexOf(scheme, b))].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
};

const dark = TOKENS.slice(TOKENS.indexOf('prefers-color-scheme:dark'));
const light = TOKENS.slice(0, TOKENS.indexOf('prefers-color-scheme:dark'));

describe.each([['light', light], ['dark', dark]] as const)('contrast in the %s scheme', (_, scheme) => {
  it.each([
    ['ink', 'paper'], ['ink', 'surface'], ['soft', 'paper'], ['soft', 'surface'], ['legacy', 'paper'], ['candidate', 'paper'], ['legacy', 'surface'], ['candidate', 'surface'], ['twin', 'paper'],
    ['good', 'paper'], ['bad', 'paper'], ['warn', 'paper'], ['none', 'paper'], ['good', 'good-tint'], ['bad', 'bad-tint'], ['warn', 'warn-tint'], ['none', 'none-tint'],
    ['ink', 'bad-tint'], ['ink', 'good-tint'], ['soft', 'bad-tint'], ['soft', 'good-tint'], ['soft', 'warn-tint'], ['mark-ink', 'mark'], ['bad', 'good-tint'], ['good', 'bad-tint'], ['warn', 'bad-tint'],
  ])('%s on %s reads at 4.5:1', (front, ground) => expect(contrast(scheme, front, ground)).toBeGreaterThanOrEqual(4.5));
});
