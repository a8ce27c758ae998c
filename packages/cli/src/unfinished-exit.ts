import {EXIT_CODE, type ErrorDetail} from '@tandem/contract';

/**
 * Exit 0 means that the command did its work. A migration file is code: one that ends the process, or waits for what never comes, must not
 * look like a pass. Give the answer to `done` when the command is through.
 */
export const refuseUnfinishedExit = (complain: (detail: ErrorDetail) => void): {done: () => void} => {
  let finished = false;
  const atExit = (code: number): void => {
    if (finished || (code !== 0 && code !== EXIT_CODE.bug)) return;
    process.exitCode = EXIT_CODE.usage;
    complain({id: 'TDM-E145', kind: 'usage', what: 'the program ended before the command was done', seen: code === 0 ? 'something ended the process' : 'nothing was left that could go on',
      likely: 'the migration file calls process.exit, or waits for something that never comes', fix: 'let it do nothing but export defineMigration({...})'});
  };
  process.exitCode = EXIT_CODE.bug;
  process.on('exit', atExit);
  return {
    done: () => {
      finished = true;
      process.off('exit', atExit);
    },
  };
};
