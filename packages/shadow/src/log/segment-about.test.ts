import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, it} from 'vitest';
import {openLogWriter} from './log-writer.ts';
import {aboutLog, pairsAtHead} from './segment-about.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-about-'));
afterAll(() => { rmSync(folder, {recursive: true, force: true}); });
const write = async (name: string, about: Readonly<Record<string, string>>): Promise<string> => {
  const place = join(folder, name);
  const writer = await openLogWriter(place, {about});
  writer.append({stream: 'orders', epoch: 0, seq: 1, tMonoNs: 1, tWallNs: 1n, identity: '', frames: [Buffer.from('one')]});
  await writer.close();
  return place;
};

describe('what a log says about itself', () => {
  it('is what its writer said, and nothing when it said nothing', async () => {
    expect([...await aboutLog(await write('told', {hidden: 'yes', boot: 'ü'}))]).toEqual([['hidden', 'yes'], ['boot', 'ü']]);
    expect((await aboutLog(await write('silent', {}))).size).toBe(0);
    await expect(aboutLog(join(folder, 'nowhere'))).rejects.toMatchObject({detail: {id: 'TDM-E274'}});
  });

  it('is nothing, and no fault, in a head that was cut or changed anywhere', async () => {
    const place = await write('cut', {hidden: 'yes'});
    const octets = readFileSync(join(place, readdirSync(place).find((name) => name.endsWith('.mcap'))!));
    for (let at = 0; at < 200; at++) {
      expect([0, 1]).toContain(pairsAtHead(octets.subarray(0, at)).size);
      const changed = Buffer.from(octets);
      changed[at] = 0xff;
      expect(pairsAtHead(changed).size).toBeLessThanOrEqual(1);
    }
  });
});
