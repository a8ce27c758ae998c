import {TandemError} from '@tandem/contract';

const MEANING: Readonly<Record<string, readonly [likely: string, fix: string]>> = {
  ENOSPC: ['the disk is full', 'free some space, or write elsewhere with --runs or --out'],
  EDQUOT: ['the disk quota is used up', 'free some space, or write elsewhere with --runs or --out'],
  EFBIG: ['the file size limit of this process is reached (ulimit -f)', 'raise the limit, or write elsewhere'],
  EROFS: ['the file system is read-only', 'write elsewhere with --runs or --out'],
  EACCES: ['this user may not do that there', 'choose another place, or correct its rights'],
  EPERM: ['this user may not do that there', 'choose another place, or correct its rights'],
  EMFILE: ['too many files are open', 'raise the limit: ulimit -n'],
  ENFILE: ['too many files are open on this machine', 'end other programs'],
  EIO: ['the disk does not work', 'write elsewhere'],
  ENAMETOOLONG: ['the path is too long', 'choose a shorter one'],
  ENOTDIR: ['a part of the path is a file', 'choose another path'],
  ENOENT: ['there is no such file, or no such folder to write into', 'correct the path'],
  EEXIST: ['something else stands where this is to be made', 'choose another path'],
  ELOOP: ['the links of the path lead back to themselves', 'correct the link'],
  EISDIR: ['a folder stands where a file is meant', 'choose another path'],
};

/** What the operating system refused, as an error of the surroundings; null when it is something else, and then a defect of ours. */
export const systemRefusal = (error: unknown): TandemError | null => {
  const {code, path, syscall, message} = error as NodeJS.ErrnoException;
  const meaning = code === undefined || syscall === undefined ? undefined : MEANING[code];
  if (meaning === undefined) return null;
  const [likely, fix] = meaning;
  return new TandemError({id: 'TDM-E143', kind: 'environment', what: 'the operating system refused what had to be done', where: path, seen: message, likely, fix}, {cause: error});
};
