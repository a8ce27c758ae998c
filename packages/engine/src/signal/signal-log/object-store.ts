/** Storage of whole objects under names, which are written once and never again. */
export interface ObjectStore {
  /** Writes an object unless the name is taken. @returns was it written? */
  putNew(name: string, octets: Uint8Array): Promise<boolean>;
  /** null when there is none */
  get(name: string): Promise<Uint8Array | null>;
  /** names that begin so, in their order */
  list(prefix: string): Promise<readonly string[]>;
  close(): void;
}
