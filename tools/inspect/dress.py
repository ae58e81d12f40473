"""How the report looks: its style sheet, in light and dark, for phones and desks, and its four signs.

Knows nothing about films.
"""

from . import Verdict

WORDS: dict[Verdict, str] = {"pass": "Pass", "warn": "Warning", "fail": "Fail", "skip": "Not measured"}

_SHAPES: dict[Verdict, str] = {
    "pass": "<circle cx='12' cy='12' r='11'/><path class=cut d='M7 12.4l3.4 3.4L17.2 9'/>",
    "warn": "<path d='M12 1.8 23.2 21.4H.8Z'/><path class=cut d='M12 9v5.4M12 17.6v.2'/>",
    "fail": "<path d='M7.4 1h9.2L23 7.4v9.2L16.6 23H7.4L1 16.6V7.4Z'/>"
    "<path class=cut d='M8.2 8.2l7.6 7.6M15.8 8.2l-7.6 7.6'/>",
    "skip": "<circle cx='12' cy='12' r='11'/><path class=cut d='M7.5 12h9'/>",
}


def sign(verdict: Verdict) -> str:
    """A verdict's own shape, so that it reads without colour; the word stands beside it."""
    return f"<svg class='sign {verdict}' viewBox='0 0 24 24' aria-hidden=true>{_SHAPES[verdict]}</svg>"


def badge(verdict: Verdict) -> str:
    """Shape and word."""
    return f"<span class='badge {verdict}'>{sign(verdict)}{WORDS[verdict]}</span>"


STYLE = """
:root{color-scheme:light dark;--ink:#1c1b19;--soft:#625f59;--ground:#f4f2ed;--card:#fff;--line:#dfdbd2;--plot:#f6f4ef;
--good:#176a3a;--warn:#8a5600;--fail:#b3261e;--skip:#625f59;--curve:#2b5f9e;--area:#2b5f9e26;--speech:#7a6ff0;
--shot:#cfc9bc;--shot2:#e5e1d8;--good-bg:#e6f3ea;--warn-bg:#fbf0da;--fail-bg:#fbe9e7;--skip-bg:#eeebe4}
@media(prefers-color-scheme:dark){:root{--ink:#f1efe9;--soft:#aaa69d;--ground:#141311;--card:#1e1d1a;--line:#35332e;
--plot:#191815;--good:#6fd39a;--warn:#f0b959;--fail:#ff8f85;--skip:#aaa69d;--curve:#86b6f2;--area:#86b6f226;
--speech:#a79df9;--shot:#4a473f;--shot2:#35332d;--good-bg:#14291d;--warn-bg:#2e2412;--fail-bg:#331a18;--skip-bg:#26241f}}
*{box-sizing:border-box}html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);
font:15px/1.5 Inter,system-ui,-apple-system,'Segoe UI',sans-serif}
main{max-width:1160px;margin:0 auto;padding:32px 24px 72px}
h1{font-size:26px;line-height:1.2;margin:0;letter-spacing:-.02em;overflow-wrap:anywhere}
h2{font-size:19px;line-height:1.25;margin:44px 0 14px;letter-spacing:-.01em}h3{font-size:14px;margin:0 0 6px}
p{margin:0}small,.soft{color:var(--soft);font-weight:400;font-size:13px}
.sign{width:1.15em;height:1.15em;flex:none;fill:currentColor}.cut{fill:none;stroke:var(--card);stroke-width:2.6;
stroke-linecap:round;stroke-linejoin:round}
.pass{color:var(--good)}.warn{color:var(--warn)}.fail{color:var(--fail)}.skip{color:var(--skip)}
.badge{display:inline-flex;gap:7px;align-items:center;font-weight:600;white-space:nowrap}
.verdict{display:flex;gap:18px;align-items:center;margin:18px 0 0;padding:20px 22px;border-radius:16px;
border:1px solid currentColor}.verdict .sign{width:44px;height:44px}
.verdict.pass{background:var(--good-bg)}.verdict.warn{background:var(--warn-bg)}
.verdict.fail{background:var(--fail-bg)}
.verdict.skip{background:var(--skip-bg)}.verdict strong{display:block;font-size:22px;line-height:1.2;
letter-spacing:-.01em}
.verdict p{color:var(--ink)}
dl.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:1px;margin:18px 0 0;padding:0;
background:var(--line);border:1px solid var(--line);border-radius:14px;overflow:hidden}
.facts div{background:var(--card);padding:11px 15px}dt{color:var(--soft);font-size:12.5px}
dd{margin:0;font-weight:600;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:18px 20px;margin:0 0 12px}
.card.fault-card{border-left:4px solid currentColor}.card.fault-card>*{color:var(--ink)}
.head{display:flex;flex-wrap:wrap;gap:4px 16px;justify-content:space-between;align-items:baseline}
.head h3{font-size:16px;margin:0}.pair{display:grid;align-content:start;grid-template-columns:auto 1fr;gap:2px 14px;
margin:8px 0 0}
.pair dt{font-size:14px}.pair dd{font-weight:400;font-size:14px}.pair dd.value{font-weight:600}
.body{display:grid;gap:14px 32px}.stills{display:flex;gap:8px;margin:4px 0 0;padding:0;list-style:none}
.stills li{flex:0 1 auto;min-width:0;max-width:132px}
@media(min-width:900px){.body:has(.stills){grid-template-columns:minmax(0,1fr) auto}.stills{justify-content:flex-end}}
figure{margin:0}figure img{display:block;max-height:150px;border-radius:8px;background:#000;max-width:100%;
height:auto;
outline:1px solid var(--line)}
figcaption{font-size:12.5px;color:var(--soft);font-variant-numeric:tabular-nums;margin-top:4px}
.strip{display:flex;gap:2px;margin:0 0 14px;border-radius:8px;overflow:hidden}.strip img{flex:1;min-width:0;
width:100%;display:block;aspect-ratio:var(--shape);object-fit:cover}
.lane{margin:0 0 16px}.plot{position:relative;height:118px;background:var(--plot);border:1px solid var(--line);
border-radius:8px;overflow:hidden}.plot.low{height:34px}.plot svg{position:absolute;inset:0;width:100%;height:100%}
.area{fill:var(--area)}.curve{fill:none;stroke:var(--curve);stroke-width:1.6;stroke-linejoin:round;
vector-effect:non-scaling-stroke}.target{stroke:var(--good);stroke-width:1.6;stroke-dasharray:6 5;
vector-effect:non-scaling-stroke}.speech{fill:var(--speech)}.band{fill:currentColor;opacity:.2}
.shot.even{fill:var(--shot)}.shot.odd{fill:var(--shot2)}
.mark{position:absolute;right:6px;transform:translateY(-50%);font-size:11.5px;color:var(--soft);
background:var(--plot);padding:0 3px;border-radius:3px;line-height:1.3;
font-variant-numeric:tabular-nums}.length{position:absolute;top:50%;transform:translate(-50%,-50%);font-size:12px;
font-variant-numeric:tabular-nums}
.fault{display:grid;grid-template-columns:minmax(0,1fr);margin:0 0 7px}.fault b{font-size:12.5px;font-weight:600;
display:flex;gap:5px;
align-items:center}
.track{position:relative;height:12px;background:var(--plot);border:1px solid var(--line);border-radius:6px;
overflow:hidden}
.bar{position:absolute;top:0;bottom:0;min-width:4px;background:currentColor;border-radius:2px;
box-shadow:-1px 0 var(--plot)}
.fault.warn .bar{background-image:repeating-linear-gradient(135deg,transparent 0 3px,var(--plot) 3px 5px)}
.key-target{display:inline-block;width:20px;border-top:2px dashed var(--good);vertical-align:middle;
margin:0 8px 0 2px}
.key-speech{display:inline-block;width:16px;height:11px;background:var(--speech);border:1px solid var(--line);
vertical-align:-1px}
.ruler{position:relative;height:20px;font-size:12px;color:var(--soft);font-variant-numeric:tabular-nums}
.ruler span{position:absolute;transform:translateX(-50%)}.ruler span:first-child{transform:none}
.ruler .end{left:auto;right:0;transform:none;background:var(--card);padding-left:8px}
table{border-collapse:collapse;width:100%;font-size:14px}th{font-size:12.5px;color:var(--soft);font-weight:500}
td,th{padding:9px 12px 9px 0;text-align:left;border-bottom:1px solid var(--line);vertical-align:top;
overflow-wrap:anywhere}
tbody th{font-size:14px;font-weight:600;color:var(--ink);min-width:9em}tr:last-child>*{border-bottom:0}
td.where{min-width:9em}td.source{color:var(--soft);font-size:13px}.table{padding-block:6px}
footer{margin:40px 0 0;color:var(--soft);font-size:13px}
@media(max-width:720px){main{padding:20px 14px 48px}h1{font-size:21px}.verdict{padding:16px;gap:14px}
.verdict .sign{width:36px;height:36px}.verdict strong{font-size:19px}.card{padding:14px}.strip .spare{display:none}
.ruler .odd{display:none}dl.facts{grid-template-columns:1fr 1fr}
.facts div:last-child:nth-child(odd){grid-column:1/-1}
thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
table,tbody,tr,td,tbody th{display:block;border:0;padding:0}tr{padding:12px 0;border-bottom:1px solid var(--line)}
tr:last-child{border-bottom:0}td[data-name]:not(:empty)::before{content:attr(data-name) ': ';color:var(--soft)}}
@media print{body{background:#fff}.card{break-inside:avoid}}
"""
