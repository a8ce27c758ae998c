import type {JsonFault, JsonFaultKind} from './json-fault.ts';
import type {JsonLimits} from './json-limits.ts';

/** A cursor over the text of one message. The first fault ends the reading. */
export class TextReader {
  readonly text: string;
  readonly limits: JsonLimits;
  at = 0;
  whitespaceChars = 0;
  escapedKeys = 0;
  fault: JsonFault | null = null;

  constructor(text: string, limits: JsonLimits) {
    this.text = text;
    this.limits = limits;
  }

  /** Notes the fault; running out of text is always `truncated`. */
  fail(kind: JsonFaultKind, at: number = this.at): undefined {
    this.fault ??= {kind: at >= this.text.length && kind !== 'empty' ? 'truncated' : kind, at};
    return undefined;
  }

  skipSpace(): void {
    const from = this.at;
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
      this.at += 1;
    }
    this.whitespaceChars += this.at - from;
  }
}
