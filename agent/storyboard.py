"""The storyboard: one HTML page that opens from disk, a card for each shot."""

from collections.abc import Mapping
from fractions import Fraction
from html import escape

from ..tools.media import Asset, seconds_of
from .bridges import lead
from .footage import picked
from .model import Critique, Film, Pick, Script, Shot, Sound, Take

_SOURCES = {"own": "your own file", "code": "drawn by a program, rendered"}
_STYLE = """
:root{color-scheme:light dark;--ink:#1c1b19;--soft:#6d6a64;--ground:#f6f4ef;--card:#fff;--line:#e4e0d7;
--good:#1d7a46;--warn:#9a6200;--fail:#b3261e}
@media(prefers-color-scheme:dark){:root{--ink:#f1efe9;--soft:#a5a199;--ground:#161513;--card:#201f1c;--line:#34322d;
--good:#6fd39a;--warn:#f0b959;--fail:#ff8a80}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);
font:16px/1.5 Inter,system-ui,sans-serif}main{max-width:1200px;margin:0 auto;padding:40px 24px 80px}
h1{font-size:34px;line-height:1.15;margin:0 0 6px;letter-spacing:-.02em}p{margin:0 0 8px}.soft{color:var(--soft)}
.board{display:grid;grid-template-columns:repeat(auto-fill,minmax(220px,1fr));gap:20px;margin:28px 0 44px;
align-items:start}
figure{margin:0;background:var(--card);border:1px solid var(--line);border-radius:14px;overflow:hidden}
details{margin-top:8px;font-size:13px;line-height:1.4}summary{cursor:pointer;color:var(--soft)}
ol{margin:8px 0 0;padding:0;list-style:none;counter-reset:pick}
li{counter-increment:pick;display:grid;grid-template-columns:1.3em 1fr auto;gap:0 4px;padding:5px 0;
border-top:1px solid var(--line)}
li::before{content:counter(pick);color:var(--soft)}li b{font-weight:600}li span{overflow-wrap:anywhere}
li em{grid-column:2/4;font-style:normal;color:var(--soft)}li i{font-style:normal;font-variant-numeric:tabular-nums}
figure img{display:block;width:100%;background:#000}figcaption{padding:12px 14px 16px}
.time{font-variant-numeric:tabular-nums;font-size:13px;color:var(--soft);display:flex;justify-content:space-between}
table{border-collapse:collapse;width:100%;background:var(--card);border:1px solid var(--line);border-radius:14px}
td,th{padding:9px 14px;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
.pass{color:var(--good)}.warn{color:var(--warn)}.fail{color:var(--fail)}.skip{color:var(--soft)}
"""


def storyboard(
    film: Film,
    script: Script,
    shots: tuple[Shot, ...],
    sound: Mapping[str, Sound],
    critique: Critique,
    thumbs: Mapping[str, str],
    between: Mapping[str, Asset],
) -> str:
    """The page: pictures (data URIs), lines, sources, times and scores.

    Args:
        between: generated transitions by the shot that each leads to.
        thumbs: by shot id, and by `to` and that shot for what lies between.
    """
    timeline = film.timeline
    length = seconds_of(timeline.frames, timeline.rate)
    summary = f"{length:.1f} s · {timeline.size} · {len(shots)} shots · {escape(critique.verdict)}"
    short = "".join(f"<p class=warn>{escape(text)}</p>" for text in (*film.degraded, *film.short))
    return (
        f"<!doctype html><html lang={escape(script.language)}><meta charset=utf-8>"
        f"<meta name=viewport content='width=device-width'><title>{escape(film.title)}: storyboard</title>"
        f"<style>{_STYLE}</style><main><h1>{escape(film.title)}</h1><p class=soft>{summary}</p>{short}"
        f"<div class=board>{_cards(film, script, shots, thumbs, between)}</div>{_scores(critique)}</main></html>"
    )


def _cards(
    film: Film, script: Script, shots: tuple[Shot, ...], thumbs: Mapping[str, str], between: Mapping[str, Asset]
) -> str:
    texts = {line.id: line.text for line in script.lines}
    weighed = any(shot.source != "motion" or shot.candidates for shot in shots)
    cards, cursor = [], 0
    for number, shot in enumerate(shots, 1):
        begin = seconds_of(cursor, film.timeline.rate)
        if shot.id in between:
            cards.append(_bridge(number, cursor, between[shot.id], film.timeline.rate, thumbs.get(f"to {shot.id}")))
        cursor += shot.frames
        words = " ".join(texts[line] for line in shot.lines).split()
        said = " ".join(words[slice(*shot.words)] if shot.words != (0, 0) else words) or shot.card.headline
        take = film.takes.get(shot.id)
        drawn = f"motion graphics, rendered: {shot.layout} on {shot.motif}"
        source = _footage(shot) or _SOURCES.get(shot.source, drawn)
        if take and take.asset and take.tool.startswith(("video.generate", "video.motion")):
            source = take.asset.origin.partition("\n")[0].partition("; fonts")[0]
        score = f" · score {take.score:.2f}" if take and take.score is not None else ""
        tries = f" · take {take.attempt + 1}" if take and take.attempt else ""
        picture = f"<img alt='' src='{thumbs[shot.id]}'>" if shot.id in thumbs else ""
        cards.append(
            f"<figure>{picture}<figcaption><div class=time><span>{number}</span>"
            f"<span>{begin:.1f} to {seconds_of(cursor, film.timeline.rate):.1f} s</span></div>"
            f"<p>{escape(said)}</p><p class='soft'><small>{escape(source + score + tries)}</small></p>"
            f"{_chosen(shot, take) if weighed else ''}{_weighed(shot)}</figcaption></figure>"
        )
    return "".join(cards)


def _bridge(number: int, cut: int, asset: Asset, rate: Fraction, thumb: str | None) -> str:
    """The generated transition to shot `number`, which covers what stands on both sides of the cut."""
    frames = asset.frames or 0
    begin = cut - lead(frames)
    picture = f"<img alt='' src='{thumb}'>" if thumb else ""
    told = f"transition, {asset.origin.partition(chr(10))[0]}"
    return (
        f"<figure>{picture}<figcaption><div class=time><span>{number - 1} to {number}</span>"
        f"<span>{seconds_of(begin, rate):.1f} to {seconds_of(begin + frames, rate):.1f} s</span></div>"
        f"<p class=soft><small>{escape(told)}</small></p></figcaption></figure>"
    )


def _footage(shot: Shot) -> str:
    """Whose footage is shown, and under which licence; empty where none is."""
    pick = picked(shot) if shot.source == "stock" else None
    if pick is None:
        return ""
    by = f" by {pick.segment.author}" if pick.segment.author else ""
    return f"footage{by}, licence {pick.segment.licence} · match {pick.score:.2f}"


def _chosen(shot: Shot, take: Take | None) -> str:
    """Why the picture comes from where it does, and how a video model made it."""
    rows = [escape(f"{shot.why[0].upper()}{shot.why[1:]}.")] if shot.why else []
    making = take.making if take else None
    if making is not None:
        facts = [making.model, f"preset {making.preset}", f"{making.steps} steps"]
        facts += [f"{making.seconds:.1f} s"] if making.seconds else []
        facts += [f"{making.memory / 1024**3:.1f} GB"] if making.memory else []
        rows.append(("<b class=warn>Draft</b>: " if making.draft else "") + escape(", ".join(facts)))
    return "".join(f"<p class=soft><small>{row}</small></p>" for row in rows)


def _weighed(shot: Shot) -> str:
    """The footage that was weighed by its number, with score and query; open where a person may want to change it."""
    if not shot.candidates:
        return ""
    rows, query = [], ""
    for pick in shot.candidates:
        title = f"<b>{escape(title_of(pick))}</b>" if pick.segment.id == shot.chosen else escape(title_of(pick))
        asked = f"<em>“{escape(pick.query)}”</em>" if pick.query != query else ""
        rows.append(f"<li><span>{title}</span><i>{pick.score:.2f}</i>{asked}")
        query = pick.query
    head = f"{len(rows)} weighed" if shot.chosen else "<span class=warn>no footage fits: drawn</span>"
    return f"<details><summary>{head}</summary><ol>{''.join(rows)}</ol></details>"


def title_of(pick: Pick) -> str:
    """What a candidate is called: its caption, its name, or its file; and where in the file it begins."""
    segment = pick.segment
    name = segment.caption or segment.name or segment.place.rsplit("/", 1)[-1]
    return f"{name} at {float(segment.start / segment.rate):.1f} s" if segment.kind == "video" else name


def _scores(critique: Critique) -> str:
    rows = []
    for name, text in critique.scores.items():
        verdict, _, value = text.partition(": ")
        rows.append(f"<tr><td>{escape(name)}<td class={escape(verdict)}>{escape(verdict)}<td>{escape(value)}")
    return f"<table><tr><th>check<th>verdict<th>measured{''.join(rows)}</table>" if rows else ""
