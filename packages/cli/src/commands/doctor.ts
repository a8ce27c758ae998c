import {Flags} from '@oclif/core';
import {TandemCommand} from '../tandem-command.ts';

export default class Doctor extends TandemCommand {
  static override summary = 'Node, Python, sockets, clock: every x comes with its fix';

  static override flags = {strict: Flags.boolean({description: 'print every setting of our sockets as libzmq has it; a warning is a failure'})};

  protected override async work(): Promise<number> {
    const {doctorWork} = await import('../work/doctor-work.ts');
    return doctorWork(this.workContext());
  }
}
