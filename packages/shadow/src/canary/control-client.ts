import {createConnection, type Socket} from 'node:net';
import type {ControlAnswer, ControlRequest} from '../flow/ownership-control.ts';

const LINE_CHARS_MAX = 16 * 1024 * 1024;

/** Asks the gate over its unix socket, one question at a time, and connects again when the gate was started again. */
export class ControlClient {
  readonly #path: string;
  #socket: Socket | null = null;
  #buffered = '';
  #answer: ((answer: ControlAnswer | null) => void) | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** Null when no answer came: the request may or may not have been carried out. */
  ask(request: ControlRequest, timeoutMs: number): Promise<ControlAnswer | null> {
    const asked = this.#turn.then(() => this.#ask(request, timeoutMs));
    this.#turn = asked;
    return asked;
  }

  close(): void {
    this.#drop();
  }

  async #ask(request: ControlRequest, timeoutMs: number): Promise<ControlAnswer | null> {
    const socket = this.#socket ?? this.#connect();
    return await new Promise((resolve) => {
      const timer = setTimeout(() => {
        // A late answer would be taken for the next one: begin anew.
        this.#drop();
      }, timeoutMs);
      this.#answer = (answer) => {
        clearTimeout(timer);
        this.#answer = null;
        resolve(answer);
      };
      socket.write(`${JSON.stringify(request)}\n`);
    });
  }

  #connect(): Socket {
    const socket = createConnection({path: this.#path});
    this.#socket = socket;
    this.#buffered = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => this.#take(socket, chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#socket === socket) this.#drop();
    });
    return socket;
  }

  #take(socket: Socket, chunk: string): void {
    if (this.#socket !== socket) return;
    this.#buffered += chunk;
    const end = this.#buffered.indexOf('\n');
    if (end < 0) {
      if (this.#buffered.length > LINE_CHARS_MAX) this.#drop();
      return;
    }
    const line = this.#buffered.slice(0, end);
    this.#buffered = this.#buffered.slice(end + 1);
    this.#answer?.(JSON.parse(line) as ControlAnswer);
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#buffered = '';
    socket?.destroy();
    this.#answer?.(null);
  }
}
