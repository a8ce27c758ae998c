import type {WireMessage} from '@tandem/zmtp';

/**
 * Which copy of a publication is kept when several subscribers get it through one tap: that of the subscriber who came first among those that want its topic.
 * So every publication that anybody gets is kept once, whatever each of them subscribed to.
 */
export class PublicationChoice {
  /** what each subscriber wants, by connection, in the order in which they came; topics as latin1 with how often they were asked for */
  readonly #subscribers = new Map<number, Map<string, number>>();
  /** of the longest topic that anybody wanted */
  #topicBytesMax = 0;

  /** subscribers at present */
  get size(): number {
    return this.#subscribers.size;
  }

  join(connection: number): void {
    this.#subscribers.set(connection, new Map());
  }

  /** True when another subscriber gets what this one got: between its last copy and the other's first nothing is known. */
  leave(connection: number): boolean {
    const wasShared = this.#isSharedByLater(connection, [...this.#subscribers.get(connection)?.keys() ?? []]);
    this.#subscribers.delete(connection);
    return wasShared;
  }

  /** True when from now on the copies of another subscriber count for this topic, or no longer: around the change nothing is known. */
  subscribe(connection: number, topicOctets: Uint8Array, isCancel: boolean): boolean {
    const topics = this.#subscribers.get(connection);
    if (topics === undefined) return false;
    const topic = Buffer.from(topicOctets).toString('latin1');
    this.#topicBytesMax = Math.max(this.#topicBytesMax, topic.length);
    const count = topics.get(topic) ?? 0;
    const next = Math.max(0, count + (isCancel ? -1 : 1));
    if (next > 0) topics.set(topic, next);
    else topics.delete(topic);
    // the publisher sends by topic, not by how often it was asked for
    return (count > 0) !== (next > 0) && this.#isSharedByLater(connection, [topic]);
  }

  isKept(connection: number, message: WireMessage): boolean {
    if (this.#subscribers.size <= 1) return true;
    let topic: string | null = null;
    for (const [earlier, topics] of this.#subscribers) {
      if (earlier === connection) return true;
      topic ??= this.#topicOf(message);
      for (const wanted of topics.keys()) if (topic.startsWith(wanted)) return false;
    }
    return true;
  }

  /** Whether all of what it gets counts, some of it, or nothing. */
  share(connection: number): 'all' | 'some' | 'none' {
    const wanted = [...this.#subscribers.get(connection)?.keys() ?? []];
    let share: 'all' | 'some' = 'all';
    for (const [earlier, topics] of this.#subscribers) {
      if (earlier === connection) break;
      const has = [...topics.keys()];
      if (wanted.every((topic) => has.some((other) => topic.startsWith(other)))) return 'none';
      if (wanted.some((topic) => has.some((other) => other.startsWith(topic) || topic.startsWith(other)))) share = 'some';
    }
    return share;
  }

  /** As much of it as decides. */
  #topicOf(message: WireMessage): string {
    if (message.partCount === 0) return '';
    const {buffer, byteOffset, length} = message.part(0);
    return Buffer.from(buffer, byteOffset, Math.min(length, this.#topicBytesMax)).toString('latin1');
  }

  #isSharedByLater(connection: number, topics: readonly string[]): boolean {
    let isLater = false;
    for (const [other, wanted] of this.#subscribers) {
      if (isLater && [...wanted.keys()].some((one) => topics.some((topic) => one.startsWith(topic) || topic.startsWith(one)))) return true;
      if (other === connection) isLater = true;
    }
    return false;
  }
}
