import {configFlag} from '../../flag-shapes.ts';
import {TandemCommand} from '../../tandem-command.ts';

export default class CanaryPlan extends TandemCommand {
  static override summary = 'what a canary of this migration would do';
  static override flags = {config: configFlag};

  protected override async work(): Promise<number> {
    const {canaryPlanWork} = await import('../../work/canary-work.ts');
    return canaryPlanWork(this.workContext());
  }
}
