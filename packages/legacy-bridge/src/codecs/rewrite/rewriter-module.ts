/** Address of the module whose `rewriterOf` hides values in payloads: for processes that are told it as text. */
export const REWRITER_MODULE = new URL('./rewriter-of.ts', import.meta.url).href;
