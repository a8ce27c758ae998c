import type {Conservation, ParityEvidence} from '@tandem/contract';
import {html} from '../../encode/html.ts';
import type {Markup} from '../../encode/html.ts';
import {byField, rankedCauses} from '../../figures/ranked-causes.ts';
import {fieldName, noisyFields} from '../../figures/noisy-fields.ts';
import {ignoreRows} from '../../figures/rule-hits.ts';
import {wilsonInterval} from '../../figures/wilson-interval.ts';
import {formatCount, formatRate, formatShare, plural} from '../../format/quantity.ts';
import type {PageInput} from '../page-input.ts';
import {absent, section} from '../section.ts';
import {causeItem, countBars} from './cause-list.ts';

const interval = (parity: ParityEvidence): string => {
  const wilson = wilsonInterval(parity.matched, parity.outputs);
  return wilson === null ? 'unknown' : `${formatShare(wilson[0], 1)} to ${formatShare(wilson[1], 1)}`;
};

const rateFacts = ({run, verdict}: PageInput, parity: ParityEvidence): Markup => {
  const floor = run.evidence?.floor ?? null;
  const bound = verdict.proven?.mismatchRateBelow ?? null;
  const {equal, unequal, firstUnequalSeq} = parity.stateChecks;
  return html`<div class="rate"><p class="rate-figure">${formatShare(parity.matched, parity.outputs)}</p><p class="soft">${formatCount(parity.matched)} of ${formatCount(parity.outputs)} outputs matched</p></div>
<dl class="facts">
<div><dt>Match rate, 95 % interval (Wilson)</dt><dd>${interval(parity)}</dd></div>
<div><dt>Mismatch rate is below</dt><dd>${bound === null ? 'no bound was computed' : html`${formatRate(bound)} <span class="soft">(95 %, valid at every look)</span>`}</dd></div>
<div><dt>Legacy against itself</dt><dd>${floor === null ? 'no twin ran, so the floor is unknown' : `${formatShare(floor.matched, floor.outputs)} matched`}</dd></div>
<div><dt>Byte for byte equal</dt><dd>${formatShare(parity.bytesEqual, parity.outputs)}</dd></div>
<div><dt>Fields ignored by rule</dt><dd>${formatShare(parity.fieldsIgnored, parity.fieldsCompared + parity.fieldsIgnored)} <span class="soft">of ${formatCount(parity.fieldsCompared + parity.fieldsIgnored)}</span></dd></div>
<div><dt>State digests</dt><dd>${equal + unequal === 0 ? 'none compared' : `${formatCount(equal)} equal, ${formatCount(unequal)} unequal${firstUnequalSeq === null ? '' : `, first after input ${formatCount(firstUnequalSeq)}`}`}</dd></div>
</dl>`;
};

const term = (count: number, name: string, className = ''): Markup => html`<span class="term ${className}"><b>${formatCount(count)}</b><span>${name}</span></span>`;

/** The books of the run: each input is somewhere, and the sum says whether the harness itself lost any. */
const conservationEquation = (conservation: Conservation): Markup => {
  const lost = Object.entries(conservation.lost).filter(([, count]) => count > 0);
  const balanced = conservation.remainder === 0;
  return html`<div class="equation" role="group" aria-label="Conservation of inputs">
${term(conservation.in, 'in')}<span class="op">=</span>${term(conservation.compared, 'compared')}<span class="op">+</span>${term(conservation.waived, 'waived')}<span class="op">+</span>${term(conservation.inFlight, 'in flight')}${lost.length === 0
    ? html`<span class="op">+</span>${term(0, 'lost')}` : lost.map(([reason, count]) => html`<span class="op">+</span>${term(count, `lost: ${reason}`, 'lost')}`)}${balanced ? null : html`<span class="op">+</span>${term(conservation.remainder, 'unexplained', 'broken')}`}
</div><p class="note">${balanced ? 'The books balance: every input is accounted for.' : 'The books do not balance: the harness itself lost messages, so nothing here may count as a pass.'}</p>`;
};

const ignoreTable = ({run}: PageInput): Markup => {
  const rows = ignoreRows(run);
  if (rows.length === 0) return html`<p>No field is ignored. Default rule: <code>${run.manifest.rules.default}</code>.</p>`;
  return html`<table class="stacked"><caption class="sr">Ignored fields with reason, owner, expiry and count</caption><thead><tr><th scope="col">Field</th><th scope="col">Reason</th><th scope="col">Owner</th><th scope="col">Holds until</th><th scope="col" class="figure">Fields ignored</th></tr></thead><tbody>${rows.map((row) => html`<tr><th scope="row"><code>${row.path}</code></th><td data-label="Reason">${row.reason}</td><td data-label="Owner">${row.owner}</td><td data-label="Holds until">${row.expires}${row.expired ? html` <span class="expired">expired before this run</span>` : null}</td><td data-label="Fields ignored" class="figure">${row.hits === null ? 'not counted' : formatCount(row.hits)}</td></tr>`)}</tbody></table><p class="note">Ignored is not matched: these fields were not compared. Default rule for all others: <code>${run.manifest.rules.default}</code>.</p>`;
};

const FIELDS_MAX = 50;

/** The triple of each field that the legacy itself does not repeat. */
const noiseTable = ({run}: PageInput): Markup | null => {
  const fields = noisyFields(run.evidence);
  if (fields.length === 0) return null;
  const figure = (label: string, count: number): Markup => html`<td data-label="${label}" class="figure">${formatCount(count)}</td>`;
  return html`<h3>What the legacy itself does not repeat</h3>
<table class="stacked"><caption class="sr">Counts of legacy, twin and candidate, field by field</caption><thead><tr><th scope="col">Field</th><th scope="col" class="figure">Compared</th><th scope="col" class="figure">Only candidate differs</th><th scope="col" class="figure">Only twin differs</th><th scope="col" class="figure">Both differ</th></tr></thead><tbody>${fields.slice(0, FIELDS_MAX).map((field) => html`<tr><th scope="row"><code>${fieldName(field)}</code></th>${figure('Compared', field.compared)}${figure('Only candidate differs', field.onlyCandidate)}${figure('Only twin differs', field.onlyTwin)}${figure('Both differ', field.both)}</tr>`)}</tbody></table><p class="note">A twin is the legacy a second time. Only inputs in which one of the two differs alone tell them apart; a candidate that is the odd one no more often than the twin is as good as the legacy. A field that differs nearly always is not verified.${fields.length > FIELDS_MAX ? ` ${plural(fields.length - FIELDS_MAX, 'more field')} in evidence.json.` : ''}</p>`;
};

const causes = ({run, detail}: PageInput, parity: ParityEvidence): Markup => {
  const ranked = rankedCauses(parity);
  if (ranked.length === 0) return html`<p>No difference was found.</p>`;
  const left = ranked.length - detail.causesMax;
  return html`<div class="causes-head"><h3>Causes, those that others follow from first</h3><label class="js-only filter"><span>Filter</span><input type="search" id="cause-filter" placeholder="field, class or word" autocomplete="off"><kbd>/</kbd></label></div>
<ol class="causes" id="causes">${ranked.slice(0, detail.causesMax).map((group, n) => causeItem(group, {rank: n + 1, outputs: parity.outputs, manifest: run.manifest, detail}))}</ol>
<p class="note" id="cause-state" aria-live="polite">${left > 0 ? `${plural(left, 'smaller cause')} left out of this page; evidence.json has them.` : ''}</p>`;
};

export const paritySection = (input: PageInput): Markup => {
  const parity = input.run.evidence?.parity ?? null;
  const words = {question: 'Does it give the same answers?', title: 'Parity'};
  if (parity === null) return section('parity', words, absent('Outputs were not compared in this run, so nothing is known about parity.'));
  const classes = Object.entries(parity.byClass).filter(([, count]) => count > 0).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return section('parity', words, html`<div class="rate-row">${rateFacts(input, parity)}</div>
<h3>Where every input went</h3>${conservationEquation(parity.conservation)}
${classes.length === 0 ? null : html`<div class="pair">${countBars('Findings by class', classes, 14)}${countBars('Findings by field', byField(parity), 12)}</div>`}
${causes(input, parity)}${noiseTable(input)}
<h3>Ignored by rule</h3>${ignoreTable(input)}`);
};
