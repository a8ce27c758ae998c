import {visibleLine} from './visible-text.ts';

/** Text that is markup already. Only the `html` tag and `trusted` make it, so nothing else reaches a page unescaped. */
export class Markup {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
  toString(): string {
    return this.source;
  }
}

type HtmlValue = Markup | string | number | null | readonly HtmlValue[];

/** Text for element content and for quoted attributes: no character of it can end either. */
export const escapeHtml = (text: string): string => visibleLine(text).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);

/** For text that this package wrote itself: the style sheet, the script, the escaped data island. Never for data. */
export const trusted = (source: string): Markup => new Markup(source);

const render = (value: HtmlValue): string => {
  if (value === null) return '';
  if (value instanceof Markup) return value.source;
  if (Array.isArray(value)) return value.map(render).join('');
  return escapeHtml(String(value));
};

/** html`<td>${value}</td>`: strings and numbers are escaped, Markup and arrays are joined, null is nothing. */
export const html = (parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Markup =>
  new Markup(parts.map((part, index) => part + (index < values.length ? render(values[index] ?? null) : '')).join(''));
