import {cpus, totalmem} from 'node:os';

/** The machine, in a few words, for conditions. */
export const hostLine = (): string => {
  const model = cpus()[0]?.model.replace(/\s+/g, ' ').trim() ?? 'unknown CPU';
  return `${cpus().length} × ${model}, ${Math.round(totalmem() / 1024 ** 3)} GiB, Node ${process.versions.node}`;
};
