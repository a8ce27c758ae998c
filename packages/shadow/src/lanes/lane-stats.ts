import {readFile, stat} from 'node:fs/promises';

const STATS_BYTES_MAX = 1024 * 1024;

/** The lane's own word about itself; null when it wrote nothing, too much, or no JSON. Decode it before you rely on a field. */
export async function readLaneStats(file: string): Promise<unknown> {
  try {
    const {size} = await stat(file);
    return size > STATS_BYTES_MAX ? null : JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch {
    return null;
  }
}
