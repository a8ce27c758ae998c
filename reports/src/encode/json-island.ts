const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** JSON that may stand inside `<script type="application/json">`: cannot end the element, parses back to the same value. */
export const encodeJsonIsland = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029\u007f-\u009f]/g, escape);
