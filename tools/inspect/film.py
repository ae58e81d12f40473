"""Measure a film: every check of criteria.md on the encoded file, from one decode of the picture and one of the sound.

Knows nothing about shots of a plan; what is not known of a foreign file is skipped, never passed.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import Refused
from ..ffmpeg import probe
from ..media import Size
from ..probe import Probe
from ..profiles import Profile, profile_for
from . import Check, LedgerRow, PlacedText, Span, Verdict
from .atoms import atoms
from .bars import bars_check
from .captions import captions_check
from .container import colour_check, container_check, duration_check, sync_check
from .cues import CaptionCue, Script, read_cues, read_script
from .flash import flash_check
from .frames import Picture, watch
from .ledger import ledger_check
from .light import black_check, freeze_check
from .shots import find_cuts, shots_check, shots_of
from .sound import hear as hear_sound
from .sound import sound_checks
from .speech import pace_check, words_check
from .text import contrast_check, keeper, moments, safe_area_check
from .variety import variety_check

NAMES = (
    *("loudness", "peak", "silence", "clipping", "black", "freeze", "bars", "flash", "colour", "container"),
    *("duration", "sync", "captions", "safe_area", "contrast", "pace", "shots", "variety", "words", "ledger"),
)
"""Every check, in the order of the table."""
_ORDER: tuple[Verdict, ...] = ("skip", "pass", "warn", "fail")


def _silent(part: float) -> None: ...


@dataclass(frozen=True)
class _Known:
    """The film and what is known of it."""

    path: Path
    probe: Probe
    profile: Profile
    boxes: Sequence[PlacedText]
    cues: Sequence[CaptionCue]
    layout: Script | None
    planned: Sequence[Span]


def inspect(
    path: Path,
    *,
    profile: Profile | None = None,
    script: str = "",
    expected_seconds: float | None = None,
    language: str = "en",
    boxes: Sequence[PlacedText] = (),
    captions: Path | None = None,
    cuts: Sequence[int] | None = None,
    speech: Sequence[Span] | None = None,
    ledger: Sequence[LedgerRow] | None = None,
    planned: Sequence[Span] = (),
    hear: Callable[[Path], str | None] | None = None,
    progress: Callable[[float], None] = _silent,
) -> tuple[Check, ...]:
    """Every check, in the order of NAMES.

    Args:
        profile: the platform; by the frame's shape if not given.
        boxes: text on the picture, in pixels and frames of the film.
        captions: an .srt, .vtt or .ass file; one of the film's name beside it if not given.
        cuts: first frames of the shots after the first, where they are known.
        speech: where somebody speaks.
        planned: fades and pauses that are meant.
        hear: gives the words of a film, None where nothing can listen.

    Raises:
        Refused: the film or the captions cannot be read.
    """
    known = _known(path, profile, boxes, captions, planned)
    sound = hear_sound(path, known.probe, known.profile)
    progress(0.1)
    checks = [*sound_checks(sound, known.profile, planned), *_picture_checks(known, cuts, progress)]
    checks += [
        colour_check(known.probe),
        container_check(known.probe, atoms(path), known.profile),
        duration_check(known.probe, known.profile, expected_seconds),
        sync_check(known.probe, known.profile),
        _captions(known, language),
        pace_check(script, known.cues, speech, known.profile, language),
        _words(known, script, language, hear),
        ledger_check(ledger),
    ]
    progress(1.0)
    return tuple(sorted(checks, key=lambda check: NAMES.index(check.name)))


def worst(checks: Sequence[Check]) -> Verdict:
    """The gravest verdict; skip where nothing was measured."""
    return max((check.verdict for check in checks), key=_ORDER.index, default="skip")


def _known(
    path: Path, profile: Profile | None, boxes: Sequence[PlacedText], captions: Path | None, planned: Sequence[Span]
) -> _Known:
    if not path.is_file() or not path.stat().st_size:
        raise Refused(f"{path.name} is empty or not there.", "Export the film again.")
    facts = probe(path)
    video = facts.video
    if video is None and facts.audio is None:
        raise Refused(f"{path.name} holds neither picture nor sound.", "Give a film, such as an MP4 file.")
    if profile is None:
        side = (max(min(n // 2 * 2, 7680), 16) for n in (video.width, video.height)) if video else (1920, 1080)
        width, height = side
        profile = profile_for(Size(width=width, height=height))
    beside = captions or next(
        (each for each in map(path.with_suffix, (".srt", ".vtt", ".ass")) if each.is_file()), None
    )
    cues = read_cues(beside) if beside else ()
    layout = read_script(beside) if beside and beside.suffix == ".ass" else None
    return _Known(path, facts, profile, boxes, cues, layout, planned)


def _picture_checks(known: _Known, cuts: Sequence[int] | None, progress: Callable[[float], None]) -> list[Check]:
    names = ("black", "freeze", "bars", "flash", "safe_area", "contrast", "shots", "variety")
    video = known.probe.video
    if video is None or not video.frames:
        return [_skip(name, "the film has no picture") for name in names]
    texts = moments(known.boxes, video.frames)
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "frames.raw"
        picture = watch(
            known.path,
            known.probe,
            extra=keeper(list(texts), video, kept) if texts else None,
            progress=lambda part: progress(0.1 + 0.8 * part),
        )
        if picture is None or not picture.frames:
            return [_skip(name, "no frame can be decoded") for name in names]
        contrast = contrast_check(kept if texts else None, texts, video, known.profile)
    safe = safe_area_check(known.boxes, known.layout, video, known.profile)
    return [*_seen(picture, known, cuts), safe, contrast]


def _seen(picture: Picture, known: _Known, cuts: Sequence[int] | None) -> list[Check]:
    shots = shots_of(find_cuts(picture) if cuts is None else cuts, picture.frames)
    return [
        black_check(picture, known.profile, known.planned),
        freeze_check(picture, known.profile),
        bars_check(picture, shots),
        flash_check(picture, known.profile),
        shots_check(picture, shots, known.profile, cuts is not None),
        variety_check(picture, shots),
    ]


def _captions(known: _Known, language: str) -> Check:
    if not known.cues:
        return _skip("captions", "no caption file")
    frame = float(1 / known.probe.video.rate) if known.probe.video else 1 / 30
    return captions_check(known.cues, known.profile, frame, language)


def _words(known: _Known, script: str, language: str, hear: Callable[[Path], str | None] | None) -> Check:
    why_not = "nobody listens here: install the `listen` extra"
    if known.probe.audio is None:
        return words_check(script, None, known.profile, "the film has no sound")
    if not language.startswith("en"):
        return words_check(script, None, known.profile, f"the recogniser knows English, not {language}")
    heard = hear(known.path) if hear and script.strip() else None
    return words_check(script, heard, known.profile, why_not)


def _skip(name: str, reason: str) -> Check:
    return Check(name=name, value=reason, target="", verdict="skip")
