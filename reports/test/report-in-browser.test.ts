import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest';
import {writeReport} from '../src/render-report.ts';
import {findChromium, openPage, startChromium} from './chromium.ts';
import type {BrowserPage, Chromium} from './chromium.ts';
import {inTurn, runWithTexts} from './fixtures/hostile-run.ts';
import {HOSTILE_STRINGS} from './hostile-strings.ts';
import {removeTemporaryRuns, smallRun, temporaryRun} from './temporary-run.ts';

// a browser on a busy machine: generous, and still an end
vi.setConfig({testTimeout: 60_000, hookTimeout: 60_000});

const chromium = findChromium();
const reportOf = (run = smallRun()): string => pathToFileURL(writeReport(temporaryRun(run), 'html')).href;
const ELEMENTS = "document.querySelectorAll('*').length";

describe.skipIf(chromium === null)(`in a real browser${chromium === null ? ' (SKIPPED: no Chromium in PATH; apt-get install chromium, or set TANDEM_CHROMIUM)' : ''}`, () => {
  let browser: Chromium;
  let page: BrowserPage;
  let url: string;
  const downloads = mkdtempSync(join(tmpdir(), 'tandem-downloads-'));

  beforeAll(async () => {
    browser = startChromium(chromium ?? '');
    await browser.send('Browser.setDownloadBehavior', {behavior: 'allow', downloadPath: downloads});
    url = reportOf();
    page = await openPage(browser, url, {scripts: true});
    await page.emulate({width: 1280});
  });
  afterAll(async () => {
    await browser.close();
    removeTemporaryRuns();
    rmSync(downloads, {recursive: true, force: true});
  });

  it('runs its script under its own policy, without a word and without a request', async () => {
    expect(await page.evaluate('document.documentElement.dataset.rendered')).toBe('yes');
    expect(page.complaints()).toEqual([]);
    expect(page.requests()).toEqual([url]);
  });

  it('switches to service time by the arrow keys', async () => {
    const shown = (kind: string): Promise<string> => page.evaluate(`getComputedStyle(document.querySelector('.panel.${kind}')).display`);
    expect([await shown('response'), await shown('service')]).toEqual(['block', 'none']);
    await page.evaluate("document.getElementById('kind-response').focus()");
    await page.press('ArrowRight');
    expect([await shown('response'), await shown('service')]).toEqual(['none', 'block']);
    await page.press('ArrowLeft');
    expect(await shown('response')).toBe('block');
  });

  it('reads single values of every chart by the arrow keys', async () => {
    const keys = await page.evaluate<string[]>("[...document.querySelectorAll('[data-chart]')].filter((plot) => plot.getBoundingClientRect().width > 0).map((plot) => plot.dataset.chart)");
    expect(keys).toEqual(['latency-response', 'cores', 'memory']);
    for (const key of keys) {
      await page.evaluate(`document.querySelector('[data-chart="${key}"]').focus()`);
      await page.press('ArrowRight');
      await page.press('ArrowRight');
      expect(await page.evaluate(`document.getElementById('${key}-readout').textContent`)).toMatch(/legacy .*candidate /);
      expect(await page.evaluate(`document.querySelector('[data-chart="${key}"] .cursor').getAttribute('visibility')`)).toBe('visible');
      await page.press('Escape');
      expect(await page.evaluate(`document.getElementById('${key}-readout').textContent`)).toBe('');
    }
  });

  it('filters the causes after /, and Escape shows them all', async () => {
    const visible = (): Promise<number> => page.evaluate("[...document.querySelectorAll('#causes > li')].filter((item) => !item.hidden).length");
    expect(await visible()).toBe(4);
    await page.evaluate('document.activeElement.blur()');
    await page.press('/', {text: '/'});
    expect(await page.evaluate('document.activeElement.id')).toBe('cause-filter');
    await page.type('avgpx');
    expect(await visible()).toBe(1);
    await page.press('Escape');
    expect(await visible()).toBe(4);
  });

  it('opens its help with ? and closes it with Escape', async () => {
    await page.evaluate('document.activeElement.blur()');
    await page.press('?', {text: '?'});
    expect(await page.evaluate("document.getElementById('help').open")).toBe(true);
    await page.press('Escape');
    expect(await page.evaluate("document.getElementById('help').open")).toBe(false);
  });

  it('shows further examples from its data', async () => {
    const examples = (): Promise<number> => page.evaluate("document.querySelectorAll('#causes > li:first-child .example').length");
    const before = await examples();
    await page.evaluate("document.querySelector('[data-more]').click()");
    expect(await examples()).toBe(50);
    expect(before).toBe(3);
    expect(await page.evaluate("document.querySelectorAll('#causes > li:first-child .example:last-child mark').length")).toBe(2);
  });

  it('writes its files', async () => {
    await page.evaluate("document.querySelector('[data-download=quantiles]').click()");
    await page.evaluate("document.querySelector('#hgrm-buttons button').click()");
    const quantiles = join(downloads, 'quantiles.csv');
    const histogram = join(downloads, 'legacy-response.hgrm');
    for (let waited = 0; waited < 100 && !(existsSync(quantiles) && existsSync(histogram)); waited++) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(readFileSync(quantiles, 'utf8')).toMatch(/^kind,quantile,legacyNs[^\r]*\r\nresponse,0\.5,\d+,\d+,\d+,/);
    expect(readFileSync(histogram, 'utf8')).toMatch(/^ +Value +Percentile TotalCount 1\/\(1-Percentile\)\n\n +\d+\.000 0\.000000000000 +0 +1\.00\n/);
    expect(page.complaints()).toEqual([]);
  });

  it('has a dark face and a forced-colours face', async () => {
    const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await ground();
    await page.emulate({width: 1280, scheme: 'dark'});
    expect(light).toBe('rgb(251, 250, 248)');
    expect(await ground()).toBe('rgb(15, 17, 19)');
    expect(await page.evaluate("getComputedStyle(document.querySelector('.line.legacy')).stroke")).toBe('rgb(230, 159, 0)');
    await page.emulate({width: 1280, forcedColors: true});
    expect(await page.evaluate("getComputedStyle(document.querySelector('.line.legacy')).stroke")).toBe(await page.evaluate("getComputedStyle(document.querySelector('.line.candidate')).stroke"));
    expect(await page.evaluate("getComputedStyle(document.querySelector('.line.legacy')).strokeDasharray")).not.toBe('none');
  });

  it.each([320, 360, 768, 1280, 1920])('fits %i pixels without a sideways scroll', async (width) => {
    await page.emulate({width});
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    expect(await page.evaluate("[...document.querySelectorAll('.chart-plot svg')].filter((chart) => chart.getBoundingClientRect().width > 0).length")).toBe(3);
  });

  it('reads and switches without scripts', async () => {
    const still = await openPage(browser, url, {scripts: false});
    await still.emulate({width: 1280});
    const {root} = await browser.send('DOM.getDocument', {}, still.sessionId) as {root: {nodeId: number}};
    const has = async (selector: string): Promise<boolean> => ((await browser.send('DOM.querySelector', {nodeId: root.nodeId, selector}, still.sessionId)) as {nodeId: number}).nodeId > 0;
    expect(await has('html[data-rendered]')).toBe(false);
    expect(await has('.quantiles')).toBe(true);
    await browser.send('DOM.enable', {}, still.sessionId);
    const {nodeId} = await browser.send('DOM.querySelector', {nodeId: root.nodeId, selector: '#kind-response'}, still.sessionId) as {nodeId: number};
    await browser.send('DOM.focus', {nodeId}, still.sessionId);
    await still.press('ArrowRight');
    expect(await has('#kind-service:checked')).toBe(true);
    // scripts that only the policy or the switch refuses are no complaint of the page
    expect(still.requests()).toEqual([url]);
  });

  it('stays itself under hostile texts: same elements, no request, nothing run', async () => {
    let count = 0;
    const hostile = await openPage(browser, reportOf(runWithTexts(inTurn(HOSTILE_STRINGS))), {scripts: true});
    const plain = await openPage(browser, reportOf(runWithTexts(() => `plain words ${count++}`)), {scripts: true});
    expect(await hostile.evaluate(ELEMENTS)).toBe(await plain.evaluate(ELEMENTS));
    for (const each of [hostile, plain]) await each.evaluate("for (const button of document.querySelectorAll('[data-more]')) button.click()");
    expect(await hostile.evaluate(ELEMENTS)).toBe(await plain.evaluate(ELEMENTS));
    expect(await hostile.evaluate('typeof window.__pwned')).toBe('undefined');
    expect(await hostile.evaluate('document.documentElement.dataset.rendered')).toBe('yes');
    expect(hostile.complaints()).toEqual([]);
    expect(hostile.requests().length).toBe(1);
    for (const width of [360, 1280]) {
      await hostile.emulate({width});
      expect(await hostile.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    }
  });
});
