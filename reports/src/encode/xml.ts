import {visibleLine} from './visible-text.ts';

/** Text for XML content and quoted attributes. What XML 1.0 forbids is shown as an escape; CDATA is never used. */
export const encodeXml = (text: string): string => visibleLine(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** The same for text of several lines; line ends stay. */
export const encodeXmlLines = (text: string): string => text.split('\n').map((line) => encodeXml(line)).join('\n');
