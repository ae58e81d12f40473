"""What picture checks must and must not be fooled by, on drawn pictures of a few blocks."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from reelwright.tools.inspect import Check, Span
from reelwright.tools.inspect.bars import bars_check
from reelwright.tools.inspect.flash import flash_check
from reelwright.tools.inspect.frames import Picture
from reelwright.tools.inspect.light import black_check, freeze_check
from reelwright.tools.inspect.shots import find_cuts, shots_check, shots_of
from reelwright.tools.inspect.variety import variety_check
from reelwright.tools.profiles import profiles

Array = NDArray[np.float64]
ROWS, COLUMNS = 32, 18
PROFILE = profiles()["shorts"]


def seen(frames: Array, **known: object) -> Picture:
    thumbs = np.clip(np.rint(frames), 0, 255).astype(np.uint8)
    return Picture(thumbs, np.zeros(len(thumbs), bool), [], **known)  # type: ignore[arg-type]


def flat(levels: Array) -> Array:
    return np.broadcast_to(levels[:, None, None, None], (len(levels), ROWS, COLUMNS, 3)).astype(float)


def scene(seed: int, frames: int, speed: float = 0.4) -> Array:
    """A smooth random landscape that drifts."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:ROWS, 0:COLUMNS]
    waves = [(random.uniform(-0.5, 0.5, 2), random.uniform(0, 6), random.uniform(15, 40, 3)) for _ in range(5)]
    film = np.full((frames, ROWS, COLUMNS, 3), random.uniform(90, 160, 3))
    for number in range(frames):
        for (down, across), phase, heights in waves:
            film[number] += np.sin(down * y + across * x + phase + speed * number / 10)[..., None] * heights
    return film + random.normal(0, 0.5, film.shape)


def strobe(hertz: float, low: float = 0, high: float = 255, seconds: float = 2) -> Array:
    time = np.arange(round(30 * seconds)) / 30
    return flat(np.where((time * hertz) % 1 < 0.5, high, low))


def flashes(film: Array) -> Check:
    return flash_check(seen(film), PROFILE)


@pytest.mark.parametrize(("hertz", "verdict"), [(2, "pass"), (3, "pass"), (5, "fail"), (7.5, "fail")])
def test_more_than_three_flashes_a_second(hertz: float, verdict: str) -> None:
    assert flashes(strobe(hertz)).verdict == verdict


def test_flashes_that_are_small_or_faint_or_bright_are_safe() -> None:
    part = scene(1, 60)
    part[:, :6] = strobe(5)[:, :6]
    assert flashes(part).verdict == "pass"
    assert flashes(strobe(5, 100, 118)).verdict == "pass"
    assert flashes(strobe(5, 235, 255)).verdict == "pass"


def test_a_quarter_of_the_frame_is_enough() -> None:
    part = scene(1, 60)
    part[:, :9] = strobe(5)[:, :9]
    assert flashes(part).verdict == "fail"


def test_saturated_red_counts_by_itself() -> None:
    red = strobe(5, 0, 120)
    red[..., 1:] = 0
    grey = strobe(5, 0, 60)
    assert flashes(red).verdict == "fail"
    assert flashes(grey).verdict == "pass"


def test_moving_stripes_do_not_flash() -> None:
    bars = np.zeros((60, ROWS, COLUMNS, 3))
    for number in range(60):
        bars[number] = (((np.arange(ROWS) + number) // 3 % 2) * 255.0)[:, None, None]
    assert flashes(bars).verdict == "pass"


def test_fades_and_cuts_do_not_flash() -> None:
    assert flashes(flat(np.tile(np.linspace(0, 255, 30), 3))).verdict == "pass"
    assert flashes(np.concatenate([scene(seed, 20) for seed in range(4)])).verdict == "pass"


def test_cuts_are_found_to_the_frame() -> None:
    film = np.concatenate([scene(1, 60), scene(2, 45), scene(3, 60)])
    assert find_cuts(seen(film)) == (60, 105)


def test_a_dissolve_is_one_cut_at_its_middle() -> None:
    one, other, part = scene(4, 90), scene(5, 90), np.linspace(0, 1, 15)[:, None, None, None]
    film = np.concatenate([one[:75], one[75:] * (1 - part) + other[:15] * part, other[15:]])
    (cut,) = find_cuts(seen(film))
    assert cut == pytest.approx(82, abs=6)


def test_drifts_captions_and_flashlights_are_no_cuts() -> None:
    film = scene(6, 120, speed=1.2)
    film[40:70, 22:25, 3:15] = 255
    film[90:93] = 250
    assert find_cuts(seen(film)) == ()


def test_shot_lengths() -> None:
    picture = seen(scene(1, 900))

    def judge(*cuts: int, known: bool = True) -> Check:
        return shots_check(picture, shots_of(cuts, 900), PROFILE, known)

    assert judge(80, 200, 300, 400, 500, 600, 700, 800).verdict == "pass"
    assert judge(80, 200, 300, 310, 400, 500, 600, 700, 800).verdict == "fail"
    assert judge(80, 200, 300, 310, 400, 500, 600, 700, 800, known=False).verdict == "warn"
    assert judge(80, 200, 300, 600, 700, 800).verdict == "warn"
    assert judge(120, 200, 300, 400, 500, 600, 700, 800).verdict == "warn"
    late = judge(80, 200, 700)
    assert (late.verdict, late.spans) == ("fail", (Span(start=picture.time(200), end=picture.time(700)),))


def repeats(*shots: Array) -> Check:
    marks = np.cumsum([0, *(len(shot) for shot in shots)]).tolist()
    pairs = list(pairwise(marks))
    return variety_check(seen(np.concatenate(shots)), pairs)


def test_a_clip_that_returns_fails_even_trimmed_and_captioned() -> None:
    clip = scene(7, 90)
    trimmed = clip[10:80].copy()
    trimmed[:, 24:28, 3:15] = 255
    assert repeats(clip, scene(8, 60), trimmed).verdict == "fail"


def test_a_still_that_returns_warns() -> None:
    still = np.repeat(scene(9, 1), 60, axis=0)
    assert repeats(still, scene(8, 60), still).verdict == "warn"


def test_one_palette_and_plain_grounds_are_no_repeats() -> None:
    ground, words = flat(np.full(60, 20.0)), flat(np.full(60, 20.0))
    words[:, 10:14, 4:14] = 230
    other = ground.copy()
    other[:, 12:20, 6:16] = 230
    assert repeats(words, other, ground).verdict == "pass"
    assert repeats(*(scene(seed, 60) for seed in range(6))).verdict == "pass"


def framed(inner: tuple[slice, slice], ground: int = 16, seed: int = 3) -> Picture:
    samples = {}
    random = np.random.default_rng(seed)
    for number in range(0, 60, 10):
        frame = np.full((320, 180), ground, np.uint8)
        shape = frame[inner].shape
        frame[inner] = np.clip(random.integers(0, 160) + random.integers(0, 90, shape), 0, 255)
        samples[number] = frame
    return seen(scene(1, 60), samples=samples)


@pytest.mark.parametrize(
    ("inner", "verdict", "value"),
    [
        ((slice(40, 280), slice(None)), "fail", "letterbox"),
        ((slice(None), slice(20, 160)), "fail", "pillarbox"),
        ((slice(40, 280), slice(20, 160)), "warn", "a dark frame"),
        ((slice(None), slice(None)), "pass", "none"),
        ((slice(100, 220), slice(50, 130)), "pass", "none"),
        ((slice(40, None), slice(None)), "warn", "a dark border"),
    ],
)
def test_bars_have_straight_edges(inner: tuple[slice, slice], verdict: str, value: str) -> None:
    check = bars_check(framed(inner), [(0, 60)])
    assert (check.verdict, check.value) == (verdict, value)


def test_a_light_border_is_design() -> None:
    assert bars_check(framed((slice(40, 280), slice(None)), ground=235), [(0, 60)]).verdict == "pass"


def test_one_shot_with_bars_is_named() -> None:
    whole, boxed = framed((slice(None), slice(None))), framed((slice(40, 280), slice(None)))
    samples = whole.samples | {at + 60: frame for at, frame in boxed.samples.items()}
    check = bars_check(seen(scene(1, 120), samples=samples), [(0, 60), (60, 120)])
    assert (check.verdict, check.spans) == ("fail", (Span(start=2.0, end=4.0),))


def test_black_at_the_ends_warns_and_planned_black_passes() -> None:
    picture = seen(scene(1, 120))
    picture.black[:15] = True
    assert black_check(picture, PROFILE).verdict == "warn"
    picture.black[60:90] = True
    assert black_check(picture, PROFILE).verdict == "fail"
    assert black_check(picture, PROFILE, [Span(start=0, end=0.5), Span(start=2, end=3)]).verdict == "pass"


def test_black_is_not_also_frozen() -> None:
    picture = seen(scene(1, 120))
    picture.still.append((30, 75))
    assert freeze_check(picture, PROFILE).verdict == "fail"
    picture.black[30:75] = True
    assert freeze_check(picture, PROFILE).verdict == "pass"
