import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {InputSpec} from '@tandem/contract';
import {startLiveCapture} from '@tandem/shadow';

// A way through which a bench can send traffic: tap-way.ts PATTERN LISTEN UPSTREAM. The whole product: tap, log, harness; ends with its stdin.
const [pattern = 'push-pull', listen = '', endpoint = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'tandem-way-'));
const stop = new AbortController();
const capture = await startLiveCapture({inputs: [{stream: 'way', pattern: pattern as InputSpec['pattern'], endpoint, listen, topics: ['']}], folder: join(folder, 'log'), messages: null, durationMs: null, detachMs: 0,
  log: {retention: {bytesMax: 512 * 1024 * 1024}}, signal: stop.signal, onNotice: () => undefined});
process.stdout.write('{"ready":true}\n');
process.stdin.on('end', () => { stop.abort(); }).resume();
await capture.done.catch(() => undefined);
rmSync(folder, {recursive: true, force: true});
