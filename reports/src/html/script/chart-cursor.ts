/** The chart cursor: arrow keys and the pointer move it, the line below the chart says what it stands on. */
export const CHART_CURSOR = String.raw`
const laneWords = {legacy: 'legacy', candidate: 'candidate', twin: 'legacy again'};
const charts = {};
for (const curve of report.latencyCurves) charts['latency-' + curve.kind] = {x: 'nines', unit: 'ns', at: curve.inverse, lines: curve.lanes.map(({lane, valuesNs}) => ({name: laneWords[lane], values: valuesNs}))};
const overTime = (series, unit) => {
  const end = Math.max(...series.map(({points}) => points[points.length - 1][0]));
  const at = Array.from({length: 121}, (_, n) => end * n / 120);
  return {x: 'time', unit, at, lines: series.map(({lane, points}) => {
    let next = 0;
    return {name: laneWords[lane], values: at.map((x) => {
      while (next + 1 < points.length && points[next + 1][0] <= x) next++;
      return points[next][1];
    })};
  })};
};
if (report.series && report.series.cores.length > 0) charts.cores = overTime(report.series.cores, 'cores');
if (report.series && report.series.memoryBytes.length > 0) charts.memory = overTime(report.series.memoryBytes, 'bytes');
if (report.canary.length > 0) charts.canary = {x: 'time', unit: 'share', at: report.canary.map((event) => event.tWallMs - report.canaryStartMs), lines: [{name: 'candidate owns', values: report.canary.map((event) => event.share)}]};
for (const plot of document.querySelectorAll('[data-chart]')) {
  const chart = charts[plot.dataset.chart];
  if (!chart || chart.at.length === 0) continue;
  const readout = byId(plot.dataset.chart + '-readout');
  let position = -1;
  const fractionOf = (svg, value) => {
    const from = +svg.dataset.from, to = +svg.dataset.to;
    return svg.dataset.kind === 'log' ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
  };
  const show = (next) => {
    position = Math.max(0, Math.min(chart.at.length - 1, next));
    const x = chart.at[position];
    for (const svg of plot.querySelectorAll('svg')) {
      const left = +svg.dataset.left, right = +svg.dataset.right;
      const at = left + Math.max(0, Math.min(1, fractionOf(svg, x))) * (right - left);
      const cursor = svg.querySelector('.cursor');
      cursor.setAttribute('transform', 'translate(' + at.toFixed(1) + ' 0)');
      cursor.setAttribute('visibility', 'visible');
    }
    const parts = chart.lines.map((line) => line.name + ' ' + (line.values[position] === null ? 'too few samples' : words[chart.unit](line.values[position])));
    readout.textContent = words[chart.x](x) + '   ' + parts.join('   ');
  };
  const hide = () => {
    position = -1;
    for (const cursor of plot.querySelectorAll('.cursor')) cursor.setAttribute('visibility', 'hidden');
    readout.textContent = '';
  };
  plot.addEventListener('keydown', (event) => {
    const step = event.shiftKey ? 10 : 1;
    const next = {ArrowRight: position + step, ArrowLeft: position < 0 ? chart.at.length - 1 : position - step, Home: 0, End: chart.at.length - 1}[event.key];
    if (event.key === 'Escape') hide();
    else if (next === undefined) return;
    else show(next);
    event.preventDefault();
  });
  plot.addEventListener('pointermove', (event) => {
    const svg = [...plot.querySelectorAll('svg')].find((candidate) => candidate.getBoundingClientRect().width > 0);
    if (!svg) return;
    const box = svg.getBoundingClientRect();
    const left = +svg.dataset.left, right = +svg.dataset.right;
    const inside = ((event.clientX - box.left) / box.width * svg.viewBox.baseVal.width - left) / (right - left);
    let best = 0, distance = Infinity;
    chart.at.forEach((value, index) => {
      const away = Math.abs(fractionOf(svg, value) - inside);
      if (away < distance) { best = index; distance = away; }
    });
    show(best);
  });
  plot.addEventListener('pointerleave', hide);
}
`;
