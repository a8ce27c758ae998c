import {html} from '../../encode/html.ts';
import type {Markup} from '../../encode/html.ts';
import type {ChartSize, Frame, Scale} from './chart-frame.ts';

export interface ChartText {
  /** unique in the page, also the key of its cursor data in the data island */
  readonly key: string;
  readonly title: string;
  /** what a person who cannot see the chart should know */
  readonly description: string;
}

/** An SVG with title and description. The scale of x travels along for the cursor. */
export const svgChart = (text: ChartText, place: {size: ChartSize; frame: Frame; x: Scale}, content: Markup): Markup => {
  const {size, frame, x} = place;
  const id = `${text.key}-${size}`;
  return html`<svg class="${size}" viewBox="0 0 ${frame.width} ${frame.height}" role="img" aria-labelledby="${id}-t ${id}-d" data-left="${frame.left}" data-right="${frame.right}" data-kind="${x.kind}" data-from="${x.from}" data-to="${x.to}">
<title id="${id}-t">${text.title}</title><desc id="${id}-d">${text.description}</desc>${content}</svg>`;
};

/** Both sizes of a chart, the line that the cursor writes to, and the numbers as a table that can be unfolded. */
export const chartFigure = (text: ChartText, draw: (size: ChartSize) => Markup, rest: {caption: Markup | null; table: Markup}): Markup => html`
<figure class="chart">
<div class="chart-plot" data-chart="${text.key}" tabindex="0" role="group" aria-label="${text.title}. Left and right arrow keys read single values.">
${draw('wide')}${draw('narrow')}
</div>
<p class="readout" id="${text.key}-readout" aria-live="polite"></p>
${rest.caption === null ? null : html`<figcaption>${rest.caption}</figcaption>`}
<details class="numbers"><summary>Numbers of this chart</summary>${rest.table}</details>
</figure>`;
