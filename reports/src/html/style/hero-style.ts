/** First screen: verdict, figures, sentence, gates. */
export const HERO_STYLE = `
.hero{background:var(--tint);border-bottom:1px solid var(--line)}
.masthead{display:flex;justify-content:space-between;gap:8px 24px;flex-wrap:wrap;padding:24px 0 0;font-size:14px;color:var(--soft)}
.brand{display:flex;align-items:center;gap:9px;font-weight:640;color:var(--ink);letter-spacing:-.01em}
.brand svg{width:30px;height:20px}.ring{fill:none;stroke:var(--lane);stroke-width:2.5}
.ring.legacy{stroke-dasharray:4 2.6}
.run-facts{display:flex;flex-wrap:wrap;gap:0 18px}
.migration{font-size:18px;font-weight:560;margin-top:52px}
h1{display:flex;align-items:center;gap:18px;font-size:72px;line-height:1.08;font-weight:700;letter-spacing:-.035em;color:var(--tone);margin:2px 0 14px -3px}
h1 .mark{width:58px;height:58px;flex:none}
.mark{width:17px;height:17px}
.mark .shape{fill:var(--tone)}
.mark .sign{fill:none;stroke:var(--tint);stroke-width:2.6;stroke-linecap:round;stroke-linejoin:round}
.summary{font-size:22px;line-height:1.35;font-weight:500;letter-spacing:-.008em;max-width:58ch;text-wrap:pretty}
.meaning{color:var(--soft);margin-top:8px;max-width:72ch}
.warning{margin-top:20px;border:1.5px solid var(--warn);background:var(--warn-tint);border-radius:8px;padding:12px 16px;max-width:80ch}
.warning p{color:var(--ink)}.warning p+p{margin-top:4px}
.figures{display:grid;grid-template-columns:repeat(4,1fr);margin-top:44px;border-top:1px solid var(--strong)}
.figures>div{padding:18px 20px 30px 0;min-width:0;display:grid;grid-template-rows:auto auto auto 1fr}
.figures>div+div{padding-left:20px;border-left:1px solid var(--line)}
.figures dt{font-size:14px;color:var(--soft)}
.figures .value{font-size:38px;line-height:1.2;font-weight:640;letter-spacing:-.03em;white-space:nowrap}
.figures .value.none{color:var(--soft)}
.figures .detail{font-size:14px;line-height:1.4;min-height:2.8em}
.figures .state{margin-top:8px;font-size:14px;align-self:end}
.no-gate{color:var(--soft)}
.outcome{display:inline-flex;align-items:center;gap:6px;color:var(--tone);font-weight:600;white-space:nowrap}
.outcome .mark{flex:none}
.outcome .mark .sign{stroke:var(--paper)}.mark.inconclusive .sign{stroke-width:3.2}
.sections{position:sticky;top:0;z-index:5;background:var(--paper);border-bottom:1px solid var(--line)}
.sections .page{display:flex;align-items:center;gap:4px 22px;overflow-x:auto;scrollbar-width:none;padding-top:9px;padding-bottom:9px;font-size:14px}
.sections a{text-decoration:none;color:var(--soft);white-space:nowrap;padding:4px 0}
.sections a:hover{color:var(--ink);text-decoration:underline;text-underline-offset:5px}
.sections button{margin-left:auto;flex:none;position:sticky;right:0;padding:2px 11px;border-radius:999px;box-shadow:-14px 0 8px 6px var(--paper),16px 0 0 8px var(--paper)}
.sentence{display:grid;grid-template-columns:3fr 2fr;gap:24px 56px;padding-top:48px!important}
.quote p:not(.kicker),.savings p:not(.kicker){font-size:16px;max-width:62ch}
.quote{position:relative}.quote button{margin-top:12px}
.gates .gate-id{display:block;font-family:var(--mono);font-size:14px;font-weight:560;margin-bottom:2px}
.gates .outcome{font-size:14px}
.gates b{font-weight:620}
.gates th[scope=row]{width:22%}.gates td:nth-child(2){width:16%}.gates td:nth-child(3){width:20%}.gates .why{width:26%}
.dry{display:block;font-size:13px;font-weight:400;color:var(--soft)}
.margin{display:inline-flex;align-items:center;gap:4px 12px;flex-wrap:wrap}
.margin .bar{width:120px}
.margin-bar{width:90px;height:10px;flex:none}
.bar{width:100%;height:6px;display:block}
.bar-track{fill:var(--line)}.bar-fill{fill:var(--soft)}.kept{fill:var(--good)}.broken{fill:var(--bad)}
.limit{stroke:var(--ink);stroke-width:1.5;fill:none}
.fill-legacy{fill:var(--legacy)}.fill-candidate{fill:var(--candidate)}.fill-twin{fill:var(--twin)}
`;
