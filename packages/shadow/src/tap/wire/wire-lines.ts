import type {Socket} from 'node:net';

const LINE_BYTES_MAX = 4 * 1024 * 1024;
const WAITING_BYTES_MAX = 256 * 1024;

/** JSON lines over a socket that never makes the writer wait: what a stopped reader does not take is dropped, unless it must be said. */
export class WireLines<In, Out> {
  readonly #socket: Socket;
  #text = '';

  constructor(socket: Socket, onLine: (line: In) => void) {
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      this.#text += chunk;
      if (this.#text.length > LINE_BYTES_MAX) this.#text = '';
      for (let end = this.#text.indexOf('\n'); end >= 0; end = this.#text.indexOf('\n')) {
        const line = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 1);
        onLine(JSON.parse(line) as In);
      }
    });
  }

  say(line: Out, isNeeded = true): void {
    if (this.#socket.destroyed || (!isNeeded && this.#socket.writableLength > 0) || this.#socket.writableLength > WAITING_BYTES_MAX) return;
    this.#socket.write(`${JSON.stringify(line)}\n`);
  }
}
