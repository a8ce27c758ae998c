import type {Evidence} from '@tandem/contract';
import {html} from '../../encode/html.ts';
import type {Markup} from '../../encode/html.ts';
import {shellCommand} from '../../encode/shell-word.ts';
import {formatBytes, formatCount, formatNs, formatShare, formatSpan} from '../../format/quantity.ts';
import type {PageInput} from '../page-input.ts';
import {section} from '../section.ts';
import {carriedWords} from '../../figures/run-words.ts';

type Fact = readonly [string, Markup | string];

const facts = (title: string, rows: readonly Fact[]): Markup => html`<div><h3>${title}</h3><dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></div>`;

const mono = (text: string): Markup => html`<span class="mono break">${text}</span>`;

const pacing = (evidence: Evidence): string => {
  const {mode, ratePerSecond, latePlannedShare} = evidence.pacing;
  const rate = ratePerSecond === null ? '' : `, ${formatCount(ratePerSecond)} messages/s planned`;
  const words = {max: 'as fast as both lanes take it', rate: 'open loop at a planned rate', recorded: 'as recorded'}[mode];
  return `${words}${rate}; ${formatShare(latePlannedShare, 1)} of sends were late`;
};

const noise = (evidence: Evidence): string => {
  if (evidence.noise === null) return 'not checked, so small effects may be the machine';
  const {spinMs, gaps, worstGapNs, stealShare, steady, reasons} = evidence.noise;
  return `${steady ? 'steady' : 'not steady'}: ${formatCount(gaps)} gaps above 50 µs in ${formatSpan(spinMs)}, longest ${formatNs(worstGapNs)}${stealShare === null ? '' : `, steal ${formatShare(stealShare, 1)}`}${reasons.length === 0 ? '' : `; ${reasons.join('; ')}`}`;
};

const verified = ({run, verdict}: PageInput): Markup => {
  if (run.evidenceHash === null) return html`no evidence file`;
  const words = {true: 'equals the hash that was judged', false: 'NOT the hash that was judged', null: 'not judged'}[String(verdict.evidenceVerified) as 'true' | 'false' | 'null'];
  return html`${mono(run.evidenceHash)}<br>${verdict.evidenceVerified === false ? html`<span class="expired">${words}</span>` : words}`;
};

export const methodSection = (input: PageInput): Markup => {
  const {run} = input;
  const {manifest, evidence} = run;
  const {host} = manifest;
  return section('method', {question: 'Can I trust it, and repeat it?', title: 'Method and host'}, html`<div class="pair">
${facts('The run', [
    ['Run', mono(manifest.runId)], ['Started', manifest.startedAt], ['Finished', manifest.finishedAt ?? 'never'], ['Seed', mono(String(manifest.seed))],
    ...(evidence === null ? [] : [
      ['Messages', formatCount(evidence.messages)] as const, ['Duration', formatSpan(evidence.durationMs)] as const, ['Pacing', pacing(evidence)] as const,
      ['Machine noise', noise(evidence)] as const,
    ]),
    ['Complete', run.incomplete.length === 0 ? 'yes' : run.incomplete.join('; ')],
  ])}
${facts('The host', [
    ['Processor', `${host.cpuModel}, ${host.cores} cores`], ['Memory', formatBytes(host.memoryBytes)], ['Kernel', host.kernel],
    ['Boot', host.bootId === null ? 'unknown' : mono(host.bootId)],
    ...Object.entries(manifest.versions).map(([name, version]): Fact => [name, version]),
  ])}</div>
${facts('Hashes', [
    ['evidence.json', verified(input)], ['configuration', mono(manifest.configHash)],
    ...Object.entries(manifest.capture).slice(0, 20).map(([name, hash]): Fact => [name, mono(hash)]),
  ])}
<h3>How to repeat it</h3><pre class="command"><code>${shellCommand(manifest.command)}
${shellCommand(['tandem', 'gate', '--run', manifest.runId, ...carriedWords(manifest)])}
${shellCommand(['tandem', 'report', '--run', manifest.runId, '--format', 'html'])}</code></pre>
${manifest.notes.length === 0 ? null : html`<h3>Notes</h3><ul>${manifest.notes.map((note) => html`<li>${note}</li>`)}</ul>`}
${run.shortened.length === 0 ? null : html`<h3>Left out</h3><ul>${run.shortened.map((line) => html`<li>${line}</li>`)}</ul>`}
<p class="note">How the figures are made: both lanes read one log, outputs are paired by cause and never by clock, numbers are compared from their source text. Response time counts from the planned send. Ratios of quantiles carry the widest range that both intervals allow. A figure that was not measured is said to be unknown, never good.</p>`);
};

export const dataSection = (): Markup => section('data', {question: 'Can I have the numbers?', title: 'Data'}, html`<p>This page carries its own data and asks nobody for anything. The buttons write files from it.</p>
<p class="buttons js-only"><button type="button" data-download="json">Everything, JSON</button><button type="button" data-download="quantiles">Quantiles, CSV</button><button type="button" data-download="series">CPU and memory, CSV</button><button type="button" data-download="causes">Differences, CSV</button><span id="hgrm-buttons" class="buttons"></span></p>
<p class="soft no-js">Scripts are off: open this page with scripts on, or take evidence.json from the run folder.</p>`);
