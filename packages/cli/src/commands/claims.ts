import {Args, Flags} from '@oclif/core';
import {seedFlag} from '../flag-shapes.ts';
import {TandemCommand} from '../tandem-command.ts';

export default class Claims extends TandemCommand {
  static override summary = 'measure every figure that this project states about itself';
  static override strict = false;
  static override args = {area: Args.string({description: 'one or more areas: order tap parity cutover market signals stream ux'})};
  static override flags = {
    only: Flags.string({description: 'these claims alone, with commas between', helpValue: 'id'}),
    list: Flags.boolean({description: 'name the claims without measuring'}),
    seed: seedFlag,
  };

  protected override async work(): Promise<number> {
    const {claimsWork} = await import('../work/claims-work.ts');
    const {flags} = this.given<{only?: string; list: boolean; seed: number; json: boolean}>();
    return claimsWork({areas: this.argv.filter((arg, at) => !arg.startsWith('-') && !['--only', '--seed'].includes(this.argv[at - 1] ?? '')), ...flags,
      signal: this.stopSignal, say: (line) => { if (!this.argv.includes('--quiet') && !this.argv.includes('-q')) process.stderr.write(`${line}\n`); }, print: (line) => { this.print(line); }, printJson: (document) => { this.printJson(document); }});
  }
}
