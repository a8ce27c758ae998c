import type {Divergence, DivergenceGroup, RunManifest} from '@tandem/contract';
import {html} from '../../encode/html.ts';
import type {Markup} from '../../encode/html.ts';
import {shellCommand} from '../../encode/shell-word.ts';
import {isBenign} from '../../figures/ranked-causes.ts';
import {textDifference} from '../../figures/text-difference.ts';
import {formatCount, formatShare, plural} from '../../format/quantity.ts';
import type {DetailLevel} from '../detail-level.ts';
import {shareBar} from '../section.ts';
import {explainWords} from '../../figures/run-words.ts';

const side = (lane: 'legacy' | 'candidate', text: string | null, parts: {before: string; middle: string; after: string} | null): Markup => {
  const shown = text === null ? html`<span class="nothing">no output</span>`
    : parts === null ? html`<mark>${text}</mark>` : html`${parts.before}<mark>${parts.middle}</mark>${parts.after}`;
  return html`<div class="side ${lane}"><span class="lane-word">${lane}</span><code>${shown}</code></div>`;
};

const example = (finding: Divergence, explain: string): Markup => {
  const {expected, actual} = finding;
  const split = expected === null || actual === null ? null : textDifference(expected, actual);
  return html`<li class="example"><p class="example-head"><span class="mono">${finding.cause}</span><span>input ${formatCount(finding.inputSeq)}</span><span>partition ${finding.partition === '' ? 'none' : finding.partition}</span><span>${finding.root ? 'first of its partition' : 'after an earlier one'}</span><span>rule ${finding.rule}</span></p>
<p class="field"><span class="soft">field</span> <code>${finding.path === '' ? 'whole output' : finding.path}</code></p>
${side('legacy', expected, split === null ? null : {before: split.before, middle: split.expected, after: split.after})}
${side('candidate', actual, split === null ? null : {before: split.before, middle: split.actual, after: split.after})}
<p class="command"><code>${explain}</code></p></li>`;
};

/** One cause, biggest first; the first is open, the others unfold. */
export const causeItem = (group: DivergenceGroup, place: {rank: number; outputs: number; manifest: Pick<RunManifest, 'command' | 'runId'>; detail: DetailLevel}): Markup => {
  const {rank, outputs, manifest, detail} = place;
  const shown = group.examples.slice(0, detail.examplesShownMax);
  const more = Math.min(group.examples.length, detail.examplesKeptMax) - shown.length;
  return html`<li class="cause${isBenign(group) ? ' benign' : ''}" data-cause="${rank - 1}">${rank === 1 ? html`<details open>${causeBody()}</details>` : html`<details>${causeBody()}</details>`}</li>`;

  function causeBody(): Markup {
    return html`<summary><span class="rank">${rank}</span><span class="cause-title"><span class="title">${group.title}</span><span class="cause-facts"><span class="class-tag">${group.class}</span><code>${group.path === '' ? 'whole output' : group.path}</code><span>kind ${group.outputKind}</span>${isBenign(group) ? html`<span>counted, breaks nothing</span>` : null}</span></span><span class="cause-count"><b>${formatCount(group.count)}</b><span class="soft">${formatShare(group.count, outputs)}</span></span></summary>
<div class="cause-body"><p class="cause-line">${plural(group.rootCount, 'root')}, the rest follow an earlier difference about the same thing. First at input ${formatCount(group.firstInputSeq)}. Fingerprint <span class="mono">${group.fingerprint}</span></p>
<ol class="examples">${shown.map((finding) => example(finding, shellCommand(explainWords(manifest, finding, group))))}</ol>${more <= 0 ? null : html`<button type="button" class="js-only more" data-more="${rank - 1}">Show ${plural(more, 'more example')}</button>`}</div>`;
  }
};

/** A ranked list of names with bars: by class, by field. */
export const countBars = (caption: string, rows: readonly (readonly [string, number])[], rowsMax: number): Markup => {
  const most = rows.reduce((largest, [, count]) => Math.max(largest, count), 0);
  const left = rows.length - rowsMax;
  return html`<table class="count-bars"><caption>${caption}</caption><tbody>${rows.slice(0, rowsMax).map(([name, count]) => html`<tr><th scope="row">${name === '' ? 'whole output' : name}</th><td class="bar-cell">${shareBar(most === 0 ? 0 : count / most, 'bar-fill')}</td><td class="figure">${formatCount(count)}</td></tr>`)}</tbody></table>${left > 0 ? html`<p class="note">${plural(left, 'more row')} in the data.</p>` : null}`;
};
