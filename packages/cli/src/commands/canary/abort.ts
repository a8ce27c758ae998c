import {runFlag, runsFlag} from '../../flag-shapes.ts';
import {TandemCommand} from '../../tandem-command.ts';

export default class CanaryAbort extends TandemCommand {
  static override summary = 'everything back to legacy';
  static override flags = {run: runFlag, runs: runsFlag};

  protected override async work(): Promise<number> {
    const {canaryAbortWork} = await import('../../work/canary-work.ts');
    return canaryAbortWork(this.workContext());
  }
}
