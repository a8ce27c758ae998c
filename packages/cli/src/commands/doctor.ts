import {TandemCommand} from '../tandem-command.ts';

export default class Doctor extends TandemCommand {
  static override summary = 'Node, Python, sockets, clock: every x comes with its fix';

  protected override async work(): Promise<number> {
    const {doctorWork} = await import('../work/doctor-work.ts');
    return doctorWork(this.workContext());
  }
}
