import {basename} from 'node:path';
import {fileSource} from './byte-source.ts';
import {LogVerifier, type LogProblem, type LogVerdict} from './verify-log.ts';

/** What several logs are worth that follow each other. */
export interface ChainVerdict {
  readonly outcome: LogVerdict['outcome'];
  readonly records: number;
  readonly logs: readonly {readonly file: string; readonly verdict: LogVerdict; /** why it does not follow the one before */ readonly breaks: readonly LogProblem[]}[];
}

/**
 * Verifies logs that a service or a simulation left one behind the other: each names the head that it follows, and counts on from it.
 * @param files in their order
 */
export const verifyChain = (files: readonly string[]): ChainVerdict => {
  const logs: ChainVerdict['logs'][number][] = [];
  let head: string | null = null;
  let nextSeq = 1;
  for (const file of files) {
    const source = fileSource(file);
    try {
      const verdict = new LogVerifier(source, []).verify();
      const {previous, firstSeq} = verdict.header;
      const breaks: LogProblem[] = [];
      const say = (what: string): void => { breaks.push({kind: 'order', at: 0, block: 0, what}); };
      if (head !== null && previous?.head !== head) say(`it follows ${previous === null ? 'nothing' : `another end of ${basename(previous.file)}`}`);
      if (head === null && previous !== null) say(`${basename(previous.file)}, which it follows, is not here`);
      if (head !== null && firstSeq !== nextSeq) say(`it begins with ${firstSeq} where ${nextSeq} must follow`);
      nextSeq = firstSeq + verdict.records;
      head = verdict.head;
      logs.push({file, verdict, breaks});
    } finally {
      source.close();
    }
  }
  const isBroken = logs.some(({verdict, breaks}) => verdict.outcome === 'fail' || breaks.length > 0);
  // only the last one may still be open
  const isOpen = logs.length === 0 || logs.some(({verdict}) => verdict.outcome === 'inconclusive');
  return {outcome: isBroken ? 'fail' : isOpen ? 'inconclusive' : 'pass', records: logs.reduce((sum, {verdict}) => sum + verdict.records, 0), logs};
};
