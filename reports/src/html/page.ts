import {createHash} from 'node:crypto';
import {html, trusted} from '../encode/html.ts';
import type {Markup} from '../encode/html.ts';
import {encodeJsonIsland} from '../encode/json-island.ts';
import {OUTCOME_WORDS} from '../figures/outcome-words.ts';
import {reportData} from '../report-data.ts';
import type {PageInput} from './page-input.ts';
import {PAGE_SCRIPT} from './script/page-script.ts';
import {canarySection} from './sections/canary-section.ts';
import {latencySection} from './sections/latency-section.ts';
import {dataSection, methodSection} from './sections/method-section.ts';
import {orderSection} from './sections/order-section.ts';
import {paritySection} from './sections/parity-section.ts';
import {collectorSection, resourceSection} from './sections/resource-section.ts';
import {gatesSection, hero, sentenceSection} from './sections/verdict-section.ts';
import {PAGE_STYLE} from './style/page-style.ts';

const hashOf = (source: string): string => `'sha256-${createHash('sha256').update(source).digest('base64')}'`;

const POLICY = [
  "default-src 'none'", `script-src ${hashOf(PAGE_SCRIPT)}`, `style-src ${hashOf(PAGE_STYLE)}`, 'img-src data:', "base-uri 'none'", "form-action 'none'",
].join('; ');

const help = (): Markup => html`<dialog id="help" aria-labelledby="help-h"><h2 id="help-h">Keys</h2><dl class="facts">
<div><dt><kbd>Tab</kbd></dt><dd>from chart to chart and button to button</dd></div>
<div><dt><kbd>←</kbd> <kbd>→</kbd></dt><dd>read single values of the chart in focus; with Shift in steps of ten; Home, End</dd></div>
<div><dt><kbd>←</kbd> <kbd>→</kbd></dt><dd>on the latency switch: response or service time</dd></div>
<div><dt><kbd>/</kbd></dt><dd>filter the causes; Esc clears</dd></div>
<div><dt><kbd>?</kbd></dt><dd>this help</dd></div></dl><button type="button" id="help-close">Close</button></dialog>`;

const navigation = (withCanary: boolean): Markup => html`<nav class="sections" aria-label="Sections"><div class="page"><a href="#verdict">Verdict</a><a href="#gates">Gates</a><a href="#parity">Parity</a><a href="#latency">Latency</a><a href="#resources">CPU and memory</a><a href="#collector">Pauses</a><a href="#order">Order</a>${withCanary ? html`<a href="#canary">Canary</a>` : null}<a href="#method">Method</a><a href="#data">Data</a><button type="button" class="js-only" id="help-button" aria-label="Keys and help">?</button></div></nav>`;

/** The report as one HTML document: no request leaves it, no style attribute, every data text escaped. */
export const renderPage = (input: PageInput): string => {
  const {run, verdict, detail} = input;
  const canary = canarySection(input);
  const island = encodeJsonIsland(reportData(run, verdict, detail));
  const document = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${trusted(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
<title>${OUTCOME_WORDS[verdict.outcome].word}: ${run.manifest.migration}, Tandem report</title><style>${trusted(PAGE_STYLE)}</style></head>
<body><a class="skip" href="#gates">Skip to the gates</a>
${hero(input)}${navigation(canary !== null)}
<main class="page">${sentenceSection(input)}${gatesSection(input)}${paritySection(input)}${latencySection(input)}${resourceSection(input)}${collectorSection(input)}${orderSection(input)}${canary}${methodSection(input)}${dataSection()}</main>
<footer class="page"><p>Tandem report of run <span class="mono">${run.manifest.runId}</span>. Made from the run folder alone; the same folder gives the same bytes.</p></footer>
${help()}
<script type="application/json" id="report-data">${trusted(island)}</script><script>${trusted(PAGE_SCRIPT)}</script></body></html>
`;
  return document.source;
};
