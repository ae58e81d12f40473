import itertools
import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from reelwright.tools import ffmpeg, fonts
from reelwright.tools.errors import ToolFailed
from reelwright.tools.media import Size
from reelwright.tools.profiles import profile_for
from reelwright.tools.video import Card, Datum, Figure, MotionRequest, Round, TextBox
from reelwright.tools.video.motion.ass import document
from reelwright.tools.video.motion.layouts import layout, layouts
from reelwright.tools.video.motion.renderer import compose
from reelwright.tools.video.motion.stage import Stage

LONG = (
    "Worker bees fly out at dawn and sip nectar through a long straw-like tongue and each of them carries it home in a "
    "second stomach made just for honey where the work becomes a relay that never ends until winter"
)
TEXTS = {
    "one": "Honey",
    "plain": "A single jar of honey starts with about two million flowers.",
    "forty": LONG,
    "long word": "Donaudampfschifffahrtsgesellschaftskapitänskajütenschlüssel",
    "emoji": "Bees 🐝 love 🌸 flowers 👩‍🚀 and 🍯",
    "hebrew": "דבורה אחת מכינה שתים עשרה כפית דבש 12",
    "arabic": "العسل يأتي من مليوني زهرة في جرة واحدة",
    "japanese": "蜂蜜の瓶ひとつには、およそ二百万の花が必要です。",
    "tags": r"{\pos(0,0)}\N{\fs900} :textfile=secret.txt 'x' [v];",
}
SIZES = [(1080, 1920), (1920, 1080), (1080, 1080), (1080, 1350), (256, 256)]


def card(text: str) -> Card:
    return Card(
        kicker=text,
        headline=text,
        body=text,
        items=(f"{text} 70%", f"{text} 18 percent", text),
        figure=Figure(value=1234567, suffix=" million", label=text),
        icons=("bee", "flower", "hive"),
        source=text,
        unit=text,
        data=tuple(Datum(label=text, value=value) for value in (3.5, 12, 1234567)),
        rounds=tuple(Round(name=str(2020 + at), values=(3.5, 12.0 + at, 1234567 / (3 - at))) for at in range(3)),
        code=f"{text}\n    print({text!r})  # {text}\n",
    )


def request(name: str, text: str, size: tuple[int, int] = (1080, 1920), **more: object) -> MotionRequest:
    width, height = size
    fields = {"frames": 60, "handle": 6, "layout": name, "card": card(text), "cues": (0, 8, 16, 24), **more}
    return MotionRequest.model_validate({"size": Size(width=width, height=height), **fields})


def overlaps(one: TextBox, other: TextBox, slack: float) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > slack and down > slack


@pytest.mark.parametrize("name", layouts())
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_text_stays_in_its_place(name: str, size: tuple[int, int]) -> None:
    for text in TEXTS.values():
        stage = compose(request(name, text, size))
        safe = profile_for(stage.size).safe_box(stage.size)
        floor = safe.bottom - 0.11 * size[1] if stage.size.vertical else 0.78 * size[1]
        assert stage.boxes
        for box in stage.boxes:
            assert safe.left <= box.left, box
            assert box.right <= safe.right, box
            assert safe.top <= box.top, box
            assert box.bottom <= floor + 1, box


@pytest.mark.parametrize("name", layouts())
@pytest.mark.parametrize("size", SIZES[:3], ids=str)
def test_text_does_not_collide(name: str, size: tuple[int, int]) -> None:
    for key in ("one", "plain", "forty", "japanese"):
        stage = compose(request(name, TEXTS[key], size))
        # Boxes carry room for the drift and for marks above capitals, which lines of one block share.
        slack = 0.02 * min(size) + 2
        for one, other in itertools.combinations(stage.boxes, 2):
            assert not overlaps(one, other, slack), (key, one, other)


@pytest.mark.parametrize("name", layouts())
def test_entrances_and_exits_keep_to_the_shot(name: str) -> None:
    stage = compose(request(name, TEXTS["plain"]))
    assert min(layer.start for layer in stage.layers) == 6
    assert max(layer.end for layer in stage.layers) == 66
    assert all(layer.end <= 66 and layer.start < layer.end for layer in stage.layers)
    assert all(6 <= box.start < box.end <= 66 for box in stage.boxes)


@pytest.mark.parametrize("name", layouts())
@pytest.mark.parametrize("frames", [1, 4, 12])
def test_a_very_short_shot_is_still_laid_out(name: str, frames: int) -> None:
    stage = compose(request(name, TEXTS["plain"], frames=frames, handle=0))
    assert all(0 <= layer.start < layer.end <= frames for layer in stage.layers)


@pytest.mark.parametrize("name", layouts())
def test_an_empty_card_is_no_error(name: str) -> None:
    compose(MotionRequest(size=Size(width=270, height=480), frames=30, layout=name))


@pytest.mark.parametrize("shown", [Card(items=("Bremen", "Prague")), Card(data=(Datum(label="Bremen", value=1),))])
def test_a_plain_statement_never_stands_empty(shown: Card) -> None:
    stage = compose(request("statement", "x", card=shown))
    assert "Bremen" in " ".join(box.text for box in stage.boxes)


def test_items_come_on_their_cues() -> None:
    words = ("Alpha", "Beta", "Gamma")
    shown = request("list", "x", card=Card(headline="Greek", items=words), frames=120, cues=(0, 20, 45, 70))
    starts = {box.text: box.start for box in compose(shown).boxes}
    assert [starts[word] - 6 for word in words] == pytest.approx([20, 45, 70], abs=3)


def test_captions_keep_their_band_only_where_asked() -> None:
    high, low = (compose(request("statement", LONG, captioned=each)) for each in (True, False))
    assert max(box.bottom for box in high.boxes) <= 1290
    assert low.region.bottom > high.region.bottom


def test_one_palette_by_name_and_by_seed() -> None:
    assert compose(request("title", "x", palette="lagoon", seed=5)).palette.name == "lagoon"
    assert compose(request("title", "x", seed=1)).palette.name == compose(request("end", "x", seed=1)).palette.name


def test_an_unknown_layout_is_named() -> None:
    with pytest.raises(ToolFailed, match="statement"):
        layout("nope")


def drawn(stage: Stage, tmp_path: Path) -> NDArray[np.uint8]:
    """The words alone, on black, when all have come."""
    size, rate = stage.size, stage.request.rate
    words = [layer for layer in stage.layers if layer.depth == 5]
    font = stage.text.face
    (tmp_path / "w.ass").write_text(document(size, rate, font.family, words), "utf-8")
    place = fonts.fonts_dir({*stage.faces, font})
    graph = f"color=black:s={size.width}x{size.height}:r=30:d=1.8,ass=w.ass:fontsdir={place},select=eq(n\\,50)"
    command = [ffmpeg.binary(), "-v", "error", "-f", "lavfi", "-i", graph, "-frames:v", "1"]
    command += ["-pix_fmt", "gray", "-f", "rawvideo", "-"]
    done = subprocess.run(command, capture_output=True, check=True, cwd=tmp_path)
    return np.frombuffer(done.stdout, np.uint8).reshape(size.height, size.width)


@pytest.mark.parametrize("key", TEXTS)
def test_pixels_stay_in_the_boxes(key: str, tmp_path: Path) -> None:
    stage = compose(request("statement", TEXTS[key], (270, 480), card=Card(headline=TEXTS[key], body=TEXTS[key])))
    picture = drawn(stage, tmp_path)
    assert (picture > 80).sum() > 50
    for box in stage.boxes:
        picture = picture.copy()
        picture[max(0, box.top - 3) : box.bottom + 3, max(0, box.left - 3) : box.right + 3] = 0
    assert (picture > 80).sum() == 0


@pytest.mark.parametrize("name", ["list", "steps"])
def test_lists_written_from_right_to_left_are_mirrored(name: str) -> None:
    marks = {}
    for words in (("Alpha one", "Beta two"), ("دبس العسل", "زهرة واحدة")):
        stage = compose(request(name, "x", card=Card(items=words, icons=("flower", "rocket"))))
        drawn = [layer.x for layer in stage.layers if layer.depth == 3 and layer.pivot != (0.0, 0.0)]
        marks[words[0]] = sum(drawn) / len(drawn) / stage.size.width
        assert {box.text for box in stage.boxes} >= {*words}
    left, right = marks.values()
    assert left < 0.3
    assert right > 0.6


@pytest.mark.slow
@pytest.mark.parametrize("name", layouts())
@pytest.mark.parametrize("key", ["arabic", "japanese", "long word", "emoji"])
def test_letters_of_every_layout_stay_in_their_boxes(name: str, key: str, tmp_path: Path) -> None:
    stage = compose(request(name, TEXTS[key], (270, 480)))
    picture = drawn(stage, tmp_path).copy()
    marked = [mark for mark in stage.layers if mark.depth == 5 and "“" in str(mark.body)]
    for box in stage.boxes:
        picture[max(0, box.top - 3) : box.bottom + 3, max(0, box.left - 3) : box.right + 3] = 0
    left, top, right, bottom = (round(edge) for edge in vars(profile_for(stage.size).safe_box(stage.size)).values())
    outside = picture > 80
    outside[top:bottom, left:right] = False
    assert not outside.any(), "inside the safe area"
    if not marked and name not in ("steps", "quote"):  # numbers in discs and the quotation mark are ornaments
        assert (picture > 80).sum() <= 2
