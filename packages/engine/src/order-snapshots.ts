import {createHash} from 'node:crypto';
import {mkdirSync, readdirSync, readFileSync, rmSync, statSync} from 'node:fs';
import {open, rename} from 'node:fs/promises';
import {join} from 'node:path';
import type {OrderPath} from './order/order-path.ts';
import {imageOf, takeImage} from './order/state-image.ts';

const FORMAT = 'tandem-order-path-engine/1';
const SUFFIX = '.snapshot';
const KEPT = 3;
const EVERY_MESSAGES = 10_000;
const EVERY_MS = 1000;
const HEADER_BYTES_MAX = 64 * 1024;
const TEST_BYTES_MAX = 512;
const ID = /^[A-Za-z0-9.]{1,40}$/;
/** `{"msgType":"1"`, as whoever asks for signs of life writes it */
const KIND_AT = 12;
const ONE = 0x31;
const QUOTE = 0x22;

interface Header {
  readonly format: string;
  readonly at: string;
  readonly stateHash: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly hashSeed: number;
  readonly layout: string;
}

/** What the ready line says. */
export interface SnapshotStart {
  readonly restored: string | null;
  readonly refused: number;
}

const sha256 = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('hex');

/**
 * Copies of the order path's state on disk, so that a lane that is started again need not answer the whole log again. One is taken right behind the
 * answer to a test request and bears its id: whoever feeds the lane knows which inputs came before it. The copy is made between two messages
 * (a few milliseconds), hashed and written beside the traffic, and becomes visible whole or not at all.
 */
export class OrderSnapshots {
  readonly #folder: string;
  readonly #hashSeed: number;
  readonly #path: OrderPath;
  #since = 0;
  #takenMs = performance.now();
  #isWriting = false;
  readonly start: SnapshotStart;

  private constructor(folder: string, path: OrderPath, {hashSeed, start}: {hashSeed: number; start: SnapshotStart}) {
    this.#folder = folder;
    this.#path = path;
    this.#hashSeed = hashSeed;
    this.start = start;
  }

  /** Makes the path with the newest sound snapshot of the folder in it, or a new one. `hashSeed`: for a new one. */
  static open<Path extends {readonly path: OrderPath}>(folder: string, hashSeed: number, make: (hashSeed: number) => Path): {path: Path; snapshots: OrderSnapshots} {
    mkdirSync(folder, {recursive: true, mode: 0o700});
    let refused = 0;
    for (const name of newestFirst(folder)) {
      const read = readSnapshot(join(folder, name));
      const path = typeof read === 'string' ? read : tryPath(make(read.header.hashSeed), read);
      if (typeof read !== 'string' && typeof path !== 'string') {
        const start = {restored: read.header.at, refused};
        return {path, snapshots: new OrderSnapshots(folder, path.path, {hashSeed: read.header.hashSeed, start})};
      }
      refused += 1;
      process.stderr.write(`snapshot ${name} is not used: ${String(path)}\n`);
    }
    const path = make(hashSeed);
    return {path, snapshots: new OrderSnapshots(folder, path.path, {hashSeed, start: {restored: null, refused}})};
  }

  /** To be called when a message was decided. */
  after(message: Uint8Array): void {
    this.#since += 1;
    if (message[KIND_AT] !== ONE || message[KIND_AT + 1] !== QUOTE || this.#since < EVERY_MESSAGES || this.#isWriting) return;
    if (performance.now() - this.#takenMs < EVERY_MS) return;
    const at = testIdOf(message);
    if (at === null) return;
    this.#since = 0;
    this.#isWriting = true;
    this.#takenMs = performance.now();
    const {layout, octets} = imageOf(this.#path.desk);
    const stateHash = this.#path.stateHash();
    // A snapshot that cannot be written is one less: the log is there.
    void this.#write({format: FORMAT, at, stateHash, hashSeed: this.#hashSeed, layout, sizeBytes: octets.length}, octets).catch(() => undefined).finally(() => {
      this.#isWriting = false;
    });
  }

  async #write(header: Omit<Header, 'sha256'>, octets: Uint8Array): Promise<void> {
    // in the thread pool, beside the traffic
    const digest = await crypto.subtle.digest('SHA-256', octets as Uint8Array<ArrayBuffer>);
    const part = join(this.#folder, `${header.at}.part`);
    const file = await open(part, 'w', 0o600);
    try {
      await file.write(`${JSON.stringify({...header, sha256: Buffer.from(digest).toString('hex')})}\n`);
      await file.write(octets);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(part, join(this.#folder, `${header.at}${SUFFIX}`));
    for (const old of newestFirst(this.#folder).slice(KEPT)) rmSync(join(this.#folder, old), {force: true});
  }
}

const tryPath = <Path extends {readonly path: OrderPath}>(path: Path, {header, octets}: {readonly header: Header; readonly octets: Uint8Array}): Path | string => {
  const why = takeImage(path.path.desk, {layout: header.layout, octets});
  if (why !== null) return why;
  return path.path.stateHash() === header.stateHash ? path : 'its state is not the one that it was taken of';
};

const readSnapshot = (file: string): {readonly header: Header; readonly octets: Uint8Array} | string => {
  try {
    const bytes = readFileSync(file);
    const end = bytes.indexOf(0x0a);
    if (end < 0 || end > HEADER_BYTES_MAX) return 'it has no header';
    const header = JSON.parse(bytes.toString('utf8', 0, end)) as Header;
    const octets = bytes.subarray(end + 1);
    const sound = header.format === FORMAT && ID.test(header.at) && Number.isInteger(header.hashSeed) && octets.length === header.sizeBytes && sha256(octets) === header.sha256;
    return sound ? {header, octets} : 'another format, cut short or changed';
  } catch (error) {
    return (error as Error).message;
  }
};

const testIdOf = (message: Uint8Array): string | null => {
  if (message.length > TEST_BYTES_MAX) return null;
  try {
    const {testReqId} = JSON.parse(Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('utf8')) as {testReqId?: unknown};
    return typeof testReqId === 'string' && ID.test(testReqId) ? testReqId : null;
  } catch {
    return null;
  }
};

const newestFirst = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith(SUFFIX))
  .map((name) => ({name, ms: statSync(join(folder, name)).mtimeMs})).sort((left, right) => right.ms - left.ms).map(({name}) => name);
