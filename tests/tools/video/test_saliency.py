"""The crop keeps the subject, holds still while it can, jumps where the picture cuts, and looks at faces first."""

import numpy as np
import numpy.typing as npt
import pytest

from reelwright.tools.video.faces import finder
from reelwright.tools.video.saliency import cuts, focus, maps

HIGH, WIDE = 54, 96
Frames = npt.NDArray[np.uint8]


def scene(middles: list[float], seed: int = 1, colour: tuple[int, int, int] = (210, 60, 40)) -> Frames:
    """A disc of a colour over a soft, noisy ground, at a place of its own in every frame."""
    chance = np.random.default_rng(seed)
    ground = np.linspace(70, 120, WIDE)[None, :, None] + np.linspace(0, 30, HIGH)[:, None, None]
    down, across = np.mgrid[:HIGH, :WIDE]
    rows = []
    for middle in middles:
        frame = ground + chance.normal(0, 3, (HIGH, WIDE, 3))
        frame[np.hypot(across - middle * WIDE, down - 0.55 * HIGH) < 8] = colour
        rows.append(np.clip(frame, 0, 255))
    return np.array(rows).astype(np.uint8)


@pytest.mark.parametrize("middle", [0.15, 0.3, 0.5, 0.8])
def test_a_subject_off_the_middle_is_kept_and_the_crop_rests(middle: float) -> None:
    points = focus(scene([middle] * 60), 30.0, 0.32, across=True)
    assert len(points) == 1
    assert abs(max(min(points[0].x, 0.84), 0.16) - min(max(middle, 0.16), 0.84)) < 0.08
    assert points[0].y == 0.5


def test_a_still_is_one_point() -> None:
    points = focus(scene([0.75]), 1.0, 0.32, across=True)
    assert len(points) == 1
    assert points[0].x > 0.6


def test_a_small_step_aside_moves_nothing() -> None:
    middles = [0.5 + 0.04 * np.sin(frame / 9) for frame in range(120)]
    assert len(focus(scene(middles), 30.0, 0.32, across=True)) == 1


def test_a_subject_that_crosses_the_frame_is_followed_once_and_calmly() -> None:
    middles = [0.15] * 60 + [0.15 + 0.7 * step / 60 for step in range(60)] + [0.85] * 60
    points = focus(scene(middles), 30.0, 0.32, across=True)
    places = np.interp(range(180), [point.frame for point in points], [point.x for point in points])
    assert np.abs(places - np.clip(middles, 0.16, 0.84)).max() < 0.3
    assert np.abs(places[:30] - 0.16).max() < 0.08
    assert np.abs(places[-30:] - 0.84).max() < 0.08
    assert (np.diff(places) >= -0.01).all(), "there and never back"
    assert np.abs(np.diff(places)).max() < 0.05


def test_at_a_cut_the_crop_jumps_on_its_frame() -> None:
    frames = np.concatenate([scene([0.2] * 40), 255 - scene([0.8] * 40, seed=2)])
    assert cuts(frames) == [40]
    points = focus(frames, 30.0, 0.32, across=True)
    assert [point.frame for point in points] == [0, 39, 40]
    assert points[1].x == points[0].x < 0.3
    assert points[2].x > 0.7


def test_a_pan_and_a_flash_are_no_cuts() -> None:
    chance = np.random.default_rng(5)
    wide = chance.integers(0, 255, (HIGH, 4 * WIDE, 3)).astype(np.float64)
    for _ in range(3):
        wide = (wide + np.roll(wide, 1, 0) + np.roll(wide, 1, 1) + np.roll(wide, 2, 1)) / 4
    pan = np.array([wide[:, 2 * at : 2 * at + WIDE] for at in range(60)]).astype(np.uint8)
    assert cuts(pan) == []


def test_a_tall_clip_in_a_wide_film_is_cropped_above_and_below() -> None:
    tall = np.swapaxes(scene([0.2] * 20), 1, 2)
    points = focus(tall, 30.0, 0.32, across=False)
    assert (len(points), points[0].x) == (1, 0.5)
    assert points[0].y < 0.3


def test_what_moves_draws_more_than_what_stands() -> None:
    frames = scene([0.2] * 40)
    down, across = np.mgrid[:HIGH, :WIDE]
    for number, frame in enumerate(frames):
        frame[np.hypot(across - 76, down - 20 - number % 10) < 7] = (210, 60, 40)
    points = focus(frames, 30.0, 0.32, across=True)
    assert points[0].x > 0.6


def test_a_face_outweighs_everything() -> None:
    frames = scene([0.2] * 30)
    points = focus(frames, 30.0, 0.32, across=True, faces=lambda _: [(0.78, 0.3, 0.12, 0.3)])
    assert len(points) == 1
    assert points[0].x > 0.75


def test_nothing_to_see_stays_in_the_middle() -> None:
    flat = np.full((10, HIGH, WIDE, 3), 128, np.uint8)
    assert abs(focus(flat, 30.0, 0.32, across=True)[0].x - 0.5) < 0.03
    assert maps(flat)[0].sum() == pytest.approx(1)


def test_without_a_detector_nobody_looks_and_with_one_a_plain_wall_has_no_face() -> None:
    found = finder("/nowhere/yunet.onnx")
    assert found is None or not list(found(np.full((HIGH, WIDE, 3), 128, np.uint8)))
