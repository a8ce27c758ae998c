import {spawn} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {accessSync, constants, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import type {Readable, Writable} from 'node:stream';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--disable-default-apps', '--disable-extensions', '--mute-audio', '--remote-debugging-pipe',
];

/** Path of a Chromium, from TANDEM_CHROMIUM or PATH; null when there is none. */
export const findChromium = (): string | null => {
  const named = process.env['TANDEM_CHROMIUM'];
  const candidates = named !== undefined ? [named] : (process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  }) ?? null;
};

type Reply = Record<string, unknown>;

/** A headless Chromium, spoken to over two pipes: no port is opened. */
export interface Chromium {
  send(method: string, params?: object, sessionId?: string): Promise<Reply>;
  /** every event so far, oldest first */
  readonly events: {readonly method: string; readonly params: Reply; readonly sessionId: string | undefined}[];
  close(): Promise<void>;
}

const connect = (child: ChildProcess, profile: string): Chromium => {
  const write = child.stdio[3] as Writable;
  const read = child.stdio[4] as Readable;
  const waiting = new Map<number, {resolve: (reply: Reply) => void; reject: (error: Error) => void}>();
  const events: Chromium['events'] = [];
  let next = 0;
  let rest = '';
  read.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const message = JSON.parse(part) as {id?: number; method?: string; params?: Reply; result?: Reply; error?: {message: string}; sessionId?: string};
      if (message.id === undefined) events.push({method: message.method ?? '', params: message.params ?? {}, sessionId: message.sessionId});
      else if (message.error === undefined) waiting.get(message.id)?.resolve(message.result ?? {});
      else waiting.get(message.id)?.reject(new Error(message.error.message));
    }
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => {
    for (const {reject} of waiting.values()) reject(new Error('Chromium ended'));
    resolve();
  }));
  return {
    events,
    send: (method, params = {}, sessionId) => new Promise((resolve, reject) => {
      const id = ++next;
      waiting.set(id, {resolve, reject});
      write.write(`${JSON.stringify({id, method, params, ...(sessionId === undefined ? {} : {sessionId})})}\0`);
    }),
    close: async () => {
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), 3000);
      await ended;
      clearTimeout(killer);
      rmSync(profile, {recursive: true, force: true, maxRetries: 5, retryDelay: 100});
    },
  };
};

export const startChromium = (path: string): Chromium => {
  const profile = mkdtempSync(join(tmpdir(), 'tandem-chromium-'));
  const child = spawn(path, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], {stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe']});
  return connect(child, profile);
};

/** One page of it. */
export interface BrowserPage {
  readonly sessionId: string;
  evaluate<T>(expression: string): Promise<T>;
  press(key: string, options?: {code?: number; text?: string}): Promise<void>;
  type(text: string): Promise<void>;
  emulate(options: {width: number; scheme?: 'light' | 'dark'; forcedColors?: boolean}): Promise<void>;
  /** console messages, exceptions, policy reports */
  complaints(): readonly string[];
  /** addresses that were asked for */
  requests(): readonly string[];
}

const KEY_CODES: Readonly<Record<string, number>> = {ArrowRight: 39, ArrowLeft: 37, Escape: 27, Tab: 9, Home: 36, End: 35, Enter: 13};

export const openPage = async (browser: Chromium, url: string, options: {scripts: boolean}): Promise<BrowserPage> => {
  const {targetId} = await browser.send('Target.createTarget', {url: 'about:blank'}) as {targetId: string};
  const {sessionId} = await browser.send('Target.attachToTarget', {targetId, flatten: true}) as {sessionId: string};
  const send = (method: string, params: object = {}): Promise<Reply> => browser.send(method, params, sessionId);
  const since = browser.events.length;
  const mine = (method: string): readonly Reply[] => browser.events.slice(since).filter((event) => event.sessionId === sessionId && event.method === method).map((event) => event.params);
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await send(`${domain}.enable`);
  if (!options.scripts) await send('Emulation.setScriptExecutionDisabled', {value: true});
  await send('Page.navigate', {url});
  for (let waited = 0; waited < 200 && mine('Page.loadEventFired').length === 0; waited++) await new Promise((resolve) => setTimeout(resolve, 50));
  return {
    sessionId,
    evaluate: async <T>(expression: string) => {
      const reply = await send('Runtime.evaluate', {expression, returnByValue: true, awaitPromise: true}) as {result: {value: T}; exceptionDetails?: {text: string}};
      if (reply.exceptionDetails !== undefined) throw new Error(`${expression}: ${reply.exceptionDetails.text}`);
      return reply.result.value;
    },
    press: async (key, {text} = {}) => {
      const common = {key, code: key, windowsVirtualKeyCode: KEY_CODES[key] ?? 0};
      await send('Input.dispatchKeyEvent', {type: text === undefined ? 'rawKeyDown' : 'keyDown', ...common, ...(text === undefined ? {} : {text})});
      await send('Input.dispatchKeyEvent', {type: 'keyUp', ...common});
    },
    type: async (text) => void await send('Input.insertText', {text}),
    emulate: async ({width, scheme = 'light', forcedColors = false}) => {
      await send('Emulation.setDeviceMetricsOverride', {width, height: 800, deviceScaleFactor: 1, mobile: width < 500});
      await send('Emulation.setEmulatedMedia', {features: [{name: 'prefers-color-scheme', value: scheme}, {name: 'forced-colors', value: forcedColors ? 'active' : 'none'}]});
    },
    complaints: () => [
      ...mine('Runtime.consoleAPICalled').map((params) => `console: ${JSON.stringify(params['args'])}`),
      ...mine('Runtime.exceptionThrown').map((params) => `exception: ${JSON.stringify(params['exceptionDetails']).slice(0, 400)}`),
      ...mine('Log.entryAdded').map((params) => `log: ${JSON.stringify(params['entry']).slice(0, 400)}`),
      ...mine('Page.javascriptDialogOpening').map((params) => `dialog: ${JSON.stringify(params)}`),
    ],
    requests: () => mine('Network.requestWillBeSent').map((params) => (params['request'] as {url: string}).url),
  };
};
