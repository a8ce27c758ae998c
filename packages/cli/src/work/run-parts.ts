import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {RUN_FILE, type CapturedMessage, type LaneName} from '@tandem/contract';
import {openLogReader} from '@tandem/shadow';

/** Messages of a lane's log, or of the kept inputs, in a run folder, that a test accepts; at most `limit`. */
export const keptMessages = async (folder: string, name: LaneName | 'input', wanted: (message: CapturedMessage) => boolean, limit = 100): Promise<CapturedMessage[]> => {
  const path = join(folder, RUN_FILE.laneLog(name));
  if (!existsSync(path)) return [];
  const found: CapturedMessage[] = [];
  const reader = await openLogReader(path);
  for await (const batch of reader.batches()) {
    for (const message of batch) {
      if (wanted(message)) found.push({...message, frames: message.frames.map((frame) => Buffer.from(frame))});
      if (found.length >= limit) return found;
    }
  }
  return found;
};
