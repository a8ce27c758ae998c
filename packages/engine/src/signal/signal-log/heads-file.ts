import {closeSync, constants, openSync, readFileSync, writeSync} from 'node:fs';
import {TandemError} from '@tandem/contract';
import type {PublishedHead} from './log-writer.ts';

/** Publishes heads: a line of JSON each, appended. Keep it where whoever writes the log cannot reach it. */
export const openHeadsFile = (file: string): {publish: (head: PublishedHead) => void; close: () => void} => {
  let fd: number;
  try {
    fd = openSync(file, constants.O_CREAT | constants.O_APPEND | constants.O_WRONLY, 0o644);
  } catch (cause) {
    throw new TandemError({id: 'TDM-E433', kind: 'usage', what: 'the file of published heads cannot be used', where: file, seen: cause instanceof Error ? cause.message : String(cause), fix: 'give a path that may be written'}, {cause});
  }
  return {publish: ({blocks, records, head}) => { writeSync(fd, `${JSON.stringify({blocks, records, head})}\n`); }, close: () => { closeSync(fd); }};
};

/**
 * Reads published heads. A last line without its end was being written and does not count.
 * @throws TandemError TDM-E433 for a line that is no head
 */
export const readHeadsFile = (file: string): readonly PublishedHead[] => {
  const text = readFileSync(file, 'utf8');
  return text.slice(0, text.lastIndexOf('\n') + 1).split('\n').filter((line) => line !== '').map((line, at) => {
    const head = parseHead(line);
    if (head !== null) return head;
    throw new TandemError({id: 'TDM-E433', kind: 'usage', what: 'the file of published heads cannot be used', where: `${file}:${at + 1}`, seen: line.slice(0, 100), fix: 'give the file that the signal lane wrote with --heads'});
  });
};

const parseHead = (line: string): PublishedHead | null => {
  try {
    const {blocks, records, head} = JSON.parse(line) as Partial<PublishedHead>;
    const isHead = Number.isSafeInteger(blocks) && Number.isSafeInteger(records) && typeof head === 'string' && /^[0-9a-f]{64}$/.test(head);
    return isHead ? {blocks: blocks as number, records: records as number, head} : null;
  } catch {
    return null;
  }
};
