import {Flags} from '@oclif/core';
import {TandemCommand} from '../../tandem-command.ts';

export default class KeysGenerate extends TandemCommand {
  static override summary = 'a CURVE key pair for a tap or a socket that other hosts reach';
  static override description = 'Writes <name>.key, which may be given away, and <name>.key_secret (mode 600) in the format of ZeroMQ\'s own tools. The secret is never printed and never overwritten.';
  static override flags = {
    name: Flags.string({description: 'whose keys these are', required: true, helpValue: 'gateway'}),
    out: Flags.string({char: 'o', description: 'folder, made with mode 700', default: '.tandem/keys', env: 'TANDEM_KEYS_OUT'}),
  };

  protected override async work(): Promise<number> {
    const {keysGenerateWork} = await import('../../work/keys-work.ts');
    return keysGenerateWork(this.workContext());
  }
}
