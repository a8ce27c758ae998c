import {writeFileSync, renameSync} from 'node:fs';
import {join} from 'node:path';
import {readRun} from './read-run.ts';
import {renderHtml} from './render-html.ts';

export type ReportFormat = 'html';

export interface RenderedReport {
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

/** Renders a run folder. The same folder gives the same bytes. Throws TandemError when the folder is no readable run. */
export const renderReport = (runFolder: string, options: {readonly format: ReportFormat}): RenderedReport => {
  const run = readRun(runFolder);
  return {fileName: options.format === 'html' ? 'report.html' : '', bytes: renderHtml(run)};
};

/** Renders and writes into the run folder, whole or not at all. Gives the path. */
export const writeReport = (runFolder: string, format: ReportFormat): string => {
  const {fileName, bytes} = renderReport(runFolder, {format});
  const path = join(runFolder, fileName);
  writeFileSync(`${path}.part`, bytes, {mode: 0o600});
  renameSync(`${path}.part`, path);
  return path;
};
