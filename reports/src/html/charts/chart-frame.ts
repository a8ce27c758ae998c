import {html} from '../../encode/html.ts';
import type {Markup} from '../../encode/html.ts';

export type ChartSize = 'wide' | 'narrow';

/** Plot area of a chart in units of its viewBox. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Where a value falls between two ends, 0..1. */
export interface Scale {
  readonly kind: 'linear' | 'log';
  readonly from: number;
  readonly to: number;
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

export const frameOf = (size: ChartSize, heights: {wide: number; narrow: number}): Frame => (size === 'wide'
  ? {width: 960, height: heights.wide, left: 62, right: 960 - 118, top: 18, bottom: heights.wide - 44}
  : {width: 344, height: heights.narrow, left: 50, right: 344 - 12, top: 14, bottom: heights.narrow - 42});

const fraction = (scale: Scale, value: number): number => {
  const share = scale.kind === 'log'
    ? Math.log(value / scale.from) / Math.log(scale.to / scale.from) : (value - scale.from) / (scale.to - scale.from);
  return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
};

export const xOf = (frame: Frame, scale: Scale, value: number): string => (frame.left + fraction(scale, value) * (frame.right - frame.left)).toFixed(1);
export const yOf = (frame: Frame, scale: Scale, value: number): string => (frame.bottom - fraction(scale, value) * (frame.bottom - frame.top)).toFixed(1);

/** `10.0 ms` is more digits than a tick stands for. */
export const tickLabel = (label: string): string => label.replace(/(\.\d*?)0+(?= |$)/, '$1').replace(/\.(?= |$)/, '');

/** 1, 2 or 5 times a power of ten, at least `value`. */
export const niceCeiling = (value: number): number => {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= value * 0.9999) ?? 10;
  return step * power;
};

/** About `count` round values from 0 to `to`. */
export const linearTicks = (to: number, count: number, label: (value: number) => string): readonly Tick[] => {
  const rough = to / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const ticks: Tick[] = [];
  for (let n = 0; n <= count * 3 && n * step <= to * 1.0001; n++) ticks.push({at: n * step, label: tickLabel(label(n * step))});
  return ticks;
};

/** Powers of ten inside a log scale; 1-2-5 when there are fewer than two of them. */
export const logTicks = (scale: Scale, label: (value: number) => string): readonly Tick[] => {
  const decades: number[] = [];
  for (let power = Math.floor(Math.log10(scale.from)); power <= Math.ceil(Math.log10(scale.to)); power++) decades.push(10 ** power);
  const inside = (value: number): boolean => value >= scale.from * 0.999 && value <= scale.to * 1.001;
  const whole = decades.filter(inside);
  const values = whole.length >= 2 ? whole : decades.flatMap((decade) => [decade, 2 * decade, 5 * decade]).filter(inside);
  return values.map((at) => ({at, label: label(at)}));
};

/** Grid, axis labels, and the hidden cursor line that the page script moves. */
export const axes = (frame: Frame, x: {scale: Scale; ticks: readonly Tick[]; name: string}, y: {scale: Scale; ticks: readonly Tick[]}): Markup => html`
${y.ticks.map((tick) => html`<path class="grid" d="M${frame.left} ${yOf(frame, y.scale, tick.at)}H${frame.right}"/><text class="tick" x="${frame.left - 8}" y="${(Number(yOf(frame, y.scale, tick.at)) + 4).toFixed(1)}" text-anchor="end">${tick.label}</text>`)}
${x.ticks.map((tick) => html`<path class="tickmark" d="M${xOf(frame, x.scale, tick.at)} ${frame.bottom}v5"/><text class="tick" x="${xOf(frame, x.scale, tick.at)}" y="${frame.bottom + 19}" text-anchor="middle">${tick.label}</text>`)}
<path class="axis" d="M${frame.left} ${frame.bottom}H${frame.right}"/>
<text class="axis-name" x="${frame.right}" y="${frame.bottom + 37}" text-anchor="end">${x.name}</text>
<g class="cursor" visibility="hidden" transform="translate(${frame.left} 0)"><path d="M0 ${frame.top}V${frame.bottom}"/></g>`;

export const linePath = (points: readonly (readonly [string, string])[]): string => (points.length === 0 ? '' : `M${points.map(([x, y]) => `${x} ${y}`).join('L')}`);

/** Names at the right end of their lines, pushed apart so that none covers another. */
export const endLabels = (frame: Frame, labels: readonly {readonly name: string; readonly className: string; readonly y: number}[]): Markup => {
  const apart = 17;
  const placed = [...labels].sort((a, b) => a.y - b.y).map((label) => ({...label}));
  for (let n = 1; n < placed.length; n++) {
    const above = placed[n - 1];
    const label = placed[n];
    if (above !== undefined && label !== undefined && label.y - above.y < apart) label.y = above.y + apart;
  }
  const overflow = Math.max(0, (placed.at(-1)?.y ?? 0) - frame.bottom);
  return html`${placed.map((label) => html`<text class="lane-name ${label.className}" x="${frame.right + 10}" y="${(label.y - overflow + 4).toFixed(1)}">${label.name}</text>`)}`;
};

/** A small line sample and a name per lane, above the plot where there is no room at the right. */
export const topKey = (frame: Frame, names: readonly {readonly name: string; readonly className: string}[]): Markup => {
  let x = frame.left;
  return html`${names.map(({name, className}) => {
    const at = x;
    x += 34 + name.length * 7;
    return html`<path class="line ${className}" d="M${at} 7h20"/><text class="lane-name small ${className}" x="${at + 25}" y="11">${name}</text>`;
  })}`;
};
