import type {CanaryEvent} from '@tandem/contract';
import {html} from '../../encode/html.ts';
import type {Markup} from '../../encode/html.ts';
import {axes, frameOf, linearTicks, xOf, yOf} from './chart-frame.ts';
import type {ChartSize, Scale} from './chart-frame.ts';
import {svgChart} from './chart-figure.ts';
import type {ChartText} from './chart-figure.ts';
import {timeTicks} from './time-chart.ts';

/** Shapes as well as colours: what went back or stopped must be seen in grey too. */
const EVENT_SHAPES: Readonly<Record<CanaryEvent['kind'], string | null>> = {
  stage: 'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0Z', promote: 'M0-6l6 10h-12Z', rollback: 'M0 6l6-10h-12Z', halt: 'M-5-5h10v10h-10Z',
  kill: 'M-5-5l10 10m-10 0l10-10', crash: 'M-5-5l10 10m-10 0l10-10', restart: 'M-5 0h10m-5-5v10', note: null,
};

const EVENTS_DRAWN_MAX = 400;

export const canaryEventTone = (kind: CanaryEvent['kind']): string => {
  if (kind === 'kill' || kind === 'crash' || kind === 'rollback') return 'bad';
  return kind === 'halt' ? 'warn' : 'good';
};

/** Share of partitions that the candidate owned, as steps, with a mark for each event. */
export const canaryChart = (text: ChartText, events: readonly CanaryEvent[]) => (size: ChartSize): Markup => {
  const frame = frameOf(size, {wide: 240, narrow: 210});
  const startMs = events[0]?.tWallMs ?? 0;
  const drawn = events.length <= EVENTS_DRAWN_MAX ? events : events.filter((event, n) => event.kind !== 'note' || n === events.length - 1).slice(-EVENTS_DRAWN_MAX);
  const spanMs = Math.max(1, drawn.reduce((most, event) => Math.max(most, event.tWallMs - startMs), 0));
  const x: Scale = {kind: 'linear', from: 0, to: spanMs * 1.04};
  const y: Scale = {kind: 'linear', from: 0, to: 1};
  const at = (event: CanaryEvent): readonly [string, string] => [xOf(frame, x, event.tWallMs - startMs), yOf(frame, y, event.share)];
  const steps = drawn.map((event, n) => (n === 0 ? `M${at(event).join(' ')}` : `H${at(event)[0]}V${at(event)[1]}`)).join('') + `H${frame.right}`;
  const area = `${steps}V${frame.bottom}H${drawn[0] === undefined ? frame.left : at(drawn[0])[0]}Z`;
  return svgChart(text, {size, frame, x}, html`
${axes(frame, {scale: x, ticks: timeTicks(x.to, size === 'wide' ? 8 : 4), name: 'time since the first event'}, {scale: y, ticks: linearTicks(1, 4, (share) => `${Math.round(share * 100)} %`)})}
<path class="owned" d="${area}"/><path class="line candidate" d="${steps}"/>
${drawn.flatMap((event) => {
    const shape = EVENT_SHAPES[event.kind];
    const [cx, cy] = at(event);
    return shape === null ? [] : [html`<path class="event ${event.kind} ${canaryEventTone(event.kind)}" transform="translate(${cx} ${cy})" d="${shape}"/>`];
  })}`);
};
