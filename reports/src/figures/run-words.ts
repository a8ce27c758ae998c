import type {Divergence, DivergenceGroup, RunManifest} from '@tandem/contract';

/** Flags of the command that made a run which a later command about it needs as well. */
const CARRIED: Readonly<Record<string, string>> = {'-c': '-c', '--config': '-c', '--runs': '--runs'};

/** The migration file (and the folder of the runs) as words, when the run was made with another than the usual one. */
export const carriedWords = ({command}: Pick<RunManifest, 'command'>): readonly string[] => command.flatMap((word, at) => {
  const [name = '', joined] = word.split(/=(.*)/s);
  const flag = CARRIED[name], value = joined ?? command[at + 1];
  return flag === undefined || value === undefined ? [] : [flag, value];
});

/** `tandem explain` for one difference: by its cause, or where it names none, by the fingerprint of its group. */
export const explainWords = (manifest: Pick<RunManifest, 'command' | 'runId'>, {cause}: Pick<Divergence, 'cause'>, {fingerprint}: Pick<DivergenceGroup, 'fingerprint'>): readonly string[] =>
  ['tandem', 'explain', cause === '' ? fingerprint : cause, '--run', manifest.runId, ...carriedWords(manifest)];
