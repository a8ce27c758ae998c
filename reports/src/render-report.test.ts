import {existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, describe, expect, it} from 'vitest';
import {inTurn, runWithTexts} from '../test/fixtures/hostile-run.ts';
import {GENERATED} from '../test/fixtures/generate.ts';
import {syntheticRun, writeSyntheticRun} from '../test/fixtures/synthetic-run.ts';
import {HOSTILE_STRINGS} from '../test/hostile-strings.ts';
import {removeTemporaryRuns, rewrite, smallRun, temporaryRun} from '../test/temporary-run.ts';
import {MARKDOWN_BYTES_MAX} from './markdown.ts';
import {REPORT_FORMATS, renderReport, writeReport} from './render-report.ts';
import type {ReportFormat} from './render-report.ts';

afterAll(removeTemporaryRuns);

const FIXTURES = join(dirname(fileURLToPath(import.meta.url)), '../test/fixtures');
const UPDATE = process.env['TANDEM_UPDATE_GOLDEN'] === '1';
const textOf = (folder: string, format: ReportFormat): string => new TextDecoder().decode(renderReport(folder, {format}).bytes);

describe.each(Object.entries(GENERATED))('golden files of %s', (name, options) => {
  it('the generator still makes the committed run folder', () => {
    const folder = temporaryRun(syntheticRun(options));
    if (UPDATE) writeSyntheticRun(join(FIXTURES, name), syntheticRun(options));
    for (const file of ['manifest.json', 'evidence.json', 'result.json', 'canary/timeline.jsonl']) {
      expect(readFileSync(join(FIXTURES, name, file), 'utf8') === readFileSync(join(folder, file), 'utf8'), `${file} differs`).toBe(true);
    }
  });
  it.each(REPORT_FORMATS)('%s is the committed bytes', (format) => {
    const {fileName, bytes} = renderReport(join(FIXTURES, name), {format});
    const golden = join(FIXTURES, `${name}-golden`, fileName);
    if (UPDATE) {
      mkdirSync(dirname(golden), {recursive: true});
      writeFileSync(golden, bytes);
    }
    const same = existsSync(golden) && Buffer.compare(readFileSync(golden), bytes) === 0;
    expect(same, `${fileName} differs from its golden file; look at the difference, then run with TANDEM_UPDATE_GOLDEN=1`).toBe(true);
  });
});

describe('hostile texts', () => {
  const folder = temporaryRun(runWithTexts(inTurn(HOSTILE_STRINGS)));
  it('terminal: one line a line, nothing that moves a cursor or orders a runner', () => {
    const text = textOf(folder, 'text');
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(text.split('\n').filter((line) => /^\s*::/.test(line) || /##[a-z]*\[/i.test(line))).toEqual([]);
    expect(text.split('\n').every((line) => line.length <= 260)).toBe(true);
  });
  it('annotations: every line is one of ours, at most ten of a type', () => {
    const lines = textOf(folder, 'annotations').trimEnd().split('\n');
    expect(lines.filter((line) => !/^::(?:error|warning) (?:file=[\w./-]+,line=\d+,)?title=[^:,]*::/.test(line))).toEqual([]);
    for (const type of ['error', 'warning']) expect(lines.filter((line) => line.startsWith(`::${type} `)).length).toBeLessThanOrEqual(10);
  });
  it('markdown: outside code there are only our own words', () => {
    const outside = textOf(folder, 'md').replace(/^(`{3,})text\n[\s\S]*?^\1$/gm, '').replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');
    expect(outside).not.toMatch(/evil|alert|https?:|javascript|!\[|@everyone/i);
    expect(outside.replace(/<!-- tandem-report -->|<\/?details>|<\/?summary>/g, '')).not.toMatch(/[<>]/);
    expect(Buffer.byteLength(textOf(folder, 'md'))).toBeLessThanOrEqual(MARKDOWN_BYTES_MAX);
  });
  it('markdown: every table row has the columns of its head', () => {
    const rows = textOf(folder, 'md').split('\n').filter((line) => /^\| (?:[✓✗?∅!]|not)/u.test(line));
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.filter((row) => (row.match(/(?<!\\)\|/g) ?? []).length !== 7)).toEqual([]);
  });
  it('JUnit: well formed, with the elements of a plain run', () => {
    const plain = textOf(temporaryRun(runWithTexts(() => 'plain')), 'junit');
    const hostile = textOf(folder, 'junit');
    const tags = (text: string): readonly string[] => text.match(/<\/?[a-z]+/g) ?? [];
    expect(tags(hostile)).toEqual(tags(plain));
    expect(hostile).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
  });
  it('JSON and CTRF: parse', () => {
    expect(() => JSON.parse(textOf(folder, 'json')) as unknown).not.toThrow();
    expect(() => JSON.parse(textOf(folder, 'ctrf')) as unknown).not.toThrow();
  });
});

describe('what cannot pass does not look like a pass', () => {
  it.each([['inconclusive', 'error'], ['no-data', 'error'], ['error', 'error'], ['harness-loss', 'error'], ['fail', 'failure']] as const)('%s is a JUnit %s', (outcome, element) => {
    const run = smallRun('pass');
    const junit = textOf(temporaryRun({...run, verdict: {...run.verdict, outcome, gates: []}}), 'junit');
    expect(junit).toMatch(new RegExp(`name="verdict">\\s*<${element} `));
  });
  it('a damaged run is an error in JUnit and failed in CTRF', () => {
    const folder = temporaryRun(smallRun('pass'));
    rewrite(folder, 'evidence.json', '{}');
    expect(textOf(folder, 'junit')).toMatch(/errors="1"/);
    expect(JSON.parse(textOf(folder, 'ctrf'))).toMatchObject({results: {tests: [{name: 'verdict', status: 'failed'}, ...Array.from({length: 14}, () => ({}))]}});
  });
  it('a dry run gate never turns a build red', () => {
    const run = smallRun('pass');
    const gates = run.verdict.gates.map((gate) => (gate.id === 'latency.p99' ? {...gate, outcome: 'fail' as const, dryRun: true} : gate));
    expect(textOf(temporaryRun({...run, verdict: {...run.verdict, gates}}), 'junit')).toMatch(/failures="0" errors="0">/);
  });
  it('a figure in the first screen has the outcome of its dry run, and says that it is one', () => {
    const run = smallRun('pass');
    const gates = run.verdict.gates.map((gate) => (gate.group === 'latency' ? {...gate, outcome: 'fail' as const, dryRun: true} : gate));
    const stateOf = (page: string): string => /<dt>p99 response time<.*?<dd class="state">(.*?)<\/dd>/s.exec(page)?.[1] ?? '';
    expect(stateOf(textOf(temporaryRun({...run, verdict: {...run.verdict, gates}}), 'html'))).toMatch(/Fail.*dry run/s);
    expect(stateOf(textOf(temporaryRun(run), 'html'))).toMatch(/^(?!.*dry run).*Pass/s);
  });
});

describe('writeReport', () => {
  it('writes the whole file beside the run, for its owner alone', () => {
    const folder = temporaryRun();
    const path = writeReport(folder, 'html');
    expect(path).toBe(join(folder, 'report.html'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(existsSync(join(folder, '.report.html.part'))).toBe(false);
    expect(Buffer.compare(readFileSync(path), renderReport(folder, {format: 'html'}).bytes)).toBe(0);
  });
  it('replaces a link instead of following it', () => {
    const folder = temporaryRun();
    const outside = join(temporaryRun(), 'outside.txt');
    writeFileSync(outside, 'kept');
    symlinkSync(outside, join(folder, 'report.html'));
    symlinkSync(outside, join(folder, '.report.html.part'));
    writeReport(folder, 'html');
    expect(readFileSync(outside, 'utf8')).toBe('kept');
  });
});
