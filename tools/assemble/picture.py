"""The picture as one filter graph: bodies of clips, dissolves and gaps joined end to end, captions burned on top.

Knows nothing about sound or encoders. Clips that already have the film's size and rate pass untouched.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from ..errors import ToolFailed
from ..ffmpeg import Input
from ..fonts import fonts_dir, named
from ..media import Asset, Size
from ..timeline import Clip, Fit, Segment, Timeline, segments
from .reel import Reel, Shown, Use, reels
from .sheet import families, frame_clock
from .transitions import BT709, Change, blended, clocked, ground


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
) -> Picture:
    """The graph of a timeline's picture.

    Args:
        burned: the captions of these frames.

    Raises:
        ToolFailed: a clip needs frames that its asset does not have, or a transition does not fit.
    """
    track = timeline.track("video")
    try:
        rows = segments(track) if track else []
    except ValueError as error:
        raise ToolFailed(
            f"The timeline cannot be cut: {error}.", "Shorten the transition or lengthen the clip."
        ) from None
    if not rows:
        raise ToolFailed("The timeline has no picture.", "Give it a video track with at least one clip or gap.")
    picture = Picture()
    shown: dict[int, Shown] = {}
    for number, row in enumerate(rows):
        _segment(picture, row, number, timeline, shown)
    for number, reel in enumerate(reels(list(shown.values()), assets, paths, timeline)):
        picture.inputs.append(reel.source(scratch, number, paths))
        _reel(picture, reel, number, assets, timeline)
    joined = "".join(f"[s{number}]" for number in range(len(rows)))
    tail = f"concat=n={len(rows)}:v=1:a=0" if len(rows) > 1 else "null"
    if burned is not None:
        tail += f",{burned.filters(timeline.rate)}"
    picture.chains.append(f"{joined}{tail},format=yuv420p,{BT709}[v]")
    return picture


def quoted(path: Path) -> str:
    """A path of ours as a filter option: escaped for the option, then for the graph."""
    option = "".join(f"\\{letter}" if letter in "\\':" else letter for letter in str(path.resolve()))
    return "".join(f"\\{letter}" if letter in "\\'[],;" else letter for letter in option)


def _segment(picture: Picture, row: Segment, number: int, timeline: Timeline, shown: dict[int, Shown]) -> None:
    if row.transition is None:
        _side(picture, row.item, row.clip, Use(f"s{number}", row.offset, row.frames, row.start), timeline, shown)
        return
    first, second = (
        Use(f"{side}{number}", offset, row.frames, row.start)
        for side, offset in (("a", row.offset), ("b", row.over_offset))
    )
    _side(picture, row.item, row.clip, first, timeline, shown)
    _side(picture, row.over_item, row.over, second, timeline, shown)
    change = Change(row.transition, f"a{number}", f"b{number}", f"s{number}", timeline.size, timeline.rate)
    picture.chains += blended(change)


def _side(
    picture: Picture, item: int, clip: Clip | None, use: Use, timeline: Timeline, shown: dict[int, Shown]
) -> None:
    if clip is not None:
        shown.setdefault(item, Shown(clip, [])).uses.append(use)
        return
    picture.chains.append(f"{ground('black', timeline.size, timeline.rate, use.frames)}[{use.label}]")


def _reel(picture: Picture, reel: Reel, number: int, assets: Mapping[str, Asset], timeline: Timeline) -> None:
    """Cut what is shown out of a reel."""
    clip = reel.clips[0].clip
    fitted = [] if reel.setup else _fitted(clip, assets[clip.asset], timeline, number)
    chain = ",".join([*fitted, "setsar=1", BT709, clocked(timeline.rate)])
    uses = reel.uses()
    if len(uses) == 1:
        picture.chains.append(f"[{number}:v]{chain},{_cut(uses[0], timeline.rate)}[{uses[0].label}]")
        return
    labels = [f"c{number}x{part}" for part in range(len(uses))]
    picture.chains.append(f"[{number}:v]{chain},split={len(uses)}" + "".join(f"[{label}]" for label in labels))
    for label, use in zip(labels, uses, strict=True):
        picture.chains.append(f"[{label}]{_cut(use, timeline.rate)}[{use.label}]")


def _fitted(clip: Clip, asset: Asset, timeline: Timeline, number: int) -> list[str]:
    """Filters that bring an asset to the film's size and rate; none where it has them."""
    rate = timeline.rate
    filters: list[str] = []
    if asset.kind == "image":
        filters += ["loop=loop=-1:size=1", f"fps={_ratio(rate)}"]
    elif asset.rate != rate:
        filters.append(f"fps={_ratio(rate)}")
    return [*filters, _FITS[clip.fit](timeline.size, number), "format=yuv420p"]


_COLOUR = "out_color_matrix=bt709:out_range=tv"


def _fill(size: Size, number: int) -> str:
    return f"scale={size}:force_original_aspect_ratio=increase:{_COLOUR},crop={size.width}:{size.height}"


def _inside(size: Size) -> str:
    return f"scale={size}:force_original_aspect_ratio=decrease:force_divisible_by=2:{_COLOUR}"


def _letterbox(size: Size, number: int) -> str:
    return f"{_inside(size)},pad={size.width}:{size.height}:(ow-iw)/2:(oh-ih)/2"


def _blur(size: Size, number: int) -> str:
    """On its own blurred self; blurred small, for a blur has nothing fine to lose."""
    small = Size(width=max(16, size.width // 8 * 2), height=max(16, size.height // 8 * 2))
    back = f"[back{number}]{_fill(small, number)},gblur=sigma=8,scale={size}:{_COLOUR}[behind{number}]"
    front = f"[front{number}]{_inside(size)}[before{number}]"
    over = f"[behind{number}][before{number}]overlay=(W-w)/2:(H-h)/2:format=yuv420"
    return f"split[back{number}][front{number}];{back};{front};{over}"


_FITS: dict[Fit, Callable[[Size, int], str]] = {"fill": _fill, "letterbox": _letterbox, "blur": _blur}


def _cut(use: Use, rate: Fraction) -> str:
    return f"trim=start_frame={use.offset}:end_frame={use.offset + use.frames},{clocked(rate)}"


def _ratio(rate: Fraction) -> str:
    return f"{rate.numerator}/{rate.denominator}"
