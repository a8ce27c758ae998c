import {spawn} from 'node:child_process';
import {relative} from 'node:path';
import {renderReport, writeReport, type ReportFormat} from '@tandem/reports';
import {locateRun} from './run-locator.ts';
import {switchFlag, textFlag, type WorkContext} from './work-context.ts';

/** `tandem report` */
export const reportWork = async (context: WorkContext): Promise<number> => {
  const folder = locateRun(textFlag(context, 'runs') ?? '', textFlag(context, 'run') ?? 'latest');
  const format = (textFlag(context, 'format') ?? 'html') as ReportFormat;
  const path = writeReport(folder, format);
  context.printJson(JSON.parse(Buffer.from(renderReport(folder, {format: 'json'}).bytes).toString('utf8')));
  context.print(relative(process.cwd(), path));
  if (switchFlag(context, 'open')) openInBrowser(path);
  return await Promise.resolve(0);
};

/** Hands the file to the desktop; failing is not an error, the path was printed. */
export const openInBrowser = (path: string): void => {
  const opener = process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open';
  spawn(opener, [path], {stdio: 'ignore', detached: true}).on('error', () => undefined).unref();
};

