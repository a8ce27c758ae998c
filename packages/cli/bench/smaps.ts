import {readFileSync} from 'node:fs';

/** What a process maps, in KiB. PSS counts a page that several processes map by equal shares. */
export interface Mappings {
  readonly pssKiB: number;
  readonly rssKiB: number;
  /** PSS by kind, largest first */
  readonly kinds: ReadonlyMap<string, number>;
}

/** Anonymous mappings that V8 reserves as one: its cage of code, and of pointers where they are compressed. */
const kindOf = (permissions: string, name: string): string => {
  if (name.startsWith('/')) {
    const file = name.split('/').at(-1)!;
    const part = permissions.startsWith('r-x') ? 'code' : permissions.startsWith('rw') ? 'data' : 'constants';
    return /^(?:node|python[\d.]*)$/.test(file) ? `program ${part}` : 'libraries';
  }
  if (name !== '') return name;
  return permissions.includes('x') ? 'generated code' : 'anonymous';
};

/** Reads `/proc/<pid>/smaps`. */
export const mappingsOf = (pid: number): Mappings => {
  const kinds = new Map<string, number>();
  let kind = '';
  let pssKiB = 0;
  let rssKiB = 0;
  for (const line of readFileSync(`/proc/${pid}/smaps`, 'latin1').split('\n')) {
    const head = /^[0-9a-f]+-[0-9a-f]+ (\S+) \S+ \S+ \S+\s*(.*)$/.exec(line);
    if (head !== null) kind = kindOf(head[1]!, head[2]!);
    const [, key, kib] = /^(Pss|Rss): +(\d+) kB$/.exec(line) ?? [];
    if (key === 'Rss') rssKiB += Number(kib);
    if (key !== 'Pss') continue;
    pssKiB += Number(kib);
    kinds.set(kind, (kinds.get(kind) ?? 0) + Number(kib));
  }
  return {pssKiB, rssKiB, kinds: new Map([...kinds].sort((a, b) => b[1] - a[1]))};
};
