/** What a decoder accepts at most; beyond it a message is malformed. */
export interface JsonLimits {
  readonly messageBytesMax: number;
  /** nesting of arrays and objects */
  readonly depthMax: number;
  /** keys of one object */
  readonly keysMax: number;
  /** UTF-8 bytes of one string token, quotes left out */
  readonly stringBytesMax: number;
}

/** The limits for everything that a lane or a capture says. */
export const JSON_LIMITS: JsonLimits = {
  messageBytesMax: 1024 * 1024,
  depthMax: 64,
  keysMax: 10_000,
  stringBytesMax: 256 * 1024,
};
