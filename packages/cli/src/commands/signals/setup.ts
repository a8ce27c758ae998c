import {Flags} from '@oclif/core';
import {TandemCommand} from '../../tandem-command.ts';

export default class SignalsSetup extends TandemCommand {
  static override summary = 'make the Python of the signal legacies: numpy, pandas, numba, scikit-learn, LightGBM';
  static override flags = {'object-store': Flags.boolean({description: 'also a local S3-compatible server, for the tests of the signal log'})};

  protected override async work(): Promise<number> {
    const {setupWork} = await import('../../work/signal-setup.ts');
    return await setupWork(this.workContext());
  }
}
