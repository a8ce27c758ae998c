import {statSync} from 'node:fs';
import {resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {TandemError} from '@tandem/contract';

/** A module of the user's that cannot be used. */
export const moduleRefusal = (where: string, what: string, fix: string, seen?: string): TandemError => new TandemError({id: 'TDM-E146', kind: 'usage', what, where, seen, fix});

/** What a module of the user's threw, with the line of it that did; an error that is told already stays what it is. */
export const moduleFailure = (file: string, error: unknown): TandemError => {
  if (error instanceof TandemError) return error;
  const {message, stack} = error instanceof Error ? error : {message: String(error), stack: ''};
  const place = stack?.split('\n').map((line) => line.slice(Math.max(0, line.indexOf(pathToFileURL(resolve(file)).href)))).find((line) => line.startsWith('file:'))?.replace(/\)$/, '').match(/:(\d+)(?::\d+)?$/)?.[1];
  return new TandemError({id: 'TDM-E146', kind: 'usage', what: 'the module ended with an error of its own', where: place === undefined ? file : `${file}, line ${place}`, seen: message.slice(0, 300), fix: 'correct the module'}, {cause: error});
};

/** @throws TandemError TDM-E146 when there is no such module, or it cannot be run */
export const loadUserModule = async (file: string): Promise<Readonly<Record<string, unknown>>> => {
  const isFile = statSync(file, {throwIfNoEntry: false})?.isFile();
  if (isFile !== true) throw moduleRefusal(file, isFile === undefined ? 'there is no such module' : 'the module is no file', 'write its path from the folder in which you call tandem');
  try {
    return await import(pathToFileURL(resolve(file)).href) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw moduleFailure(file, error);
  }
};
