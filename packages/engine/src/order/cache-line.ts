/** A line of the processor's cache: 64 octets, as 32-bit words. */
export const LINE_WORDS = 16;

/**
 * How far into a buffer its first cache line starts: large blocks are mapped on their own, and glibc hands them out 16 octets behind the page.
 * Where an allocator does otherwise, lines are straddled and everything is a little slower, nothing else.
 */
export const LINE_START_BYTES = 48;
