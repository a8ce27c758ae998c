import {Flags} from '@oclif/core';
import {runFlag, runsFlag} from '../flag-shapes.ts';
import {TandemCommand} from '../tandem-command.ts';

export default class Report extends TandemCommand {
  static override summary = 'one HTML file, or JUnit, Markdown, JSON, of a run';
  static override flags = {run: runFlag, runs: runsFlag,
    format: Flags.string({description: 'what to write', options: ['html', 'junit', 'md', 'ctrf', 'json'], default: 'html'}),
    open: Flags.boolean({description: 'open it in the browser'})};

  protected override async work(): Promise<number> {
    const {reportWork} = await import('../work/report-work.ts');
    return reportWork(this.workContext());
  }
}
