"""Reels: clips decoded back to back by one decoder, so that a film of forty shots needs no more memory than one of two.

Knows nothing about filters or sound. ffmpeg reads some fifteen frames ahead on every input, and again whenever the
graph turns from one input to another: in vertical HD 50 MB for every shot that is an input of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from .. import ffmpeg
from ..errors import ToolFailed
from ..ffmpeg import Input
from ..media import Asset
from ..timeline import Clip, Timeline

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
    """A clip with everything that is shown of it: its body, and its share of dissolves."""

    clip: Clip
    uses: list[Use]

    @property
    def first(self) -> int:
        """The film's frame in which it is first seen."""
        return min(use.at for use in self.uses)

    @property
    def needed(self) -> int:
        """Frames that its asset must have."""
        return max(use.offset + use.frames for use in self.uses)


@dataclass
class Reel:
    """Clips one after another. An empty `setup` is a clip of its own kind, to be fitted to the frame."""

    setup: str
    clips: list[Shown] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)

    def uses(self) -> list[Use]:
        """What is shown, counted in frames of the reel."""
        rows, start = [], 0
        for clip, length in zip(self.clips, self.lengths, strict=True):
            rows += [replace(use, offset=use.offset + start) for use in clip.uses]
            start += length
        return rows

    def source(self, scratch: Path, number: int, paths: Mapping[str, Path]) -> Input:
        """The input: the clip's file, or a script over links with plain names."""
        if len(self.clips) == 1:
            return Input(paths[self.clips[0].clip.asset], _THREADS)
        folder = scratch / f"reel{number}"
        folder.mkdir(exist_ok=True)
        lines = ["ffconcat version 1.0"]
        for place, shown in enumerate(self.clips):
            link = folder / f"{place:04}"
            link.unlink(missing_ok=True)
            link.symlink_to(paths[shown.clip.asset].resolve())
            lines.append(f"file {link.name}")
        script = folder / "reel.ffconcat"
        script.write_text("\n".join([*lines, ""]), "ascii")
        return Input(script, _THREADS, reel=True)


def reels(
    shown: Sequence[Shown], assets: Mapping[str, Asset], paths: Mapping[str, Path], timeline: Timeline
) -> list[Reel]:
    """One reel for all clips of a kind, in the order in which they are seen.

    A dissolve then holds the end of one clip until the other's beginning comes by.

    Raises:
        ToolFailed: a clip is shorter than what is shown of it.
    """
    rows: list[Reel] = []
    looked: dict[str, tuple[str, int | None]] = {}
    for clip in sorted(shown, key=lambda clip: clip.first):
        digest = clip.clip.asset
        if digest not in looked:
            looked[digest] = _look(assets[digest], paths[digest], timeline)
        setup, length = looked[digest]
        if length is not None and length < clip.needed:
            raise ToolFailed(
                f"The clip {clip.clip.name or digest[:12]} has {length} frames and the timeline needs {clip.needed}.",
                "Render it with longer handles, or shorten its transition.",
            )
        reel = next((reel for reel in rows if setup and reel.setup == setup), None)
        if reel is None:
            rows.append(reel := Reel(setup))
        reel.clips.append(clip)
        reel.lengths.append(length or 0)
    return rows


def _look(asset: Asset, path: Path, timeline: Timeline) -> tuple[str, int | None]:
    """The set-up of a file that needs no fitting (else empty), and its frames at the film's rate."""
    if asset.kind == "image":
        return "", None
    video = ffmpeg.probe(path).video
    if video is None:
        raise ToolFailed(f"The clip {asset.id[:12]} has no picture.", "Run `reelwright resume` to make it again.")
    size, colours = timeline.size, {video.matrix, video.primaries, video.transfer}
    fits = (
        (video.width, video.height, video.rotation) == (size.width, size.height, 0)
        and (video.rate, video.pixels, video.steady) == (timeline.rate, "yuv420p", True)
        and video.colour_range in ("tv", "")
        and colours <= {"bt709", ""}
    )
    return (video.setup if fits else ""), round(video.frames * timeline.rate / video.rate)
