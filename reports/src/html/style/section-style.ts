/** Parity, latency, charts, counters, canary. */
export const SECTION_STYLE = `
.rate-row{display:grid;grid-template-columns:minmax(250px,1fr) 2fr;gap:24px 56px;align-items:start}
.rate-figure{font-size:52px;line-height:1.1;font-weight:660;letter-spacing:-.035em;white-space:nowrap}
.equation{display:flex;flex-wrap:wrap;align-items:baseline;gap:10px 14px}
.term{display:inline-flex;flex-direction:column}
.term b{font-size:20px;font-weight:620;letter-spacing:-.01em}.term span{font-size:13px;color:var(--soft)}
.op{color:var(--soft);font-size:20px}
.term.broken b,.term.broken span{color:var(--bad)}
.count-bars{margin-top:40px}.count-bars caption{text-align:left;font-size:13px;font-weight:600;color:var(--soft);padding-bottom:8px;border-bottom:1px solid var(--strong)}
.count-bars th,.count-bars td{padding-top:8px;padding-bottom:8px;vertical-align:middle}
.count-bars th{font-family:var(--mono);font-size:14px;font-weight:400;overflow-wrap:anywhere}.count-bars .bar-cell{width:45%}
.events{margin-top:32px}
.causes-head{display:flex;justify-content:space-between;align-items:end;flex-wrap:wrap;gap:8px 24px;margin:48px 0 14px}
.causes-head h3{margin:0}
.filter{display:inline-flex;align-items:center;gap:8px;font-size:14px;color:var(--soft)}
.filter input{font:inherit;color:var(--ink);background:var(--surface);border:1px solid var(--strong);border-radius:7px;padding:6px 10px;width:210px}
.causes{border-top:1px solid var(--strong)}
.cause{border-bottom:1px solid var(--line)}
.cause summary{display:grid;grid-template-columns:28px 1fr auto;gap:0 14px;padding:16px 0;cursor:pointer;list-style:none}
.cause summary::-webkit-details-marker{display:none}
.cause summary:hover .title{text-decoration:underline;text-decoration-thickness:1px;text-underline-offset:4px}
.rank{color:var(--soft);font-weight:600;padding-top:1px}
.cause .title{display:block;font-weight:600;line-height:1.4;text-wrap:pretty}
.cause.benign .title{font-weight:500;color:var(--soft)}
.cause-facts{display:flex;flex-wrap:wrap;gap:2px 14px;font-size:14px;color:var(--soft);margin-top:4px}
.class-tag{font-weight:600;color:var(--ink)}
.cause-count{text-align:right}.cause-count b{display:block;font-size:20px;font-weight:640;line-height:1.2}
.cause-count .soft{font-size:13px}
.cause-body{padding:0 0 24px 42px}
.cause-line{font-size:14px;color:var(--soft);margin-bottom:14px}
.example{border:1px solid var(--line);border-radius:9px;background:var(--surface);padding:14px 18px;margin-bottom:12px}
.example-head{display:flex;flex-wrap:wrap;gap:2px 18px;font-size:13px;color:var(--soft);margin-bottom:8px}
.example-head .mono{color:var(--ink);font-weight:600;font-size:14px}
.field{font-size:14px;margin-bottom:4px}
.side{display:grid;grid-template-columns:84px 1fr;gap:12px;align-items:baseline;padding:3px 0}
.lane-word{font-size:13px;font-weight:600;color:var(--lane)}
.side code{overflow-wrap:anywhere;white-space:pre-wrap;font-size:14px}
mark{background:var(--mark);color:var(--mark-ink);border-radius:3px;padding:1px 2px;font-weight:600;text-decoration:underline;text-decoration-thickness:2px;text-decoration-color:var(--lane);text-underline-offset:3px}
.nothing{color:var(--soft);font-style:italic;font-family:var(--sans)}
.command{font-size:13px;color:var(--soft)}p.command{margin-top:8px}
.toggle{display:inline-flex;border:1px solid var(--strong);border-radius:9px;padding:3px;background:var(--surface)}
.toggle label{padding:6px 16px;border-radius:6px;font-size:14px;font-weight:560;color:var(--soft);cursor:pointer}
#kind-response:checked~.toggle label[for=kind-response],#kind-service:checked~.toggle label[for=kind-service]{background:var(--ink);color:var(--paper)}
#kind-response:focus-visible~.toggle label[for=kind-response],#kind-service:focus-visible~.toggle label[for=kind-service]{outline:2px solid var(--focus);outline-offset:2px}
.toggle-host{position:relative}
.panel{display:none}.panel h3{display:none}.panel .lead{margin:16px 0 22px;max-width:90ch}
#kind-response:checked~.panel.response,#kind-service:checked~.panel.service{display:block}
.quantiles{margin-top:36px}
.floor-mark{font-size:13px;font-weight:600;border:1px dashed var(--soft);border-radius:4px;padding:1px 6px;white-space:nowrap}
.chart{margin-top:4px}
.chart svg{width:100%;height:auto;display:block;overflow:visible}
.chart-plot{border-radius:6px}.chart-plot svg.narrow{display:none}
.grid{stroke:var(--line);fill:none}.axis,.tickmark{stroke:var(--strong);fill:none}
.tick,.axis-name{fill:var(--soft);font:13px var(--sans)}
.narrow .tick,.narrow .axis-name{font-size:12px}
.line{fill:none;stroke:var(--lane);stroke-width:2.5;stroke-linejoin:round;stroke-linecap:round}
.line.thin{stroke-width:2}.band{fill:var(--lane);opacity:.14;stroke:none}.band.twin{opacity:.08}
.line.legacy{stroke-dasharray:8 5;stroke-linecap:butt}.line.twin{stroke-dasharray:1.5 4.5;stroke-width:2}
.whisker{fill:none;stroke:var(--lane);stroke-width:1.2;opacity:.75}
.end{fill:var(--lane)}
.lane-name{fill:var(--lane);font:600 14px var(--sans)}.lane-name.small{font-size:12px}
.bracket{stroke:var(--ink);stroke-width:1.2;fill:none}.bracket-name{fill:var(--ink);font:640 15px var(--sans);paint-order:stroke;stroke:var(--paper);stroke-width:5px;stroke-linejoin:round}
.machine-gap{stroke:var(--soft);stroke-dasharray:1 5;stroke-linecap:round;stroke-width:1.5;fill:none}.machine-gap-name{fill:var(--soft);font:12px var(--sans);paint-order:stroke;stroke:var(--paper);stroke-width:4px}
.cursor path{stroke:var(--ink);stroke-width:1;fill:none}
.readout{min-height:1.6em;font-size:14px;font-weight:560;white-space:pre-wrap;margin:-25px 190px 4px 60px}
figcaption{font-size:14px;color:var(--soft);max-width:84ch}
.owned{fill:var(--candidate);opacity:.12}
.event{stroke:var(--paper);stroke-width:1.5;fill:var(--candidate)}
.event.bad{fill:var(--bad)}.event.warn{fill:var(--warn)}
.event.kill,.event.crash{stroke:var(--bad);stroke-width:3;fill:none}.event.restart{stroke:var(--candidate);stroke-width:3}
.event-word{font-weight:600}.event-word.bad{color:var(--bad)}.event-word.warn{color:var(--warn)}
.counters{display:grid;grid-template-columns:repeat(6,1fr);gap:0 20px;margin-bottom:36px;border-top:1px solid var(--strong)}
.counter{padding:14px 0 0}.counter b{display:block;font-size:26px;line-height:1.25;font-weight:640;letter-spacing:-.02em}
.counter span{display:block;font-size:13px;line-height:1.4;color:var(--soft)}
.counter.some b{color:var(--bad)}.counter.unknown b{color:var(--soft)}
`;
