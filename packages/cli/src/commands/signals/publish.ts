import {Args, Flags} from '@oclif/core';
import {TandemCommand} from '../../tandem-command.ts';

export default class SignalsPublish extends TandemCommand {
  static override summary = 'copy a signal log into an object store, one object a block, each written once';
  static override description = 'Every write is conditional, so the store itself refuses to write over a block. May be run again at any time; what is there is compared.';
  static override args = {log: Args.string({description: 'a signal log', required: true})};
  static override flags = {
    store: Flags.string({description: 's3://bucket, or a folder', required: true, helpValue: 'place'}),
    as: Flags.string({description: 'name of the log in the store', required: true, helpValue: 'prefix'}),
    endpoint: Flags.string({description: 'of an S3-compatible store that is not the provider\'s own', env: 'TANDEM_S3_ENDPOINT', helpValue: 'url'}),
    region: Flags.string({description: 'region of the store', env: 'TANDEM_S3_REGION', default: 'us-east-1'}),
    follow: Flags.boolean({description: 'go on until the log is sealed or the command is stopped'}),
  };

  protected override async work(): Promise<number> {
    const {publishWork} = await import('../../work/signal-publish.ts');
    return await publishWork(this.workContext(), this.given<never, {log: string}>().args.log);
  }
}
