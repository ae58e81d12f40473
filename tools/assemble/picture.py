"""The picture as one filter graph: bodies of clips, dissolves and gaps joined end to end, captions burned on top.

Knows nothing about sound or encoders. Clips that already have the film's size and rate pass untouched.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from ..errors import ToolFailed
from ..ffmpeg import Input
from ..media import Asset, Size
from ..timeline import Clip, Fit, Segment, Timeline, segments

_BT709 = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"


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
class _Use:
    """A stretch of a clip that is shown: which frames of its asset, under which label."""

    label: str
    offset: int
    frames: int


_Uses = dict[int, tuple[Clip, list[_Use]]]
"""What is shown of every item of the track, by its place in it."""


def compose(
    timeline: Timeline, assets: Mapping[str, Asset], paths: Mapping[str, Path], ass: Path | None, fonts: Path | None
) -> Picture:
    """The graph of a timeline's picture.

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
    uses: _Uses = {}
    for number, row in enumerate(rows):
        _segment(picture, row, number, timeline, uses)
    for clip, stretches in uses.values():
        _clip(picture, clip, stretches, timeline, assets, paths)
    joined = "".join(f"[s{number}]" for number in range(len(rows)))
    tail = f"concat=n={len(rows)}:v=1:a=0" if len(rows) > 1 else "null"
    if ass is not None and fonts is not None:
        tail += f",ass=filename={quoted(ass)}:fontsdir={quoted(fonts)}:shaping=complex"
    picture.chains.append(f"{joined}{tail},format=yuv420p,{_BT709}[v]")
    return picture


def quoted(path: Path) -> str:
    """A path of ours as a filter option: escaped for the option, then for the graph."""
    option = "".join(f"\\{letter}" if letter in "\\':" else letter for letter in str(path.resolve()))
    return "".join(f"\\{letter}" if letter in "\\'[],;" else letter for letter in option)


def _segment(picture: Picture, row: Segment, number: int, timeline: Timeline, uses: _Uses) -> None:
    if not row.dissolve:
        _side(picture, row.item, row.clip, _Use(f"s{number}", row.offset, row.frames), timeline, uses)
        return
    _side(picture, row.item, row.clip, _Use(f"a{number}", row.offset, row.frames), timeline, uses)
    _side(picture, row.over_item, row.over, _Use(f"b{number}", row.over_offset, row.frames), timeline, uses)
    length = float(row.frames / timeline.rate)
    # Only these frames are blended: an xfade over the whole film would carry every frame through every filter.
    picture.chains.append(f"[a{number}][b{number}]xfade=transition=fade:duration={length:.6f}:offset=0[s{number}]")


def _side(picture: Picture, item: int, clip: Clip | None, use: _Use, timeline: Timeline, uses: _Uses) -> None:
    if clip is not None:
        uses.setdefault(item, (clip, []))[1].append(use)
        return
    rate, size = timeline.rate, timeline.size
    black = f"color=black:s={size}:r={_ratio(rate)},format=yuv420p,{_BT709},trim=end_frame={use.frames}"
    picture.chains.append(f"{black},{_clocked(rate)}[{use.label}]")


def _clip(
    picture: Picture,
    clip: Clip,
    uses: Sequence[_Use],
    timeline: Timeline,
    assets: Mapping[str, Asset],
    paths: Mapping[str, Path],
) -> None:
    asset = assets[clip.asset]
    _check_length(clip, asset, uses, timeline.rate)
    number = len(picture.inputs)
    # One thread and no look-ahead per decoder: many are open at once, and each thread holds frames.
    picture.inputs.append(Input(paths[clip.asset], ("-threads", "1")))
    chain = ",".join([*_fitted(clip, asset, timeline, number), _clocked(timeline.rate)])
    if len(uses) == 1:
        cut = _cut(uses[0], timeline.rate)
        picture.chains.append(f"[{number}:v]{chain},{cut}[{uses[0].label}]")
        return
    labels = [f"c{number}x{part}" for part in range(len(uses))]
    picture.chains.append(f"[{number}:v]{chain},split={len(uses)}" + "".join(f"[{label}]" for label in labels))
    for label, use in zip(labels, uses, strict=True):
        picture.chains.append(f"[{label}]{_cut(use, timeline.rate)}[{use.label}]")


def _check_length(clip: Clip, asset: Asset, uses: Sequence[_Use], rate: Fraction) -> None:
    needed = max(use.offset + use.frames for use in uses)
    if asset.kind == "image" or asset.frames is None or asset.rate is None:
        return
    has = round(asset.frames * rate / asset.rate)
    if has < needed:
        name = clip.name or clip.asset[:12]
        raise ToolFailed(
            f"The clip {name} has {has} frames and the timeline needs {needed}.",
            "Render it with longer handles, or shorten its transition.",
        )


def _fitted(clip: Clip, asset: Asset, timeline: Timeline, number: int) -> list[str]:
    """Filters that bring an asset to the film's size and rate; none where it has them."""
    rate = timeline.rate
    filters = []
    if asset.kind == "image":
        filters += ["loop=loop=-1:size=1", f"fps={_ratio(rate)}"]
    elif asset.rate != rate:
        filters.append(f"fps={_ratio(rate)}")
    if asset.size != timeline.size:
        filters += [_FITS[clip.fit](timeline.size, number), "format=yuv420p"]
    return [*filters, "setsar=1", _BT709]


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


def _cut(use: _Use, rate: Fraction) -> str:
    return f"trim=start_frame={use.offset}:end_frame={use.offset + use.frames},{_clocked(rate)}"


def _clocked(rate: Fraction) -> str:
    """One tick a frame, counted from nought: containers round their times, frames are exact."""
    return f"settb={rate.denominator}/{rate.numerator},setpts=N"


def _ratio(rate: Fraction) -> str:
    return f"{rate.numerator}/{rate.denominator}"
