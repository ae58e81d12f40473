"""Pictures to end on, maps to keep to, holes to fill, shapes to widen into: on tiny pipelines of the real classes."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from reelwright.tools import ffmpeg
from reelwright.tools.base import Job
from reelwright.tools.errors import ToolFailed, ToolMissing
from reelwright.tools.ffmpeg import Input
from reelwright.tools.media import Asset, Size
from reelwright.tools.video.diffusion import Control, Generated, GenerateRequest
from reelwright.tools.video.diffusion.ask import Ask
from reelwright.tools.video.diffusion.calls import arguments, drawn_on
from reelwright.tools.video.diffusion.canvas import edges
from reelwright.tools.video.diffusion.intake import _read, ask_of

pytestmark = [
    pytest.mark.xdist_group("diffusion"),
    # diffusers and torch speak to their own authors
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning"),
]
Generate = Callable[..., Generated]
Picture = Callable[..., Asset]
Seen = Callable[[Asset], NDArray[np.int16]]
SMALL, TINY = Size(width=64, height=64), Size(width=32, height=32)
RED, BLUE = (200, 40, 40), (40, 40, 200)
FAMILIES_WITH_ENDS = [
    ("wan_ends", "wan22-i2v-14b"),
    ("vace", "wan21-vace-1b"),
    ("ltx", "ltx-video"),
    ("ltx2", "ltx2"),
    ("skyreels", "skyreels-v2"),
    ("framepack", "framepack"),
]
DEAR = {"framepack", "ltx2"}


def board() -> NDArray[np.uint8]:
    """A bright square on dark ground."""
    found = np.full((64, 64, 3), 30, np.uint8)
    found[16:48, 16:48] = 220
    return found


def levels(job: Job, place: Path, *bright: int) -> Asset:
    """A clip of so many grey levels, twenty frames each."""
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", "32x32", "-framerate", "16"]
    feed = [np.full((20, 32, 32, 3), level, np.uint8).tobytes() for level in bright]
    graph, options = "[0:v]copy[v]", ["-map", "[v]", "-c:v", "ffv1"]
    ffmpeg.encode([Input(None, raw, raw=True)], graph, place / "levels.mkv", options, feed=feed)
    return job.save(place / "levels.mkv", "video", licence="own", origin="levels.mkv")


class TestTransitions:
    """A first and a last picture become the frames between two shots."""

    @pytest.mark.parametrize(
        ("name", "family"),
        # what the dear ones are called with is looked at below for all of them
        [pytest.param(*each, marks=pytest.mark.slow if each[0] in DEAR else ()) for each in FAMILIES_WITH_ENDS],
    )
    def test_it_begins_on_one_picture_and_ends_on_the_other(
        self, generate: Generate, picture: Picture, pixels: Seen, name: str, family: str
    ) -> None:
        made = generate(name, family, first=picture(RED), last=picture(BLUE), frames=14, size=TINY)
        seen = pixels(made.video)
        assert len(seen) == 14
        assert np.abs(seen[0] - np.array(RED)).mean() < 6
        assert np.abs(seen[-1] - np.array(BLUE)).mean() < 6
        assert made.notes == ()

    @pytest.mark.parametrize(("name", "family"), FAMILIES_WITH_ENDS)
    def test_both_pictures_reach_the_model(self, local: Any, name: str, family: str) -> None:
        """Not only are the ends of the clip pulled onto them."""
        from PIL import Image

        pipeline = local(name, family, frozenset())._opened()._opened("ends")
        row = local(name, family, frozenset()).row()
        first, last = (Image.new("RGB", (80, 60), colour) for colour in (RED, BLUE))
        ask = Ask("ends", "x", "", SMALL, frames=17, seed=1, steps=1, guidance=1.0, first=first, last=last)
        given = arguments(row, pipeline, ask, SMALL, drawn_on(row, ask, SMALL), {})
        if row.condition is not None:
            found = [getattr(each, row.condition.picture) for each in given["conditions"]]
            assert [getattr(each, row.condition.at) for each in given["conditions"]] == [0, 16 // row.condition.every]
        elif row.canvas:
            found = [given["video"][0], given["video"][-1]]
            assert [each.getpixel((0, 0)) for each in given["mask"]] == [0, *[255] * 15, 0]
        else:
            found = [given["image"], given["last_image"]]
        assert [each.size for each in found] == [(64, 64)] * 2
        assert [each.getpixel((32, 32)) for each in found] == [RED, BLUE]

    def test_two_shots_are_joined_by_naming_them(self, generate: Generate, picture: Picture, pixels: Seen) -> None:
        """Of the shot before its last picture is taken, of the one after its first."""
        before = generate("ltx", "ltx-video", first=picture(RED)).video
        after = generate("ltx", "ltx-video", first=picture(BLUE), seed=8).video
        joined = pixels(generate("ltx", "ltx-video", first=before, last=after, frames=12).video)
        assert np.abs(joined[0] - pixels(before)[-1]).mean() < 6
        assert np.abs(joined[-1] - pixels(after)[0]).mean() < 6

    @pytest.mark.slow
    def test_a_long_one_moves_slower_and_says_so(self, generate: Generate, picture: Picture, pixels: Seen) -> None:
        ends = {"first": picture(RED), "last": picture(BLUE)}
        made = generate("wan_ends", "wan22-i2v-14b", **ends, frames=150, size=TINY)
        assert made.notes == (
            "Wan 2.2 14B, from pictures makes 81 frames between two pictures at most: they are slowed down",
        )
        assert np.abs(pixels(made.video)[-1] - np.array(BLUE)).mean() < 6

    def test_a_family_that_cannot_says_which_can(self, generate: Generate, picture: Picture) -> None:
        with pytest.raises(ToolFailed, match="cannot end on a given picture") as error:
            generate("wan", "wan22-5b", first=picture(RED), last=picture(BLUE))
        assert "wan21-vace-1b" in error.value.hint
        assert "ltx-video" in error.value.hint

    def test_a_last_picture_alone_is_no_request(self, picture: Picture) -> None:
        with pytest.raises(ValidationError, match="needs a first one"):
            GenerateRequest(prompt="x", size=Size(width=64, height=64), frames=9, last=picture(RED))


class TestMaps:
    """Edges and depth are read from what is given; poses and masks are given."""

    @pytest.mark.parametrize(
        ("name", "family", "more", "kind"),
        [
            ("vace", "wan21-vace-1b", {}, "edge"),
            ("vace", "wan21-vace-1b", {}, "depth"),
            ("fun_control", "cogvideox-fun-control", {}, "edge"),
            ("animatediff", "animatediff", {"control": "controlnet"}, "depth"),
        ],
    )
    def test_a_map_changes_what_is_made(
        self, generate: Generate, picture: Picture, pixels: Seen, model: Any, name: str, family: str,
        more: dict[str, str], kind: str,
    ) -> None:  # fmt: skip
        options = {key: str(model(value)) for key, value in more.items()}
        flat, shaped = picture(np.full((64, 64, 3), 30, np.uint8)), picture(board()[::-1, ::-1])
        drawn = [kind == "depth"] * 2  # without a depth model all pictures have the same prior
        clips = [
            generate(name, family, options, frames=5, controls=(Control(kind=kind, asset=asset, drawn=given),))
            for asset, given in zip((flat, shaped), drawn, strict=True)
        ]
        one, other = (pixels(each.video) for each in clips)
        assert one.shape == other.shape
        assert np.abs(one - other).mean() > 0.05

    def test_a_long_one_is_followed_from_pass_to_pass(
        self, generate: Generate, local: Any, job: Job, tmp_path: Path, pixels: Seen
    ) -> None:
        """Each pass has its own stretch of the map, and begins on a late picture of the one before."""
        session = local("vace", "wan21-vace-1b", frozenset({("steps", "1")}))._opened()
        session.family = session.family.model_copy(update={"longest": 17})
        made = [
            generate(
                "vace", "wan21-vace-1b", {"steps": "1"}, rate=Fraction(16), frames=26,
                controls=(Control(kind="depth", asset=levels(job, tmp_path, *bright), drawn=True, weight=2),),
            )
            for bright in ((40, 40), (40, 230))
        ]  # fmt: skip
        assert [each.notes for each in made] == [(), ()]
        one, other = (pixels(each.video) for each in made)
        assert len(one) == len(other) == 26
        apart = np.abs(one - other).mean(axis=(1, 2, 3))
        assert apart[:11].max() == 0, "the first pass sees nothing of what comes later"
        assert apart[12:].max() > 0
        seams = np.abs(np.diff(one[4:], axis=0)).mean(axis=(1, 2, 3))
        assert seams.max() <= 3 * np.median(seams) + 2

    def test_a_pass_reads_its_stretch_of_a_map_and_the_last_picture_stays(
        self, local: Any, job: Job, tmp_path: Path
    ) -> None:
        row = local("vace", "wan21-vace-1b", frozenset()).row().model_copy(update={"longest": 17})
        control = Control(kind="depth", asset=levels(job, tmp_path, 40, 230), drawn=True)
        request = GenerateRequest(prompt="x", size=TINY, rate=Fraction(16), frames=60, controls=(control,))

        def shown(skip: int) -> list[int]:
            (found,) = ask_of(request, row, job, 60, skip=skip).maps
            return [each.getpixel((5, 5))[0] for each in found.pictures]

        assert shown(0) == [40] * 17
        assert shown(11) == [40] * 9 + [230] * 8
        assert shown(35) == [230] * 17

    def test_of_a_clip_that_is_gone_on_from_one_picture_is_read(self, local: Any, job: Job, tmp_path: Path) -> None:
        asset = levels(job, tmp_path, 40, 230)
        assert len(_read(job, asset, local("ltx", "ltx-video", frozenset()).row(), 1, late=True)) == 1

    def test_edges_are_thin_lines_where_brightness_turns(self) -> None:
        line = edges(board())
        assert set(np.unique(line)) == {0, 255}
        assert line[:12].max() == line[22:42, 22:42].max() == 0
        for row in line[20:44]:
            assert 2 <= np.count_nonzero(row) <= 4
        assert edges(np.full((32, 32, 3), 90, np.uint8)).max() == 0

    def test_a_weak_edge_is_kept_where_it_goes_on_from_a_strong_one(self) -> None:
        ramp = np.zeros((40, 40, 3), np.uint8)
        ramp[:, 20:] = np.linspace(30, 200, 40, dtype=np.uint8)[:, None, None]
        alone = np.zeros((40, 40, 3), np.uint8)
        alone[:, 20:] = 30
        assert edges(alone).max() == 0
        assert np.count_nonzero(edges(ramp)[:, 18:22].max(axis=1)) > 35

    def test_a_pose_has_to_be_drawn(self, generate: Generate, picture: Picture) -> None:
        with pytest.raises(ToolFailed, match="Poses are not read"):
            generate("vace", "wan21-vace-1b", controls=(Control(kind="pose", asset=picture(RED)),))

    def test_a_family_without_controls_says_which_has_them(self, generate: Generate, picture: Picture) -> None:
        with pytest.raises(ToolFailed, match="cannot follow a map") as error:
            generate("ltx", "ltx-video", controls=(Control(kind="edge", asset=picture(RED)),))
        assert "wan21-vace-1b" in error.value.hint

    def test_a_family_without_that_control_names_its_own(self, generate: Generate, picture: Picture) -> None:
        mask = Control(kind="mask", asset=picture(RED))
        with pytest.raises(ToolFailed, match=r"follows no mask \(it follows: edge, depth, pose\)"):
            generate("animatediff", "animatediff", source=picture(BLUE), controls=(mask,))

    def test_two_maps_are_one_too_many(self, generate: Generate, picture: Picture) -> None:
        both = tuple(Control(kind=kind, asset=picture(RED)) for kind in ("edge", "depth"))
        with pytest.raises(ToolFailed, match="one map at a time"):
            generate("vace", "wan21-vace-1b", controls=both)

    def test_a_controlnet_that_is_not_configured_is_named(self, generate: Generate, picture: Picture) -> None:
        with pytest.raises(ToolMissing, match="needs a ControlNetModel") as error:
            generate("animatediff", "animatediff", controls=(Control(kind="edge", asset=picture(RED)),))
        assert "control" in error.value.hint

    def test_a_reference_changes_what_is_made_or_is_said_to_be_left_out(
        self, generate: Generate, picture: Picture, pixels: Seen
    ) -> None:
        one, other = (
            pixels(generate("vace", "wan21-vace-1b", frames=5, reference=picture(colour)).video)
            for colour in (RED, (20, 250, 20))
        )
        assert (one != other).any()
        without = generate("wan", "wan22-5b", frames=5, reference=picture(RED))
        assert without.notes == ("Wan 2.2 TI2V 5B takes no reference picture",)


class TestHoles:
    """What is kept stays as it was; what is white, or lies around it, is painted."""

    def test_only_what_is_white_is_made_anew(self, generate: Generate, picture: Picture, pixels: Seen) -> None:
        hole = np.zeros((64, 64, 3), np.uint8)
        hole[:, 40:] = 255
        mask = Control(kind="mask", asset=picture(hole))
        seen = pixels(generate("vace", "wan21-vace-1b", source=picture(RED), controls=(mask,), frames=5).video)
        assert np.abs(seen[:, :, :28] - np.array(RED)).mean() < 4
        assert np.abs(seen[:, :, 44:] - np.array(RED)).mean() > 10

    def test_what_is_kept_stays_through_all_passes(
        self, generate: Generate, local: Any, job: Job, tmp_path: Path, picture: Picture, pixels: Seen
    ) -> None:
        """A source that brightens in its second half, with a hole in it, in two passes."""
        options = {"steps": "1"}
        session = local("vace", "wan21-vace-1b", frozenset(options.items()))._opened()
        session.family = session.family.model_copy(update={"longest": 17})
        hole = np.zeros((64, 64, 3), np.uint8)
        hole[:, 40:] = 255
        mask, source = Control(kind="mask", asset=picture(hole)), levels(job, tmp_path, 40, 230)
        asked = {"source": source, "controls": (mask,), "frames": 26, "rate": Fraction(16)}
        made = generate("vace", "wan21-vace-1b", options, **asked)
        seen = pixels(made.video)
        assert made.notes == ()
        assert len(seen) == 26
        assert np.abs(seen[:18, :, :28] - 40).mean() < 4
        assert np.abs(seen[22:, :, :28] - 230).mean() < 4
        assert np.abs(seen[22:, :, 44:] - 230).mean() > 10

    def test_a_wide_clip_fills_a_tall_film(self, generate: Generate, picture: Picture, pixels: Seen) -> None:
        tall = Size(width=64, height=112)
        made = generate("vace", "wan21-vace-1b", source=picture(RED, (96, 54)), outpaint=True, size=tall, frames=5)
        seen = pixels(made.video)
        assert seen.shape[1:3] == (112, 64)
        middle, above = seen[:, 50:62], seen[:, :24]
        assert np.abs(middle - np.array(RED)).mean() < 6
        assert np.abs(above - np.array(RED)).mean() > 10
        assert np.abs(above - 128).mean() > 1, "the grey that stands for nothing is painted over"

    def test_a_family_that_cannot_is_named(self, generate: Generate, picture: Picture) -> None:
        with pytest.raises(ToolFailed, match="cannot follow a map, a mask or a shape"):
            generate("wan", "wan22-5b", source=picture(RED), outpaint=True)

    @pytest.mark.parametrize("asked", [{"outpaint": True}, {"controls": "mask"}])
    def test_there_has_to_be_a_source(self, picture: Picture, asked: dict[str, Any]) -> None:
        if "controls" in asked:
            asked = {"controls": (Control(kind="mask", asset=picture(RED)),)}
        with pytest.raises(ValidationError, match="need a source"):
            GenerateRequest(prompt="x", size=Size(width=64, height=64), frames=9, **asked)
