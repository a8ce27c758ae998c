import {spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {afterAll, expect, it} from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'tdm-keeper-'));
afterAll(() => { rmSync(root, {recursive: true, force: true}); });

const isThere = (pid: number): boolean => {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

/** Stands for the tap: has fronts kept and says who keeps them. */
const keptBy = async (paths: readonly string[]): Promise<{pid: number; keeper: number; kill: (signal: NodeJS.Signals) => Promise<void>}> => {
  const code = `const {Keeper} = await import(${JSON.stringify(join(import.meta.dirname, 'wire-keeper.ts'))}); const {IpcFront} = await import(${JSON.stringify(join(import.meta.dirname, 'ipc-front.ts'))});
    console.log(Keeper.start({fronts: ${JSON.stringify(paths)}.map((path) => ({front: new IpcFront(path), realPath: path + '-real'})), forwarder: null}).pid); setTimeout(() => undefined, 60_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {stdio: ['ignore', 'pipe', 'inherit']});
  const ended = new Promise<void>((done) => { child.once('close', () => { done(); }); });
  const line = await createInterface({input: child.stdout})[Symbol.asyncIterator]().next();
  return {pid: child.pid ?? 0, keeper: Number(line.value), kill: async (signal) => {
    child.kill(signal);
    await ended;
  }};
};

it.runIf(process.platform === 'linux')('leads fronts back when the tap is killed, whatever their names; one that leads elsewhere by then is left alone; nothing stays behind', async () => {
  const folder = join(root, `a b'"$(x);-é`);
  mkdirSync(folder);
  const [first, second, moved] = ['front', '-dash', 'moved'].map((name) => join(folder, name)) as [string, string, string];
  for (const path of [first, second, moved]) symlinkSync(join(folder, `.${path.slice(folder.length + 1)}.tap`), path);
  const tap = await keptBy([first, second, moved]);
  expect(isThere(tap.keeper)).toBe(true);
  rmSync(moved);
  symlinkSync('/somewhere/else', moved);
  await tap.kill('SIGKILL');
  await expect.poll(() => isThere(tap.keeper)).toBe(false);
  expect([first, second, moved].map((path) => readlinkSync(path))).toEqual([`${first}-real`, `${second}-real`, '/somewhere/else']);
});

it.runIf(process.platform === 'linux')('deaths in a row leave no front on a dead tap', async () => {
  const rounds = process.env['TANDEM_DEEP'] === '1' ? 100 : 2;
  for (let round = 0; round < rounds; round += 1) {
    const path = join(root, `front${round}`);
    symlinkSync(join(root, `.front${round}.tap`), path);
    const tap = await keptBy([path]);
    await tap.kill(round % 2 === 0 ? 'SIGKILL' : 'SIGTERM');
    await expect.poll(() => readlinkSync(path)).toBe(`${path}-real`);
    await expect.poll(() => isThere(tap.keeper)).toBe(false);
  }
});
