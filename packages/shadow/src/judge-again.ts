import {join} from 'node:path';
import {RUN_FILE, TandemError, type Migration, type RunResult, type Verdict} from '@tandem/contract';
import {verdictOfRun} from './broken-run.ts';
import {judge} from './judge/judge.ts';
import {waiversOf} from './judge/judge-input.ts';
import {canonicalJson} from './record/canonical-json.ts';
import {writeDurably} from './record/durable-file.ts';
import {readRunFolder} from './record/run-folder-reader.ts';
import {exitCodeOf} from './shadow-session.ts';

/**
 * Judges a finished run by the gates and waivers of a migration as they stand now, without running anything. The result replaces the
 * former one. Evidence that was edited since it was written is refused: its hash no longer fits the result.
 */
export const judgeAgain = async (folder: string, migration: Pick<Migration, 'gates' | 'compare'>, today: string): Promise<{verdict: Verdict; exitCode: number; runId: string}> => {
  const run = await readRunFolder(folder);
  if (run.evidence === null || run.evidenceHash === null) {
    throw new TandemError({id: 'TDM-E133', kind: 'lane', what: 'the run has no evidence to judge', where: folder, seen: run.problems.join(', ') || 'no evidence.json', fix: 'run it again'});
  }
  if (run.result !== null && run.result.verdict.evidenceHash !== run.evidenceHash) {
    throw new TandemError({id: 'TDM-E134', kind: 'lane', what: 'the evidence was changed after it was judged', where: join(folder, RUN_FILE.evidence), seen: `SHA-256 ${run.evidenceHash.slice(0, 16)}, judged was ${run.result.verdict.evidenceHash.slice(0, 16)}`, fix: 'run it again'});
  }
  const judged = judge(run.evidence, migration.gates, {evidenceHash: run.evidenceHash, judgedOn: today, waivers: waiversOf(migration.compare)});
  const verdict = verdictOfRun(judged, run.manifest.complete);
  const exitCode = exitCodeOf(verdict.outcome);
  const result: RunResult = {formatVersion: '1.0', runId: run.manifest.runId, exitCode, verdict};
  await writeDurably(join(folder, RUN_FILE.result), canonicalJson(result));
  return {verdict, exitCode, runId: run.manifest.runId};
};
