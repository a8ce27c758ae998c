import type {GateResult} from '@tandem/contract';
import {html} from '../../encode/html.ts';
import type {Markup} from '../../encode/html.ts';
import {gateMargin} from '../../figures/gate-margin.ts';
import type {GateMargin} from '../../figures/gate-margin.ts';
import {gatesBySeverity} from '../../figures/gate-order.ts';
import {headlineFigures, provenClause} from '../../figures/headline.ts';
import {OUTCOME_WORDS} from '../../figures/outcome-words.ts';
import {copySentence, savingsSentence} from '../../figures/sentence.ts';
import {formatSpan} from '../../format/quantity.ts';
import type {PageInput} from '../page-input.ts';
import {absent, outcomeMark, outcomeTag, section} from '../section.ts';

/** Comparison and times signs as people write them; no line ends between a number and its unit. */
const signs = (text: string): string => text.replaceAll('<=', '≤').replaceAll('>=', '≥').replace(/(\d) x(?![\w])/g, '$1×')
  .replace(/(\d) (?=%|[nµm]?s\b|[kMG]?B\b|[KMG]iB\b)/g, '$1\u00a0');

const dateWords = (iso: string): string => (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(iso) ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : iso);

const masthead = ({run}: PageInput): Markup => html`
<div class="masthead"><p class="brand"><svg viewBox="0 0 30 20" aria-hidden="true"><circle class="ring legacy" cx="10" cy="10" r="8"/><circle class="ring candidate" cx="20" cy="10" r="8"/></svg>Tandem</p>
<p class="run-facts"><span>${run.manifest.kind}</span><span>${dateWords(run.manifest.startedAt)}</span>${run.evidence === null ? null : html`<span>${formatSpan(run.evidence.durationMs)}</span>`}<span class="mono">${run.manifest.runId}</span></p></div>`;

const warnings = ({run, verdict}: PageInput): Markup | null => {
  const lines = [
    ...(verdict.loweredBecause === null || verdict.judged === null ? [] : [`As written: ${OUTCOME_WORDS[verdict.judged.outcome].word}. ${signs(verdict.judged.summary)}`]),
    ...(run.incomplete.length === 0 ? [] : [`Incomplete run: ${run.incomplete.join('; ')}.`]),
  ];
  return lines.length === 0 ? null : html`<div class="warning" role="note">${lines.map((line) => html`<p>${line}</p>`)}</div>`;
};

/** The first screen: what was decided, why, and the four figures behind it. */
export const hero = (input: PageInput): Markup => {
  const {run, verdict} = input;
  const words = OUTCOME_WORDS[verdict.outcome];
  const proven = provenClause(verdict);
  return html`<header class="hero ${verdict.outcome}" id="verdict"><div class="page">${masthead(input)}
<p class="migration">${run.manifest.migration}</p>
<h1>${outcomeMark(verdict.outcome)}<span>${words.word}</span></h1>
<p class="summary">${signs(verdict.summary)}</p>
<p class="meaning">${words.meaning}${proven === null ? null : signs(` Proven: ${proven}.`)}</p>${warnings(input)}
<dl class="figures">${headlineFigures(run, verdict).map((figure) => html`<div><dt>${figure.name}</dt><dd class="value${figure.value === null ? ' none' : ''}">${figure.value ?? '–'}</dd><dd class="detail">${figure.detail}</dd><dd class="state">${figure.outcome === null ? html`<span class="no-gate">no gate</span>` : html`${outcomeTag(figure.outcome)}${figure.isDryRun ? html`<span class="dry">dry run</span>` : null}`}</dd></div>`)}</dl>
</div></header>`;
};

const marginBar = (margin: GateMargin): Markup | null => {
  if (margin.used === null) return null;
  const width = Math.min(margin.used, 1.5) / 1.5;
  return html`<svg class="margin-bar" viewBox="0 0 90 10" aria-hidden="true"><rect class="bar-track" y="3" width="90" height="4"/><rect class="${margin.kept ? 'kept' : 'broken'}" y="3" width="${(width * 90).toFixed(1)}" height="4"/><path class="limit" d="M60 0v10"/></svg>`;
};

/** The figure before a colon or bracket is what is looked for; the rest explains it. */
const seenCell = (seen: string): Markup => {
  const text = signs(seen);
  const cut = text.search(/: | \[/);
  const end = cut >= 0 ? cut : text.length <= 28 ? text.length : text.search(/, | \(|$/);
  const detail = text.slice(end).replace(/^[:,]? /, '');
  return html`<b>${text.slice(0, end)}</b><span class="source">${detail}</span>`;
};

const notDemanded = (gate: GateResult): boolean => gate.dryRun && gate.limit === 'not demanded';

const gateRow = (gate: GateResult): Markup => {
  const margin = gateMargin(gate);
  return html`<tr><th scope="row"><span class="gate-id">${gate.id}</span>${notDemanded(gate) ? html`<span class="dry">not demanded, shown only</span>` : html`${outcomeTag(gate.outcome)}${gate.dryRun ? html`<span class="dry">dry run, never acts</span>` : null}`}</th>
<td data-label="Limit">${notDemanded(gate) ? html`<span class="soft">none</span>` : signs(gate.limit)}</td><td data-label="Seen"><span>${seenCell(gate.seen)}</span></td>
<td data-label="Margin"${margin === null ? html` class="blank"` : null}><span class="margin">${margin === null ? html`<span class="soft">–</span>` : html`${marginBar(margin)}<span>${margin.text}</span>`}</span></td>
<td data-label="Why" class="why"><span>${signs(gate.reason)}<span class="source">${gate.source}</span></span></td></tr>`;
};

export const gatesSection = ({verdict}: PageInput): Markup => section('gates', {question: 'What was demanded?', title: 'Gates'}, verdict.gates.length === 0
  ? absent('No gate was evaluated. Without a gate nothing can pass.')
  : html`<table class="gates stacked"><caption class="sr">Each gate with its limit, what was seen, the margin and the reason</caption><thead><tr><th scope="col">Gate</th><th scope="col">Limit</th><th scope="col">Seen</th><th scope="col">Margin</th><th scope="col">Why</th></tr></thead><tbody>${gatesBySeverity(verdict.gates).map(gateRow)}</tbody></table>
<p class="note">In the margin column the upright stroke is the limit. Only a pass of every acting gate promotes.</p>`);

export const sentenceSection = ({run, verdict}: PageInput): Markup => {
  const saved = savingsSentence(run);
  return html`<section id="sentence" class="sentence" aria-label="One sentence to copy"><div class="quote"><p class="kicker">In one sentence</p><p id="copy-text">${copySentence(run, verdict)}</p><button type="button" class="js-only" id="copy-button">Copy</button><span class="sr" id="copy-state" aria-live="polite"></span></div>
<div class="savings"><p class="kicker">What it would save</p><p>${saved ?? 'Unknown: CPU and memory of both lanes were not measured in this run.'}</p></div></section>`;
};
