"""The report of an inspection: one HTML page that opens anywhere, with the evidence in it.

Knows checks and curves; knows nothing about who made the film.
"""

import base64
import io
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import Refused
from ..ffmpeg import probe
from ..media import Size
from ..probe import Probe, VideoStream
from ..profiles import Profile, profile_for
from . import Check, Inspection, Span, Verdict
from .dress import STYLE, badge, sign
from .plots import Axis, clock, name_of, timeline
from .stills import frames_at

if TYPE_CHECKING:
    from PIL.Image import Image

_STRIP, _WIDE_STRIP = 12, 8
"""Pictures in the strip over the plots, upright ones and wide ones."""
_EACH = 4
"""Pictures that a fault is shown by."""
_MOST = 36
"""Pictures on the page, the strip among them."""
_GRAVITY: tuple[Verdict, ...] = ("fail", "warn", "pass", "skip")
_SAYS: dict[Verdict, str] = {
    "fail": "Not ready to deliver",
    "warn": "Ready, with warnings",
    "pass": "Ready to deliver",
    "skip": "Nothing was measured",
}
_COUNTED: dict[Verdict, tuple[str, str]] = {
    "fail": ("check failed", "checks failed"),
    "warn": ("warning", "warnings"),
    "pass": ("passed", "passed"),
    "skip": ("not measured", "not measured"),
}


def report(
    film: Path,
    inspection: Inspection,
    *,
    title: str = "",
    profile: Profile | None = None,
    speech: Sequence[Span] = (),
) -> str:
    """The page: verdict, facts, faults with pictures of them, curves on one time axis, and every check.

    Args:
        title: instead of the file's name.
        profile: what the film was held against; by its shape if not given.
        speech: where somebody speaks, for the loudness plot.

    Raises:
        Refused: the film cannot be read.
    """
    facts = probe(film)
    platform = profile or _profile(facts.video)
    axis = _axis(facts)
    checks = sorted(inspection.checks, key=lambda check: _GRAVITY.index(check.verdict))
    pictures = _pictures(film, checks, axis, facts.video)
    name = escape(title or film.name)
    graphs = _strip(pictures, axis, facts.video) + timeline(axis, checks, inspection.curves, speech, platform)
    parts = [
        f"<h1>{name}</h1>{_verdict(checks)}{_facts(film, facts, platform)}",
        f"<h2>Over time</h2><div class=card>{graphs}</div>" if graphs else "",
        _faults(checks, pictures, axis),
        _table(checks, axis),
    ]
    return (
        "<!doctype html><html lang=en><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width,initial-scale=1'>"
        f"<title>{name}: report</title><style>{STYLE}</style><main>{''.join(parts)}"
        "<footer>Measured on the encoded file. What is not known of a film is not measured, never passed.</footer>"
        "</main></html>"
    )


def _profile(video: VideoStream | None) -> Profile:
    sides = (video.width, video.height) if video else (1920, 1080)
    width, height = (max(min(side // 2 * 2, 7680), 16) for side in sides)
    return profile_for(Size(width=width, height=height))


def _axis(facts: Probe) -> Axis:
    streams = [stream for stream in (facts.video, facts.audio) if stream]
    start = min((stream.start for stream in streams), default=0.0)
    return Axis(start, max((stream.end for stream in streams), default=start + facts.seconds))


def _verdict(checks: Sequence[Check]) -> str:
    counts = {each: sum(check.verdict == each for check in checks) for each in _GRAVITY}
    worst: Verdict = next((each for each in _GRAVITY if counts[each]), "skip")
    told = ", ".join(f"{count} {_COUNTED[each][count != 1]}" for each, count in counts.items() if count)
    return f"<div class='verdict {worst}'>{sign(worst)}<p><strong>{_SAYS[worst]}</strong>{told}</p></div>"


def _facts(film: Path, facts: Probe, profile: Profile) -> str:
    video, audio = facts.video, facts.audio
    size = film.stat().st_size
    rows = {"Length": clock(_axis(facts).end - _axis(facts).start, 2)}
    if video:
        rate = f"{float(video.rate):.3f}".rstrip("0").rstrip(".")
        rows["Picture"] = f"{video.width} × {video.height}"
        rows["Frames"] = f"{rate} a second" + ("" if video.steady else ", uneven")
        rows["Codec"] = f"{video.codec}, {video.pixels}"
    rows["Sound"] = f"{audio.codec}, {audio.rate / 1000:g} kHz, {_channels(audio.channels)}" if audio else "none"
    rows["File"] = f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"
    rows["Held against"] = f"{profile.name}, {profile.loudness:g} LUFS"
    cells = "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in rows.items())
    return f"<dl class=facts>{cells}</dl>"


def _channels(count: int) -> str:
    return {1: "mono", 2: "stereo"}.get(count, f"{count} channels")


def _faults(checks: Sequence[Check], pictures: Mapping[float, str], axis: Axis) -> str:
    cards = [_card(check, pictures, axis) for check in checks if check.verdict in {"fail", "warn"}]
    return f"<h2>What to look at</h2>{''.join(cards)}" if cards else ""


def _card(check: Check, pictures: Mapping[float, str], axis: Axis) -> str:
    rows = {"measured": ("value", check.value), "wanted": ("", check.target), "source": ("", check.source)}
    pairs = "".join(
        f"<dt>{name}</dt><dd class='{kind}'>{escape(text)}</dd>" for name, (kind, text) in rows.items() if text
    )
    where = _where(check.spans, axis, 8)
    pairs += f"<dt>where</dt><dd>{where}</dd>" if where else ""
    stills = "".join(
        f"<li><figure><img src='{pictures[second]}' alt='The frame at {clock(second - axis.start)}' loading=lazy>"
        f"<figcaption>{clock(second - axis.start)}</figcaption></figure></li>"
        for second in _moments(check)
        if second in pictures
    )
    shown = f"<ul class=stills>{stills}</ul>" if stills else ""
    return (
        f"<article class='card fault-card {check.verdict}'><div class=head><h3>{escape(name_of(check))}</h3>"
        f"{badge(check.verdict)}</div><div class=body><dl class=pair>{pairs}</dl>{shown}</div></article>"
    )


def _where(spans: Sequence[Span], axis: Axis, most: int) -> str:
    told = [_stretch(span, axis) for span in spans[:most]]
    more = len(spans) - most
    return ", ".join(told) + (f" and {more} more" if more > 0 else "")


def _stretch(span: Span, axis: Axis) -> str:
    first, last = clock(span.start - axis.start, 2), clock(span.end - axis.start, 2)
    return first if first == last else f"{first} to {last}"


def _table(checks: Sequence[Check], axis: Axis) -> str:
    names = ["Measured", "Wanted", *(["Where"] if any(check.spans for check in checks) else []), "Source"]
    rows = []
    for check in checks:
        cells = {"Measured": escape(check.value), "Wanted": escape(check.target)}
        cells |= {"Where": _where(check.spans, axis, 3), "Source": escape(check.source)}
        told = "".join(f"<td data-name={name} class={name.lower()}>{cells[name]}</td>" for name in names)
        title = escape(name_of(check))
        rows.append(f"<tr><th scope=row>{title}</th><td>{badge(check.verdict)}</td>{told}</tr>")
    head = "".join(f"<th scope=col>{name}</th>" for name in ("Check", "Verdict", *names))
    return (
        f"<h2>Every check</h2><div class='card table'><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _moments(check: Check) -> list[float]:
    """Seconds at which a fault is looked at: in the middle of its first stretches, or along its only one."""
    if len(check.spans) == 1:
        span = check.spans[0]
        count = min(max(round((span.end - span.start) / 0.7), 1), 3)
        return [round(span.start + (span.end - span.start) * (n + 0.5) / count, 3) for n in range(count)]
    return [round((span.start + span.end) / 2, 3) for span in check.spans[:_EACH]]


def _strip_seconds(axis: Axis, video: VideoStream) -> list[float]:
    count = _WIDE_STRIP if video.width > video.height else _STRIP
    return [round(axis.start + (axis.end - axis.start) * (n + 0.5) / count, 3) for n in range(count)]


def _strip(pictures: Mapping[float, str], axis: Axis, video: VideoStream | None) -> str:
    if video is None or not pictures:
        return ""
    images = "".join(
        f"<img src='{pictures[second]}' alt=''{' class=spare' if number % 2 else ''}>"
        for number, second in enumerate(_strip_seconds(axis, video))
        if second in pictures
    )
    return f"<div class=strip style='--shape:{video.width}/{video.height}'>{images}</div>"


def _pictures(film: Path, checks: Sequence[Check], axis: Axis, video: VideoStream | None) -> dict[float, str]:
    """Data URIs by second: the strip, then the gravest faults, as many as a page should carry."""
    if video is None or not video.frames:
        return {}
    faults = [second for check in checks if check.verdict in {"fail", "warn"} for second in _moments(check)]
    wanted = list(dict.fromkeys([*_strip_seconds(axis, video), *faults]))[:_MOST]
    try:
        frames = frames_at(film, wanted, 240 if video.width > video.height else 160)
    except Refused:  # a damaged film has a report all the same
        return {}
    return {second: _uri(frame) for second, frame in zip(wanted, frames, strict=True)}


def _uri(image: "Image") -> str:
    store = io.BytesIO()
    image.save(store, "JPEG", quality=80, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(store.getvalue()).decode()
