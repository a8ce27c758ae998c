import {runFlag, runsFlag} from '../../flag-shapes.ts';
import {TandemCommand} from '../../tandem-command.ts';

export default class CanaryStatus extends TandemCommand {
  static override summary = 'where a canary stands';
  static override flags = {run: runFlag, runs: runsFlag};

  protected override async work(): Promise<number> {
    const {canaryStatusWork} = await import('../../work/canary-work.ts');
    return canaryStatusWork(this.workContext());
  }
}
