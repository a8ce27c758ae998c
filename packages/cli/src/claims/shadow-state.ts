/** What the shadow does while live is measured: nothing reads the log; a reader takes 1 ms a message; the harness is stopped (SIGSTOP); it was killed (SIGKILL). */
export const SHADOW_STATES = ['idle', 'slow', 'stopped', 'killed'] as const;
export type ShadowState = (typeof SHADOW_STATES)[number];

export const isShadowState = (text: string): text is ShadowState => (SHADOW_STATES as readonly string[]).includes(text);
