import type {DifferenceClass, Evidence, LaneHealth} from '@tandem/contract';
import {html} from '../../encode/html.ts';
import type {Markup} from '../../encode/html.ts';
import {formatCount, formatNs, plural} from '../../format/quantity.ts';
import {LANE_WORDS} from '../charts/nines-chart.ts';
import type {PageInput} from '../page-input.ts';
import {absent, section} from '../section.ts';

const FLOW_CLASSES: readonly (readonly [DifferenceClass, string])[] = [
  ['missing', 'outputs that only legacy gave'], ['extra', 'outputs that only the candidate gave'], ['duplicate', 'outputs given twice'],
  ['reordered', 'outputs in another order within their key'], ['late', 'outputs after the matching window closed'],
];

const counter = (count: number | null, what: string): Markup => html`<div class="counter${count === null ? ' unknown' : count > 0 ? ' some' : ''}"><b>${count === null ? '–' : formatCount(count)}</b><span>${what}</span></div>`;

const flowCounters = (evidence: Evidence): Markup => {
  const byClass = evidence.parity?.byClass ?? null;
  return html`<div class="counters">${FLOW_CLASSES.map(([name, what]) => counter(byClass === null ? null : byClass[name] ?? 0, what))}
${counter(evidence.gaps.messages, `messages in ${plural(evidence.gaps.records, 'stated gap')} of the log${evidence.gaps.unknown > 0 ? `, and ${plural(evidence.gaps.unknown, 'gap')} of unknown size` : ''}`)}</div>`;
};

const stateWords = (lane: LaneHealth): string => {
  if (lane.state === 'ok') return 'ok';
  const end = lane.signal !== null ? `, ${lane.signal}` : lane.exitCode !== null ? `, exit ${lane.exitCode}` : '';
  return `${lane.state}${end}`;
};

const laneTable = (lanes: readonly LaneHealth[]): Markup => html`<table class="stacked"><caption class="sr">What each lane took and gave</caption><thead><tr><th scope="col">Lane</th><th scope="col">Program</th><th scope="col">State</th><th scope="col" class="figure">Inputs sent</th><th scope="col" class="figure">Outputs</th><th scope="col" class="figure">Settled up to</th><th scope="col" class="figure">Restarts</th></tr></thead><tbody>${lanes.map((lane) => html`<tr><th scope="row">${LANE_WORDS[lane.lane]}</th><td data-label="Program">${lane.label}</td><td data-label="State">${lane.state === 'ok' ? 'ok' : html`<span class="expired">${stateWords(lane)}</span>`}</td><td data-label="Inputs sent" class="figure">${formatCount(lane.sent)}</td><td data-label="Outputs" class="figure">${formatCount(lane.outputs)}</td><td data-label="Settled up to" class="figure">${formatCount(lane.watermark)}</td><td data-label="Restarts" class="figure">${formatCount(lane.restarts)}</td></tr>`)}</tbody></table>
${lanes.filter((lane) => lane.stderrTail.length > 0).map((lane) => html`<details class="numbers"><summary>Last words of ${LANE_WORDS[lane.lane]} (stderr)</summary><pre>${lane.stderrTail.map((line) => html`${line}
`)}</pre></details>`)}`;

const coverage = (evidence: Evidence): Markup | null => {
  if (evidence.coverage === null) return null;
  const {cells, missing} = evidence.coverage;
  return html`<h3>What was exercised</h3>${missing.length === 0 ? html`<p>All ${formatCount(cells.length)} declared cells were seen.</p>` : html`<p><span class="expired">${plural(missing.length, 'declared cell')} never seen:</span> ${missing.slice(0, 40).map((name, n) => html`${n > 0 ? ', ' : ''}<code>${name}</code>`)}${missing.length > 40 ? ` and ${missing.length - 40} more` : ''}. A green run proves only what ran.</p>`}
<details class="numbers"><summary>Declared cells</summary><table><thead><tr><th scope="col">Cell</th><th scope="col" class="figure">Seen</th></tr></thead><tbody>${cells.slice(0, 200).map((cell) => html`<tr><th scope="row">${cell.name}</th><td class="figure">${formatCount(cell.seen)}</td></tr>`)}</tbody></table></details>`;
};

export const orderSection = ({run}: PageInput): Markup => {
  const words = {question: 'Did anything get lost or out of order?', title: 'Order, gaps, duplicates'};
  const evidence = run.evidence;
  if (evidence === null) return section('order', words, absent('There is no evidence about order, gaps and duplicates.'));
  return section('order', words, html`${flowCounters(evidence)}${laneTable(evidence.lanes)}
<p class="note">The harness's own event loop stalled for ${formatNs(evidence.harnessStallNsMax)} at most.</p>${coverage(evidence)}`);
};
