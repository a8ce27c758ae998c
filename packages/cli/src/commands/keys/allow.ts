import {Args, Flags} from '@oclif/core';
import {TandemCommand} from '../../tandem-command.ts';

export default class KeysAllow extends TandemCommand {
  static override summary = 'put the holder of a public key on an allow-list';
  static override description = 'Adds a line to the list, which sockets in service read again by themselves. A name may have two keys, so that the old one works until the new one does.';
  static override args = {file: Args.string({description: 'the public key file (<name>.key)', required: true})};
  static override flags = {
    name: Flags.string({description: 'who holds it; default the name of the file', helpValue: 'gateway'}),
    list: Flags.string({description: 'the allow-list', default: '.tandem/keys/allowed', env: 'TANDEM_KEYS_LIST'}),
  };

  protected override async work(): Promise<number> {
    const {keysAllowWork} = await import('../../work/keys-work.ts');
    const {args} = this.given<Record<string, unknown>, {file: string}>();
    return keysAllowWork(this.workContext(), args.file);
  }
}
