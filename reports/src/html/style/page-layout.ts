/** Page, type, sections, tables. */
export const PAGE_LAYOUT = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:64px}
@media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 var(--sans);font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.page{max-width:1080px;margin:0 auto;padding:0 32px}
h1,h2,h3,p,dl,dd,ol,ul,figure,pre{margin:0;padding:0}
ol{list-style:none}ul{padding-left:1.2em}
h2{font-size:30px;line-height:1.2;font-weight:640;letter-spacing:-.018em;text-wrap:balance}
h3{font-size:18px;line-height:1.3;font-weight:640;letter-spacing:-.006em;margin:48px 0 16px}
.kicker{font-size:13px;font-weight:600;letter-spacing:.02em;color:var(--soft);margin-bottom:6px}
.lead{color:var(--soft);max-width:68ch;margin-bottom:20px}
.soft{color:var(--soft)}.strong{font-weight:640}
.note{color:var(--soft);font-size:14px;margin-top:14px;max-width:80ch}
code,.mono,pre,kbd{font-family:var(--mono);font-size:.9em}
.break{overflow-wrap:anywhere}
.sr{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-999px}.skip:focus{left:16px;top:12px;z-index:9;background:var(--surface);color:var(--ink);padding:8px 14px;border-radius:6px}
:focus-visible{outline:2px solid var(--focus);outline-offset:3px;border-radius:4px}
a{color:inherit}
main>section{padding:72px 0 0}
.section-head{margin-bottom:28px}
.absent{color:var(--soft);border-left:3px solid var(--strong);padding:4px 0 4px 16px;max-width:68ch}
table{border-collapse:collapse;width:100%;font-size:15px;line-height:1.45}
th,td{text-align:left;vertical-align:top;padding:12px 16px 12px 0;border-bottom:1px solid var(--line);font-weight:400}
th:last-child,td:last-child{padding-right:0}
thead th{font-size:13px;font-weight:600;color:var(--soft);padding-top:0;padding-bottom:8px;border-bottom-color:var(--strong);white-space:nowrap}
tbody th{font-weight:600}
.figure{text-align:right;white-space:nowrap}
td .range{display:block;font-size:13px;font-weight:400;color:var(--soft)}
.source{display:block;font-size:13px;color:var(--soft)}
td .source,.why .source{overflow-wrap:anywhere}
.facts{display:grid;gap:0}
.facts>div{display:grid;grid-template-columns:minmax(130px,2fr) 3fr;gap:4px 20px;padding:9px 0;border-bottom:1px solid var(--line);font-size:15px}
.facts dt{color:var(--soft)}.facts dd{overflow-wrap:anywhere}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:0 56px}
.pair>*{min-width:0}.pair{align-items:start}
.section-head+.pair h3{margin-top:0}
.expired,.broken-word{color:var(--bad);font-weight:600}
button{font:inherit;font-size:14px;font-weight:560;color:var(--ink);background:var(--surface);border:1px solid var(--strong);border-radius:7px;padding:7px 14px;cursor:pointer}
button:hover{border-color:var(--ink)}
kbd{border:1px solid var(--strong);border-bottom-width:2px;border-radius:4px;padding:0 6px;font-size:13px;background:var(--surface)}
.buttons{display:flex;flex-wrap:wrap;gap:10px;margin-top:16px}
#hgrm-buttons{margin-top:0}
html:not([data-rendered]) .js-only{display:none}
html[data-rendered] .no-js{display:none}
pre{overflow-x:auto;padding:16px 18px;background:var(--surface);border:1px solid var(--line);border-radius:8px;line-height:1.7;font-size:14px}
pre code{font-size:1em}
details.numbers{margin-top:14px;font-size:14px}
details.numbers summary{color:var(--soft);cursor:pointer;width:fit-content}
details.numbers table{margin-top:10px;font-size:14px}
details.numbers th,details.numbers td{padding-top:6px;padding-bottom:6px}
footer{color:var(--soft);font-size:14px;padding-top:80px!important;padding-bottom:64px!important}
dialog{border:1px solid var(--strong);border-radius:12px;background:var(--surface);color:var(--ink);padding:28px 32px;max-width:min(560px,92vw)}
dialog h2{font-size:22px;margin-bottom:12px}dialog button{margin-top:20px}
dialog::backdrop{background:rgb(0 0 0/.45)}
`;
