/** Narrow screens, paper, forced colours. */
export const MEDIA_STYLE = `
@media screen and (max-width:860px){
.page{padding:0 20px}
.pair,.rate-row,.sentence{grid-template-columns:1fr}
.sentence{gap:32px}
.figures{grid-template-columns:1fr 1fr}
.figures>div{padding:16px 12px 20px 0}.figures>div+div{padding-left:0;border-left:0}
.figures>div:nth-child(even){padding-left:16px;border-left:1px solid var(--line)}
.figures>div:nth-child(n+3){border-top:1px solid var(--line)}
.counters{grid-template-columns:repeat(3,1fr);row-gap:8px}
.stacked thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.stacked,.stacked tbody,.stacked tr,.stacked th,.stacked td{display:block;width:auto}
.stacked tr{padding:14px 0;border-bottom:1px solid var(--line)}
.stacked tbody tr:first-child{border-top:1px solid var(--strong)}
.stacked th[scope=row],.stacked td{border:0;padding:0;width:auto!important}
.stacked th[scope=row]{margin-bottom:6px;text-align:left}
.stacked td[data-label]{display:grid;grid-template-columns:112px minmax(0,1fr);gap:0 12px;padding:2px 0;text-align:left;white-space:normal}
.stacked td[data-label]::before{content:attr(data-label);color:var(--soft);font-size:14px;font-weight:400}
.stacked td[data-label]:empty,.stacked td.blank{display:none}
.stacked td>*{grid-column:2;justify-self:start}.stacked td>.margin{justify-self:stretch}
.gates th[scope=row]{display:flex!important;flex-wrap:wrap;gap:0 12px;justify-content:space-between;align-items:baseline}
.dry{flex-basis:100%}
}
@media screen and (max-width:640px){
main>section{padding-top:56px}
h2{font-size:25px}
.migration{margin-top:30px;font-size:16px}
h1{font-size:46px;gap:12px}h1 .mark{width:40px;height:40px}
.summary{font-size:19px}
.figures{margin-top:28px}.figures .value{font-size:29px}
.rate-figure{font-size:42px}
.chart-plot svg.wide{display:none}.chart-plot svg.narrow{display:block}
.cause summary{grid-template-columns:18px 1fr auto;gap:0 10px}
.cause-body{padding-left:0}
.side{grid-template-columns:1fr;gap:0;padding:5px 0}
.example{padding:12px 14px}
.facts>div{grid-template-columns:1fr;gap:0}
.counters{grid-template-columns:1fr 1fr}
.readout{margin:4px 0 0}
.toggle{display:flex}.toggle label{flex:1;text-align:center;padding:6px 8px}
.filter{width:100%}.filter input{flex:1;width:auto;min-width:0}
pre{white-space:pre-wrap;overflow-wrap:anywhere}
.sections .page{gap:4px 18px}
}
@media print{
@page{size:A4;margin:14mm 13mm}
:root{color-scheme:light;--paper:#fff;--surface:#fff;--ink:#15181c;--soft:#4c535c;--line:#dedbd5;--strong:#aaa69e;
--legacy:#b35900;--candidate:#0072b2;--twin:#6b7078;--mark:#fdeac2;--mark-ink:#15181c;
--good:#00695c;--good-tint:#e4f2ef;--bad:#b3261e;--bad-tint:#fbe9e6;--warn:#7a5600;--warn-tint:#faf0d7;--none:#565d67;--none-tint:#efedea}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{font-size:10pt}
.page{padding:0;max-width:none}
.hero{border:0;border-radius:3mm;padding:0 6mm}
.sections,.js-only,.toggle,.toggle-host>input,.readout,dialog,.skip{display:none!important}
.migration{margin-top:9mm}h1{font-size:40pt}h1 .mark{width:32pt;height:32pt}
.summary{font-size:14pt}h2{font-size:17pt}h3{font-size:12pt;margin:8mm 0 3mm}
.figures{grid-template-columns:repeat(4,1fr);margin-top:8mm}.figures .value{font-size:21pt}
.figures>div{padding:3mm 3mm 4mm 0}.figures>div+div{padding-left:3mm;border-left:1px solid var(--line);border-top:0}
.figures .detail,.figures .state,.figures dt{font-size:9pt}
.sentence{grid-template-columns:3fr 2fr;padding-top:6mm!important}
.quote p:not(.kicker),.savings p:not(.kicker){font-size:10pt}
main>section{padding-top:11mm}.section-head{margin-bottom:5mm}
table,.facts>div,details.numbers,details.numbers table{font-size:9pt}
th,td{padding-top:1.6mm;padding-bottom:1.6mm;padding-right:3mm}
thead{display:table-header-group}.source,td .range,.dry{font-size:8pt}.gates .gate-id{font-size:7.6pt}.gates .outcome,.note,figcaption,.cause-facts,.example-head,.cause-line,.field,.side code{font-size:8.5pt}
.margin .bar{width:22mm}.margin-bar{width:18mm}.example{padding:2.5mm 4mm;margin-bottom:2.5mm}.cause summary{padding:2.5mm 0}.cause-body{padding-bottom:3mm}
.rate-figure{font-size:28pt}.term b{font-size:13pt}.counter b{font-size:15pt}.counter span{font-size:8pt}.count-bars{margin-top:5mm}.quantiles{margin-top:5mm}
.panel{display:block}.panel h3{display:block}.panel .lead{margin:1mm 0 3mm}.panel+.panel{margin-top:8mm}
.chart-plot svg.wide{display:block}.chart-plot svg.narrow{display:none}
details::details-content{content-visibility:visible;height:auto}
.counters{grid-template-columns:repeat(6,1fr)}
.pair{grid-template-columns:1fr 1fr;gap:0 8mm}.rate-row{grid-template-columns:1fr 2fr}
h2,h3,.section-head,summary,.kicker{break-after:avoid}
tr,.chart-plot,.example,.cause summary,.equation,.counters,.rate-row,.count-bars,.facts>div{break-inside:avoid}
.lead,.toggle-host h3{break-after:avoid}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:8.5pt}
footer{padding-top:8mm!important;padding-bottom:0!important}
}
@media(forced-colors:active){
.line,.whisker,.bracket,.axis,.cursor path,.machine-gap{stroke:CanvasText}
.tick,.axis-name,.lane-name,.bracket-name,.machine-gap-name{fill:CanvasText;stroke:none}
.mark .shape,.bar-fill,.kept,.broken,.end,.event,[class^=fill-]{fill:CanvasText}.mark .sign{stroke:Canvas!important}
.bar-track{fill:GrayText}.limit{stroke:Highlight}
mark{background:Mark;color:MarkText;forced-color-adjust:none}
.toggle label{border:1px solid transparent}
#kind-response:checked~.toggle label[for=kind-response],#kind-service:checked~.toggle label[for=kind-service]{background:Highlight;color:HighlightText;forced-color-adjust:none}
}
@media(prefers-contrast:more){:root{--soft:var(--ink);--line:var(--soft);--strong:var(--ink)}}
`;
