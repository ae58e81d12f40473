"""Measure a film: every check of criteria.md on the encoded file, from one decode of the picture and one of the sound.

Knows nothing about shots of a plan; what is not known of a foreign file is skipped, never passed.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from . import Check, Inspection, PlacedText, Span, SpokenWord, Verdict
from .atoms import atoms
from .balance import balance_check, stems_of
from .bars import bars_check
from .captions import captions_check
from .container import colour_check, container_check, duration_check, sync_check
from .curves import curves_of
from .facts import Facts, Known, known_of
from .flash import flash_check
from .frames import Picture, Plane, watch
from .ledger import ledger_check
from .light import black_check, freeze_check
from .motion import Flow, Motion, can_flow
from .onset import flash_and_beep
from .reading import burnt_cues
from .reference import reference_check
from .shots import find_cuts, shots_check, shots_of
from .sizes import moving_check, sizes_check
from .sound import hear as hear_sound
from .sound import sound_checks
from .spans import joined
from .speech import pace_check, words_check
from .steady import flicker_check, is_leap, jumps_check, warping_check
from .text import Seen, contrast_check, keeper, kept, moments, safe_area_check
from .timing import cuts_check, timing_check
from .variety import variety_check

NAMES = (
    *("loudness", "peak", "voice_over_music", "silence", "clipping"),
    *("captions", "caption_timing", "caption_cuts", "safe_area", "contrast", "sync"),
    *("shots", "variety", "sizes", "moving", "warping", "flicker", "jumps"),
    *("black", "freeze", "bars", "flash", "colour", "container", "duration", "pace", "words", "ledger", "reference"),
)
"""Every check, in the order of criteria.md."""
_PICTURE = (
    *("safe_area", "contrast", "shots", "variety", "sizes", "moving", "warping", "flicker", "jumps"),
    *("black", "freeze", "bars", "flash", "caption_cuts"),
)
_ORDER: tuple[Verdict, ...] = ("skip", "pass", "warn", "fail")
_BREATH = 0.8
"""Seconds between words that are still one stretch of speech."""
_NEAR = 0.3
"""Seconds by which a cut that is found may be off the plan's: a dissolve has no frame of its own."""

Progress = Callable[[float], None]
Listener = Callable[[Path], Sequence[SpokenWord] | None]
Shots = Sequence[tuple[int, int]]


class Reader(Protocol):
    """Somebody who reads the text burnt into one film."""

    def see(self, luma: Plane) -> None:
        """The next small frame goes by."""
        ...

    def read(self, path: Path, picture: Picture, shots: Shots, progress: Progress) -> Sequence[Seen]:
        """The texts, once every frame has been seen."""
        ...


def _silent(part: float) -> None: ...


@dataclass(frozen=True)
class _View:
    """What was seen in the one decode of the picture."""

    picture: Picture
    shots: Shots
    inner: Sequence[int]
    """Cuts that were found where the plan knows none."""
    motion: Motion | None
    texts: Sequence[Seen]
    boxes: Sequence[PlacedText]


def inspect(
    path: Path,
    facts: Facts = Facts(),  # noqa: B008 - a frozen value
    *,
    hear: Listener | None = None,
    read: Reader | None = None,
    progress: Progress = _silent,
) -> Inspection:
    """Every check, in the order of NAMES, and the curves behind them.

    Args:
        hear: gives the words of a film, None where nothing can listen.
        read: gives the text burnt into a film; a new one for every film.

    Raises:
        Refused: the film, its captions, its stems or its reference cannot be read.
    """
    known = known_of(path, facts)
    sound = hear_sound(path, known.probe, known.platform)
    progress(0.1)
    view = _watch(known, read, progress)
    known = _listened(_with_burnt(known, view), hear)
    stems = stems_of(facts.voice, facts.music) if facts.voice and facts.music else None
    checks = [
        *sound_checks(sound, known.platform, known.planned),
        balance_check(stems, known.speech, known.platform),
        *(_seen(view, known) if view else [_skip(name, _blind(known)) for name in _PICTURE]),
        *_told(known, view),
        *_said(known),
    ]
    progress(1.0)
    return Inspection(
        checks=tuple(sorted(checks, key=lambda check: NAMES.index(check.name))),
        curves=curves_of(sound, view.picture if view else None, view.shots if view else ()),
    )


def worst(checks: Sequence[Check]) -> Verdict:
    """The gravest verdict; skip where nothing was measured."""
    return max((check.verdict for check in checks), key=_ORDER.index, default="skip")


def _watch(known: Known, read: Reader | None, progress: Progress) -> _View | None:
    """Decode the picture once, for everybody who looks at it."""
    video = known.probe.video
    if video is None or not video.frames:
        return None
    flow = Flow() if can_flow() else None
    chosen = moments(known.boxes, video.frames)
    with tempfile.TemporaryDirectory() as folder:
        frames = Path(folder) / "frames.raw"
        picture = watch(
            known.path,
            known.probe,
            extra=keeper(list(chosen), video, frames) if chosen else None,
            follow=[each.see for each in (flow, read) if each],
            progress=lambda part: progress(0.1 + 0.6 * part),
        )
        if picture is None or not picture.frames:
            return None
        texts: Sequence[Seen] = kept(frames, chosen, video) if chosen else ()
    motion = flow.motion() if flow else None
    found = [at for at in find_cuts(picture) if motion is None or not is_leap(motion, at)]
    cuts = found if known.cuts is None else known.cuts
    shots = shots_of(cuts, picture.frames)
    if read and not known.boxes:
        texts = read.read(known.path, picture, shots, lambda part: progress(0.7 + 0.2 * part))
    boxes = known.boxes or tuple(text.box for text in texts)
    near = _NEAR / picture.step
    inner = [at for at in found if all(abs(at - cut) > near for cut in cuts)]
    return _View(picture, shots, inner, motion, texts, boxes)


def _seen(view: _View, known: Known) -> list[Check]:
    picture, shots, profile = view.picture, view.shots, known.platform
    flash, black = flash_check(picture, profile), black_check(picture, profile, known.planned)
    holes = (*flash.spans, *black.spans, *known.planned)
    video = known.probe.video
    assert video is not None
    return [
        safe_area_check(view.boxes, known.layout, video, profile, [each.box for each in view.texts if not each.sure]),
        contrast_check(view.texts, video, profile),
        shots_check(picture, shots, profile, known.cuts is not None),
        variety_check(picture, shots),
        sizes_check(picture, shots, known.scales, profile),
        moving_check(picture, shots, known.moving),
        warping_check(picture, shots, view.motion, profile),
        flicker_check(picture, shots, profile, flash.spans),
        jumps_check(picture, shots, view.motion, view.inner, holes),
        black,
        freeze_check(picture, profile),
        bars_check(picture, shots),
        flash,
        cuts_check(known.cues, [picture.time(first) for first, _ in shots[1:]], profile, known.frame),
    ]


def _told(known: Known, view: _View | None) -> list[Check]:
    """What the container says, and what others do."""
    profile, probe = known.platform, known.probe
    starts = [stream.start for stream in (probe.video, probe.audio) if stream]
    heard = flash_and_beep(known.path, view.picture, min(starts)) if view and probe.audio else None
    return [
        colour_check(probe),
        container_check(probe, atoms(known.path), profile),
        duration_check(probe, profile, known.seconds),
        sync_check(probe, profile, heard),
        ledger_check(known.ledger),
        reference_check(known.path, known.reference, profile),
    ]


def _said(known: Known) -> list[Check]:
    """Captions and words."""
    profile, cues = known.platform, known.cues
    captions = captions_check(cues, profile, known.frame, known.language) if cues else None
    rough = not known.words
    words = known.words or known.heard or ()
    return [
        captions or _skip("captions", "no caption file"),
        timing_check(cues or known.burnt, words, profile, known.frame, rough=rough),
        pace_check(known.script or _text(known.heard), cues, known.speech, profile, known.language),
        words_check(known.script, None if known.heard is None else _text(known.heard), profile, _deaf(known)),
    ]


def _with_burnt(known: Known, view: _View | None) -> Known:
    """Captions that were read in the picture, where none lie beside the film."""
    video = known.probe.video
    if known.cues or known.boxes or view is None or video is None:
        return known
    return replace(known, burnt=burnt_cues(view.texts, video))


def _listened(known: Known, hear: Listener | None) -> Known:
    """Hear the words where somebody can, and there is something to hold them against."""
    wanted = known.script.strip() or ((known.cues or known.burnt) and not known.words)
    if hear is None or not wanted or known.probe.audio is None or not known.language.startswith("en"):
        return known
    heard = hear(known.path)
    if heard is None:
        return known
    speech = joined((Span(start=word.start, end=word.end) for word in heard), _BREATH)
    return replace(known, heard=tuple(heard), speech=known.speech if known.speech is not None else speech)


def _text(words: Sequence[SpokenWord] | None) -> str:
    return " ".join(word.text for word in words or ())


def _deaf(known: Known) -> str:
    if known.probe.audio is None:
        return "the film has no sound"
    if not known.language.startswith("en"):
        return f"the recogniser knows English, not {known.language}"
    return "nobody listened: install the `listen` extra"


def _blind(known: Known) -> str:
    video = known.probe.video
    return "no frame can be decoded" if video and video.frames else "the film has no picture"


def _skip(name: str, reason: str) -> Check:
    return Check(name=name, value=reason, target="", verdict="skip")
