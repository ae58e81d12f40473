"""The picture as one filter graph: clips, gaps and transitions joined end to end, overlays on them, captions on top.

Knows nothing about sound or encoders. Clips that already have the film's size and rate pass untouched.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from ..errors import ToolFailed
from ..ffmpeg import Input
from ..fonts import fonts_dir, named
from ..media import Asset
from ..timeline import Clip, Place, Segment, Timeline, Track, segments
from .filters import BT709, clocked, ground, quoted
from .fitting import Fitter
from .overlays import Layer, Piece, changed, laid
from .reel import Reel, Shown, Use, reels
from .sheet import families, frame_clock
from .transitions import Change, blended


@dataclass
class Picture:
    """Inputs and the graph that makes [v] of them."""

    inputs: list[Input] = field(default_factory=list)
    chains: list[str] = field(default_factory=list)

    @property
    def graph(self) -> str:
        """The -filter_complex text."""
        return ";".join(self.chains)


@dataclass(frozen=True)
class Burned:
    """A script of ours on the frame clock (sheet.py), the folder of its fonts, and its frame that is the first here."""

    script: Path
    fonts: Path
    lead: int = 0

    @classmethod
    def write(cls, script: str, lead: int, scratch: Path) -> "Burned":
        """Lay a script into `scratch` and find the fonts that it names."""
        path = scratch / "burned.ass"
        path.write_text(script, "utf-8")
        return cls(path, fonts_dir(named(name) for name in families(script)), lead)

    def filters(self, rate: Fraction) -> str:
        """Burn on the frame clock, then go back to the film's."""
        drawn = f"ass=filename={quoted(self.script)}:fontsdir={quoted(self.fonts)}:shaping=complex"
        return f"{frame_clock(self.lead)},{drawn},{clocked(rate)}"


def compose(
    timeline: Timeline,
    assets: Mapping[str, Asset],
    paths: Mapping[str, Path],
    scratch: Path,
    burned: Burned | None = None,
    cancelled: Callable[[], bool] | None = None,
    under: str = "black",
) -> Picture:
    """The graph of a timeline's picture. Clips that are not as the film is are fitted first, into `scratch`.

    Args:
        burned: the captions of these frames.
        under: the colour of gaps.

    Raises:
        ToolFailed: a clip needs frames that its asset does not have, or a transition does not fit.
        Refused: a clip cannot be read.
    """
    track = timeline.track("video")
    rows = _rows(track) if track else []
    if not rows:
        raise ToolFailed("The timeline has no picture.", "Give it a video track with at least one clip or gap.")
    weaver = _Weaver(timeline, Fitter(timeline, assets, paths, scratch, cancelled), scratch, under)
    labels = weaver.film(rows)
    layers = [
        layer
        for number, over in enumerate(timeline.tracks_of("overlay"))
        for layer in weaver.layers(_rows(over), f"o{number}")
    ]
    picture = weaver.picture
    if layers:
        film = [Piece(label, row.start, row.start + row.frames) for label, row in zip(labels, rows, strict=True)]
        labels, chains = laid(film, layers, timeline.size, timeline.rate)
        picture.chains += chains
    joined = "".join(f"[{label}]" for label in labels)
    tail = f"concat=n={len(labels)}:v=1:a=0" if len(labels) > 1 else "null"
    if burned is not None:
        tail += f",{burned.filters(timeline.rate)}"
    picture.chains.append(f"{joined}{tail},format=yuv420p,{BT709}[v]")
    return picture


def _rows(track: Track) -> list[Segment]:
    try:
        return segments(track)
    except ValueError as error:
        raise ToolFailed(
            f"The timeline cannot be cut: {error}.", "Shorten the transition or lengthen the clip."
        ) from None


class _Weaver:
    """Lays tracks into one graph."""

    def __init__(self, timeline: Timeline, fitter: Fitter, scratch: Path, under: str) -> None:
        self.picture = Picture()
        self._line, self._fitter, self._scratch, self._under = timeline, fitter, scratch, under

    def film(self, rows: Sequence[Segment]) -> list[str]:
        """The main track: a label for every row."""
        shown: dict[int, Shown] = {}
        for number, row in enumerate(rows):
            if row.transition is None:
                self._side(row.item, row.clip, Use(f"s{number}", row.offset, row.frames, row.start), shown)
                continue
            self._side(row.item, row.clip, Use(f"a{number}", row.offset, row.frames, row.start), shown)
            self._side(row.over_item, row.over, Use(f"b{number}", row.over_offset, row.frames, row.start), shown)
            sides = f"a{number}", f"b{number}", f"s{number}"
            self.picture.chains += blended(Change(row.transition, *sides, self._line.size, self._line.rate))
        self._reels(list(shown.values()), "reel", overlay=False)
        return [f"s{number}" for number in range(len(rows))]

    def layers(self, rows: Sequence[Segment], name: str) -> list[Layer]:
        """An overlay track: a layer for everything that is seen; a gap shows what is below."""
        shown: dict[int, Shown] = {}
        seen: list[tuple[Segment, int, Use, bool]] = []
        for number, row in enumerate(rows):
            sides = ((row.item, row.clip, row.offset, False), (row.over_item, row.over, row.over_offset, True))
            for item, clip, offset, coming in sides:
                frames = min(row.frames, self._line.frames - row.start)
                if clip is not None and frames > 0:
                    use = Use(f"{name}{'y' if coming else 'x'}{number}", offset, frames, row.start)
                    shown.setdefault(item, Shown(clip, [])).uses.append(use)
                    seen.append((row, item, use, coming))
        made = self._reels(list(shown.values()), f"{name}reel", overlay=True)
        return [self._layer(row, shown[item].clip, use, made[use.label], coming) for row, item, use, coming in seen]

    def _layer(self, row: Segment, clip: Clip, use: Use, reel: Reel, coming: bool) -> Layer:
        file = reel.files[0]
        layer = Layer(use.label, use.at, use.at + use.frames, file.shape, clip.place or Place(), file.alpha)
        if row.transition is None:
            return layer
        layer, chains = changed(layer, row.transition, self._line.size, self._line.rate, coming)
        self.picture.chains += chains
        return layer

    def _side(self, item: int, clip: Clip | None, use: Use, shown: dict[int, Shown]) -> None:
        if clip is not None:
            shown.setdefault(item, Shown(clip, [])).uses.append(use)
            return
        size = self._line.size
        empty = ground(self._under, size.width, size.height, self._line.rate, use.frames)
        self.picture.chains.append(f"{empty}[{use.label}]")

    def _reels(self, shown: list[Shown], name: str, overlay: bool) -> dict[str, Reel]:
        """Cut what is shown out of reels; the reel that each label comes from."""
        made: dict[str, Reel] = {}
        for reel in reels(shown, self._fitter, overlay):
            number = len(self.picture.inputs)
            self.picture.inputs.append(reel.source(self._scratch, f"{name}{number}"))
            self._cuts(reel, number)
            made |= {use.label: reel for use in reel.uses()}
        return made

    def _cuts(self, reel: Reel, number: int) -> None:
        rate, uses = self._line.rate, reel.uses()
        chain = f"[{number}:v]setsar=1,{BT709},{clocked(rate)}"
        if len(uses) == 1:
            self.picture.chains.append(f"{chain},{_cut(uses[0], rate)}[{uses[0].label}]")
            return
        labels = [f"c{number}x{part}" for part in range(len(uses))]
        self.picture.chains.append(f"{chain},split={len(uses)}" + "".join(f"[{label}]" for label in labels))
        for label, use in zip(labels, uses, strict=True):
            self.picture.chains.append(f"[{label}]{_cut(use, rate)}[{use.label}]")


def _cut(use: Use, rate: Fraction) -> str:
    return f"trim=start_frame={use.offset}:end_frame={use.offset + use.frames},{clocked(rate)}"
