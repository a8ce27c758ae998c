import {closeSync, constants, fsyncSync, openSync, renameSync, rmSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import {renderAnnotations} from './annotations.ts';
import {renderCtrf} from './ctrf.ts';
import {shownVerdict} from './figures/shown-verdict.ts';
import {DETAIL_LEVELS} from './html/detail-level.ts';
import type {DetailLevel} from './html/detail-level.ts';
import {renderJunit} from './junit.ts';
import {renderMarkdown} from './markdown.ts';
import {readRun} from './read-run.ts';
import type {Run} from './read-run.ts';
import {renderHtml} from './render-html.ts';
import {reportData} from './report-data.ts';
import {resultLines} from './result-text.ts';

export const REPORT_FORMATS = ['html', 'md', 'json', 'junit', 'ctrf', 'text', 'annotations'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface RenderedReport {
  /** fixed per format, never taken from the run */
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

const FULL_DETAIL: DetailLevel = DETAIL_LEVELS[0] ?? {causesMax: 100, examplesShownMax: 3, examplesKeptMax: 50, seriesPointsMax: 400, histograms: true};

const json = (run: Run): string => `${JSON.stringify(reportData(run, shownVerdict(run), {...FULL_DETAIL, causesMax: 1000, seriesPointsMax: 600}))}\n`;

const text = (run: Run): string => resultLines(run).map((line) => `${line.text}\n`).join('');

const RENDERERS: Readonly<Record<ReportFormat, {readonly fileName: string; readonly render: (run: Run) => string | Uint8Array}>> = {
  html: {fileName: 'report.html', render: renderHtml},
  md: {fileName: 'summary.md', render: renderMarkdown},
  json: {fileName: 'report.json', render: json},
  junit: {fileName: 'junit.xml', render: renderJunit},
  ctrf: {fileName: 'ctrf.json', render: renderCtrf},
  text: {fileName: 'verdict.txt', render: text},
  annotations: {fileName: 'annotations.txt', render: renderAnnotations},
};

/** Renders a run folder; the same folder gives the same bytes. Throws TandemError when the folder is no readable run. */
export const renderReport = (runFolder: string, options: {readonly format: ReportFormat}): RenderedReport => {
  const {fileName, render} = RENDERERS[options.format];
  const rendered = render(readRun(runFolder));
  return {fileName, bytes: typeof rendered === 'string' ? new TextEncoder().encode(rendered) : rendered};
};

/** Renders and writes into the run folder, whole or not at all, readable by its owner alone. Gives the path. */
export const writeReport = (runFolder: string, format: ReportFormat): string => {
  const {fileName, bytes} = renderReport(runFolder, {format});
  const path = join(runFolder, fileName);
  const part = join(runFolder, `.${fileName}.part`);
  rmSync(part, {force: true});
  const descriptor = openSync(part, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(part, path);
  return path;
};
