import {Args, Flags} from '@oclif/core';
import {TandemCommand} from '../../tandem-command.ts';

export default class SignalsVerify extends TandemCommand {
  static override summary = 'hold a signal log against its hash chain, its clock, its sequence and its published heads';
  static override description = 'Exit 0: nothing was changed, moved, left out or added. 10: something was, and where. 11: nothing is wrong, but the end is neither sealed nor witnessed, so records may be missing there; the end of a folder of logs is witnessed by its result.json or by --heads.';
  static override args = {log: Args.string({description: 'a signal log, a folder of logs that follow each other, or a prefix in a store with --store', required: true})};
  static override flags = {
    heads: Flags.string({description: 'heads that were published while it was written, kept elsewhere', helpValue: 'file'}),
    store: Flags.string({description: 'read the log from there: s3://bucket, or a folder', helpValue: 'place'}),
    endpoint: Flags.string({description: 'of an S3-compatible store that is not the provider\'s own', env: 'TANDEM_S3_ENDPOINT', helpValue: 'url'}),
    region: Flags.string({description: 'region of the store', env: 'TANDEM_S3_REGION', default: 'us-east-1'}),
    records: Flags.boolean({description: 'print every record as CSV'}),
  };

  protected override async work(): Promise<number> {
    const {verifyWork} = await import('../../work/signal-verify.ts');
    return await verifyWork(this.workContext(), this.given<never, {log: string}>().args.log);
  }
}
