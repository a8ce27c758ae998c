import {TandemError, type ErrorDetail} from '@tandem/contract';

/** What a thread of the tap's process failed of: in the words of the error when it is one for people. */
export const tapFault = (error: unknown): ErrorDetail => (error instanceof TandemError ? error.detail
  : {id: 'TDM-E288', kind: 'invariant', what: 'A thread of the wire tap failed; live traffic goes on.', seen: error instanceof Error ? error.message : String(error), fix: 'report it; what is whole in the log can be replayed'});
