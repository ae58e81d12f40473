import pytest

from reelwright.tools.video.motion import icons, shapes, strokes


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("rocket", "rocket"),
        ("flowers", "flower"),
        ("home", "house"),
        ("droplet", "droplet"),
        ("worker bees", "emoji:1f41d"),
        ("chart-column", "chart-column"),
        ("graduation cap", "graduation-cap"),
    ],
)
def test_words_find_their_icon(words: str, name: str) -> None:
    assert icons.find(words) == name


@pytest.mark.parametrize("words", ["", "the", "quantum", "nevertheless", "zzxqj", "':{}"])
def test_what_no_icon_shows_gets_none(words: str) -> None:
    assert icons.find(words) is None
    assert icons.icon(words) is None


@pytest.mark.parametrize("name", ["rocket", "flower", "circle", "square", "emoji:1f36f", "heart", "percent"])
def test_outlines_fill_their_grid(name: str) -> None:
    left, top, right, bottom = icons.outline(name).bounds
    assert left >= -0.5
    assert top >= -0.5
    assert right <= icons.GRID + 0.5
    assert bottom <= icons.GRID + 0.5
    assert max(right - left, bottom - top) > 0.4 * icons.GRID


def test_a_drawing_starts_at_its_corner() -> None:
    path = shapes.disc(50, 40, 10)
    left, top, commands = path.drawing()
    assert (left, top) == (40, 30)
    assert commands.startswith("m 80 0 l 80 0 b")


def test_an_arc_grows_to_a_ring() -> None:
    assert shapes.arc(0, 0, 10, 2, 0, 360).bounds == shapes.ring(0, 0, 10, 2).bounds
    assert shapes.arc(0, 0, 10, 2, 0, 90).bounds[0] == pytest.approx(-1, abs=0.2)


def test_turning_and_moving_are_exact() -> None:
    right = shapes.polygon([(0, 0), (10, 0), (10, 4)]).turned(90).moved(1, 2)
    assert right.bounds == pytest.approx((-3, 2, 1, 12))


@pytest.mark.parametrize("name", ["rocket", "flower", "circle", "repeat"])
def test_an_icon_is_drawn_on_along_its_strokes(name: str) -> None:
    whole = icons.outline(name).bounds
    sizes = [len(strokes.traced(name, part).steps) for part in (0.05, 0.5)]
    assert all(sizes)
    begun, half = (strokes.traced(name, part).bounds for part in (0.05, 0.5))
    assert (begun[2] - begun[0]) * (begun[3] - begun[1]) < (half[2] - half[0]) * (half[3] - half[1]) + 1e-6
    assert all(inner >= outer - 0.2 for inner, outer in zip(half[:2], whole[:2], strict=True))
    assert all(inner <= outer + 0.2 for inner, outer in zip(half[2:], whole[2:], strict=True))
    assert strokes.traced(name, 1.0) == icons.outline(name)


def test_an_emoji_is_always_whole() -> None:
    assert strokes.traced("emoji:1f41d", 0.3) == icons.outline("emoji:1f41d")
