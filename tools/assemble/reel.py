"""Reels: clips decoded back to back by one decoder, so that a film of forty shots needs no more memory than one of two.

Knows nothing about filters or sound. ffmpeg reads some fifteen frames ahead on every input, and again whenever the
graph turns from one input to another: in vertical HD 50 MB for every shot that is an input of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..ffmpeg import Input
from ..timeline import Clip
from .fitting import Fitted, Fitter

_THREADS = ("-threads", "1")
"""Two threads cost a twelfth more, and memory; one decodes faster than the encoder takes."""


@dataclass(frozen=True)
class Use:
    """Frames of a clip's asset that are shown from the film's frame `at`, under a label of the graph."""

    label: str
    offset: int
    frames: int
    at: int


@dataclass(frozen=True)
class Shown:
    """A clip with everything that is shown of it: its body, and its share of transitions."""

    clip: Clip
    uses: list[Use]

    @property
    def first(self) -> int:
        """The film's frame in which it is first seen."""
        return min(use.at for use in self.uses)

    def fitted(self, fitter: Fitter, overlay: bool = False) -> Fitted:
        """The file that shows all of it."""
        begin = min(use.offset for use in self.uses)
        return fitter.fit(self.clip, begin, max(use.offset + use.frames for use in self.uses), overlay)


@dataclass
class Reel:
    """Files of one set-up, one after another, with what is shown of each."""

    setup: str
    files: list[Fitted] = field(default_factory=list)
    shown: list[list[Use]] = field(default_factory=list)

    def uses(self) -> list[Use]:
        """What is shown, counted in frames of the reel."""
        rows, start = [], 0
        for file, uses in zip(self.files, self.shown, strict=True):
            rows += [replace(use, offset=use.offset - file.first + start) for use in uses]
            start += file.frames
        return rows

    def source(self, scratch: Path, name: str) -> Input:
        """The input: the clip's file, or a script over links with plain names."""
        if len(self.files) == 1:
            return Input(self.files[0].path, _THREADS)
        folder = scratch / name
        folder.mkdir(exist_ok=True)
        lines = ["ffconcat version 1.0"]
        for place, file in enumerate(self.files):
            link = folder / f"{place:04}"
            link.unlink(missing_ok=True)
            link.symlink_to(file.path.resolve())
            lines.append(f"file {link.name}")
        script = folder / "reel.ffconcat"
        script.write_text("\n".join([*lines, ""]), "ascii")
        return Input(script, _THREADS, reel=True)


def reels(shown: Sequence[Shown], fitter: Fitter, overlay: bool = False) -> list[Reel]:
    """One reel for all clips of a kind, in the order in which they are seen.

    A dissolve then holds the end of one clip until the other's beginning comes by.

    Raises:
        ToolFailed: a clip is shorter than what is shown of it.
        Refused: a clip cannot be read.
    """
    rows: list[Reel] = []
    for clip in sorted(shown, key=lambda clip: clip.first):
        file = clip.fitted(fitter, overlay)
        reel = next((reel for reel in rows if reel.setup == file.setup), None)
        if reel is None:
            rows.append(reel := Reel(file.setup))
        reel.files.append(file)
        reel.shown.append(clip.uses)
    return rows
