/** Colours and measures. Text colours keep 4.5:1 and lines 3:1 on their grounds in both schemes. */
export const TOKENS = `
:root{color-scheme:light dark;
--paper:#fbfaf8;--surface:#fff;--ink:#15181c;--soft:#565d67;--line:#e6e3dd;--strong:#c9c5bc;--focus:#0072b2;
--legacy:#b35900;--candidate:#0072b2;--twin:#6b7078;--mark:#fdeac2;--mark-ink:#15181c;
--good:#00695c;--good-tint:#e4f2ef;--bad:#b3261e;--bad-tint:#fbe9e6;--warn:#7a5600;--warn-tint:#faf0d7;--none:#565d67;--none-tint:#efedea;
--sans:ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
--mono:ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media(prefers-color-scheme:dark){:root{
--paper:#0f1113;--surface:#16191c;--ink:#ebe9e4;--soft:#a4abb4;--line:#282c31;--strong:#474d55;--focus:#56b4e9;
--legacy:#e69f00;--candidate:#56b4e9;--twin:#9aa1aa;--mark:#5c4708;--mark-ink:#fff3d2;
--good:#5ccdb9;--good-tint:#0e2b27;--bad:#ff8f80;--bad-tint:#361714;--warn:#edc04f;--warn-tint:#2e2509;--none:#a4abb4;--none-tint:#1e2124}}
.pass{--tone:var(--good);--tint:var(--good-tint)}
.fail{--tone:var(--bad);--tint:var(--bad-tint)}
.inconclusive,.error,.harness-loss{--tone:var(--warn);--tint:var(--warn-tint)}
.no-data{--tone:var(--none);--tint:var(--none-tint)}
.legacy{--lane:var(--legacy)}.candidate{--lane:var(--candidate)}.twin{--lane:var(--twin)}
`;
