import {createHash} from 'node:crypto';
import {afterAll, describe, expect, it} from 'vitest';
import {inTurn, runWithTexts} from '../test/fixtures/hostile-run.ts';
import {HOSTILE_STRINGS} from '../test/hostile-strings.ts';
import {removeTemporaryRuns, rewrite, smallRun, temporaryRun} from '../test/temporary-run.ts';
import {HTML_BYTES, renderHtml} from './render-html.ts';
import {readRun} from './read-run.ts';

afterAll(removeTemporaryRuns);

const pageOf = (folder: string): string => new TextDecoder().decode(renderHtml(readRun(folder)));
const between = (page: string, from: string, to: string): string => {
  const start = page.indexOf(from) + from.length;
  return page.slice(start, page.indexOf(to, start));
};
const island = (page: string): unknown => JSON.parse(between(page, '<script type="application/json" id="report-data">', '</script>'));
/** Everything but the contents of script and style. */
const markup = (page: string): string => page.replace(/(<(script|style)[^>]*>)[\s\S]*?(<\/\2>)/g, '$1$3');
/** What matched, in its surroundings; a failure then shows a line and not a page. */
const found = (text: string, pattern: RegExp): string | null => {
  const match = pattern.exec(text);
  return match === null ? null : JSON.stringify(text.slice(Math.max(0, match.index - 60), match.index + 60));
};
const elements = (page: string): number => (markup(page).match(/<[a-z]/gi) ?? []).length;

const page = pageOf(temporaryRun());

describe('the policy of the page', () => {
  const policy = between(page, 'http-equiv="Content-Security-Policy" content="', '">');
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  it('names the one script and the one style by their hashes', () => {
    expect(policy).toContain(`script-src ${hash(between(page, '</script><script>', '</script>'))};`);
    expect(policy).toContain(`style-src ${hash(between(page, '<style>', '</style>'))};`);
    expect((page.match(/<script/g) ?? []).length).toBe(2);
    expect((page.match(/<style/g) ?? []).length).toBe(1);
  });
  it('allows nothing else', () => {
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; img-src data:; base-uri 'none'; form-action 'none'$/);
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style>'));
  });
  it('is not needed: no style attribute, no handler, no outside address', () => {
    expect(found(markup(page), /<[^>]*\s(?:style|on[a-z]+)\s*=/i)).toBeNull();
    expect(found(page, /https?:\/\/|\/\/[a-z0-9-]+\.[a-z]{2,}|@import/i)).toBeNull();
    expect(found(between(page, '<style>', '</style>'), /url\(|expression\(/i)).toBeNull();
    expect(found(markup(page), /<(?:link|iframe|img|object|embed|form|base)\b/i)).toBeNull();
    expect([...markup(page).matchAll(/\s(?:href|src|action)="([^"]*)"/g)].map(([, target = '']) => target).filter((target) => !target.startsWith('#'))).toEqual([]);
  });
});

describe('the page', () => {
  it('answers the questions in the order in which they are asked', () => {
    const order = ['verdict', 'sentence', 'gates', 'parity', 'latency', 'resources', 'collector', 'order', 'method', 'data'].map((id) => page.indexOf(` id="${id}"`));
    expect(order.every((at, n) => at > (order[n - 1] ?? 0))).toBe(true);
  });
  it('is the same bytes for the same run', () => {
    const folder = temporaryRun();
    expect(pageOf(folder) === pageOf(folder)).toBe(true);
  });
  it('gives every chart a title, a description and a table', () => {
    const charts = [...page.matchAll(/<svg class="(?:wide|narrow)"[\s\S]*?<\/svg>/g)].map(([chart]) => chart);
    expect(charts.length).toBe(8);
    for (const chart of charts) expect(chart.slice(0, 900)).toMatch(/aria-labelledby="[^"]+"[\s\S]*<title id="[^"]+">[^<]+<\/title><desc id="[^"]+">[^<]+<\/desc>/);
    expect((page.match(/<figure class="chart">[\s\S]*?<details class="numbers"><summary>[\s\S]*?<table>/g) ?? []).length).toBe(4);
    expect(found(markup(page), /NaN|Infinity|undefined|\[object/)).toBeNull();
  });
  it('has no id twice', () => {
    const ids = [...markup(page).matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.length).toBe(new Set(ids).size);
  });
  it('carries the data of the run', () => expect(island(page)).toMatchObject({formatVersion: '1.0', verdict: {outcome: 'fail'}, run: {runId: 'synthetic-fail'}, messages: 40_000}));
  it('says when a run is incomplete, in its first screen', () => {
    const folder = temporaryRun(smallRun('pass'));
    rewrite(folder, 'evidence.json', '{');
    const partial = pageOf(folder);
    expect(between(partial, '<h1>', '</h1>')).toContain('Error');
    expect(between(partial, 'class="warning"', '</div>')).toMatch(/Incomplete run: .*evidence.json/);
    expect(partial.includes('Latency was not measured in this run.')).toBe(true);
  });
});

describe('hostile texts', () => {
  const plain = inTurn(['plain words']);
  const hostilePage = pageOf(temporaryRun(runWithTexts(inTurn(HOSTILE_STRINGS))));
  let count = 0;
  const control = pageOf(temporaryRun(runWithTexts(() => `${plain()} ${count++}`)));
  it('all reached the page', () => {
    const text = JSON.stringify(island(hostilePage));
    const missing = HOSTILE_STRINGS.filter((string) => !text.includes(JSON.stringify(string.slice(0, 150)).slice(1, -1)));
    expect(missing).toEqual([]);
  });
  it('added no element', () => expect(elements(hostilePage)).toBe(elements(control)));
  it('left policy, script and style as they were', () => {
    for (const [from, to] of [['<style>', '</style>'], ['</script><script>', '</script>'], ['content="default-src', '">']] as const) {
      expect(between(hostilePage, from, to) === between(control, from, to)).toBe(true);
    }
  });
  it('hold no control, bidi or unseen character', () => {
    expect(found(markup(hostilePage).replaceAll('\n', ''), /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/)).toBeNull();
  });
});

describe('the size', () => {
  it('stays under 300 KiB for a run with many causes and days of samples', () => {
    const run = smallRun();
    const group = run.evidence.parity?.groups[0];
    const resources = run.evidence.resources[0];
    if (group === undefined || resources === undefined || run.evidence.parity === null) throw new Error('fixture without groups');
    const example = {...(group.examples[0] as (typeof group.examples)[number]), expected: 'y'.repeat(200), actual: 'z'.repeat(200)};
    const groups = Array.from({length: 900}, (_, n) => ({...group, fingerprint: `f${n}`, title: `${n} ${'t'.repeat(150)}`, examples: Array.from({length: 50}, () => example)}));
    const samples = Array.from({length: 50_000}, (_, n) => ({tMonoNs: n * 1e9, cpuMsTotal: n * 300, rssBytes: 1e9 + n, pssBytes: 1e9 + n, processes: 1}));
    const big = {...run, evidence: {...run.evidence, parity: {...run.evidence.parity, groups}, resources: run.evidence.resources.map((lane) => ({...lane, samples}))}};
    const bytes = renderHtml(readRun(temporaryRun(big)));
    expect(bytes.length).toBeLessThanOrEqual(HTML_BYTES.typical);
    expect(new TextDecoder().decode(bytes).includes('smaller causes left out of this page')).toBe(true);
  }, 60_000);
});
