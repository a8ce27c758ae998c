import type {CanaryEvent} from '@tandem/contract';
import {html} from '../../encode/html.ts';
import type {Markup} from '../../encode/html.ts';
import {formatCount, formatSpan, plural} from '../../format/quantity.ts';
import {canaryChart, canaryEventTone} from '../charts/canary-chart.ts';
import {chartFigure} from '../charts/chart-figure.ts';
import type {PageInput} from '../page-input.ts';
import {absent, section} from '../section.ts';

const ROWS_MAX = 200;

const percent = (share: number): string => `${Number((share * 100).toPrecision(4))} %`;

/** Notes go first when there are too many events: a kill must never be the line that was cut. */
const shownEvents = (events: readonly CanaryEvent[]): readonly CanaryEvent[] => {
  if (events.length <= ROWS_MAX) return events;
  const telling = events.filter((event) => event.kind !== 'note');
  return telling.length <= ROWS_MAX ? telling : [...telling.slice(0, ROWS_MAX / 2), ...telling.slice(-ROWS_MAX / 2)];
};

const eventRow = (event: CanaryEvent, startMs: number): Markup => html`<tr><th scope="row">${event.tWallMs <= startMs ? '0 s' : formatSpan(event.tWallMs - startMs)}</th><td data-label="Event"><span class="event-word ${canaryEventTone(event.kind)}">${event.kind}</span></td><td data-label="Stage">${event.stage}</td><td data-label="Share" class="figure">${percent(event.share)}</td><td data-label="What">${event.action}<span class="source">${event.reason}</span></td><td data-label="Released" class="figure">${formatCount(event.released)}</td><td data-label="Held back" class="figure">${formatCount(event.suppressed)}</td></tr>`;

export const canarySection = ({run}: PageInput): Markup | null => {
  const words = {question: 'How did the handover go?', title: 'Canary'};
  const events = run.timeline;
  if (events.length === 0) return run.manifest.kind === 'canary' ? section('canary', words, absent('This canary left no timeline.')) : null;
  const startMs = events[0]?.tWallMs ?? 0;
  const returns = events.filter((event) => event.kind === 'rollback').length;
  const stops = events.filter((event) => event.kind === 'kill' || event.kind === 'halt').length;
  const crashes = events.filter((event) => event.kind === 'crash').length;
  const most = events.reduce((share, event) => Math.max(share, event.share), 0);
  const last = events.at(-1);
  const text = {
    key: 'canary', title: 'Share of partitions that the candidate owned',
    description: `From ${percent(events[0]?.share ?? 0)} to ${percent(last?.share ?? 0)}, at most ${percent(most)}; ${plural(returns, 'return')} to legacy, ${plural(stops, 'stop')} by hand or gate, ${plural(crashes, 'crash', 'crashes')}`,
  };
  const shown = shownEvents(events);
  return section('canary', words, html`<p class="lead">${text.description}.</p>
${chartFigure(text, canaryChart(text, events), {caption: html`Circle: stage. Triangle up: promoted. Triangle down: returned to legacy. Square: halted. Cross: killed or crashed.`, table: html`<table><thead><tr><th scope="col">After</th><th scope="col" class="figure">Share</th></tr></thead><tbody>${shown.map((event) => html`<tr><th scope="row">${event.tWallMs <= startMs ? '0 s' : formatSpan(event.tWallMs - startMs)}</th><td class="figure">${percent(event.share)}</td></tr>`)}</tbody></table>`})}
<table class="stacked events"><caption class="sr">Events of the canary</caption><thead><tr><th scope="col">After</th><th scope="col">Event</th><th scope="col">Stage</th><th scope="col" class="figure">Share</th><th scope="col">What and why</th><th scope="col" class="figure">Released</th><th scope="col" class="figure">Held back</th></tr></thead><tbody>${shown.map((event) => eventRow(event, startMs))}</tbody></table>${shown.length < events.length ? html`<p class="note">${formatCount(events.length - shown.length)} of ${formatCount(events.length)} events are not in this table; canary/timeline.jsonl has them.</p>` : null}`);
};
