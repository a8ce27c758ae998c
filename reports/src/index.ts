export {readRun} from './read-run.ts';
export type {Run} from './read-run.ts';
export {renderReport, writeReport} from './render-report.ts';
export type {RenderedReport, ReportFormat} from './render-report.ts';
