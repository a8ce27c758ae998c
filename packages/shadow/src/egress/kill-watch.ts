import {readFileSync, watch} from 'node:fs';
import {basename, dirname} from 'node:path';
import type {KillMode} from '../flow/ownership-control.ts';

const POLL_MS = 20;

/** Watches the ways to kill that need no controller: a file, and the signal SIGUSR1. Each is told once. */
export interface KillWatch {
  close(): void;
}

/** A file with the text `halt` halts; any other content, also none, sends everything back to legacy. */
export function watchKill(path: string, onKill: (mode: KillMode, actor: string) => void): KillWatch {
  let told = false;
  const look = (): void => {
    if (told) return;
    const mode = readMode(path);
    if (mode === null) return;
    told = true;
    onKill(mode, 'kill file');
  };
  const onSignal = (): void => onKill('legacy', 'SIGUSR1');
  process.on('SIGUSR1', onSignal);
  const timer = setInterval(look, POLL_MS);
  // The folder, not the file: it may not exist yet. Where watching fails the poll is enough.
  const watcher = watch(dirname(path), (_event, name) => {
    if (name === null || name === basename(path)) look();
  });
  watcher.on('error', () => watcher.close());
  look();
  return {
    close() {
      clearInterval(timer);
      watcher.close();
      process.off('SIGUSR1', onSignal);
    },
  };
}

function readMode(path: string): KillMode | null {
  try {
    return readFileSync(path, 'utf8').trim() === 'halt' ? 'halt' : 'legacy';
  } catch (error) {
    // Any other error than absence is a file that someone put there and that we cannot read: that is a kill.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : 'legacy';
  }
}
