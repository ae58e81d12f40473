"""Captions on pixels: inside their boxes and the safe area, in reading order, literal, readable on any ground."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from reelwright.tools import ffmpeg
from reelwright.tools.assemble import Finish
from reelwright.tools.assemble.captions import Captions, caption_boxes, captions
from reelwright.tools.assemble.layout import reading_order
from reelwright.tools.assemble.look import styles
from reelwright.tools.assemble.picture import Burned
from reelwright.tools.assemble.record import Record
from reelwright.tools.errors import ToolFailed
from reelwright.tools.fonts import fonts_dir
from reelwright.tools.media import Size
from reelwright.tools.profiles import profile_for
from reelwright.tools.timeline import Cue, CueWord, Gap, Timeline, Track
from reelwright.tools.video import TextBox

RATE = Fraction(30)
TALL, WIDE, SQUARE = Size(width=1080, height=1920), Size(width=1920, height=1080), Size(width=1080, height=1080)
SMALL = Size(width=540, height=960)
HOSTILE = [
    "Honey never spoils, they say.",
    "{\\pos(9,9)} {\\an7} C:\\Nice\\hat :textfile=secret.txt, 'quoted' \"twice\" <b>bold</b> 50% \\N",
    "蜂蜜は決して腐りません。考古学者はエジプトの墓で三千年前の壺を見つけました。",
    "النحل يصنع العسل منذ ملايين السنين 2024.",
    "Wow 🐝🍯 done!",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "WWWWWWWWWWWWWWWWWWWW MMMMMMMMMMMMMMMMMMMM",
]


def timeline(size: Size, *texts: str) -> Timeline:
    cues, frame = [], 6
    for text in texts:
        words = []
        for word in text.split():
            words.append(CueWord(text=word, start=frame, end=frame + max(10, 3 * len(word))))
            frame = words[-1].end
        cues.append(Cue(start=words[0].start, end=frame, text=text, words=tuple(words)))
    label = Cue(start=0, end=frame + 30, text="AI voice · made with Reelwright")
    video = Track(kind="video", items=(Gap(frames=frame + 30),))
    return Timeline(rate=RATE, size=size, tracks=(video,), cues=tuple(cues), labels=(label,))


_RGB = ["-map", "0:v", "-f", "rawvideo", "-pix_fmt", "rgb24", "-fps_mode", "passthrough"]


def burn(folder: Path, line: Timeline, words: Captions, first: int, last: int) -> str:
    """The filters that burn the film's frames from `first` to `last`."""
    part = words.sheet.stretch(first, last)
    if not part.script:
        return "null"
    script = folder / f"{first}.ass"
    script.write_text(part.script, "utf-8")
    return Burned(script, fonts_dir(words.faces), part.lead).filters(line.rate)


def frames(folder: Path, line: Timeline, words: Captions, at: list[int], ground: str = "black") -> list[np.ndarray]:
    """RGB frames with the captions burned on a plain ground."""
    chosen = f"between(n\\,{at[0]}\\,{at[-1]})" if len(at) > 40 else "+".join(f"eq(n\\,{frame})" for frame in at)
    path = folder / "frames.mkv"
    source = f"color={ground}:s={line.size}:r={line.rate},trim=end_frame={max(at) + 1}"
    graph = f"{source},{burn(folder, line, words, 0, line.frames)},select='{chosen}',format=rgb24[v]"
    ffmpeg.encode([], graph, path, ["-map", "[v]", "-c:v", "ffv1", "-pix_fmt", "bgr0", "-fps_mode", "passthrough"])
    raw = b"".join(ffmpeg.decode(ffmpeg.Input(path), "", _RGB))
    return list(np.frombuffer(raw, np.uint8).reshape(-1, line.size.height, line.size.width, 3))


SAID = "Honey lasts for 3,000 years."
KINDS = ["karaoke", "pop", "box", "subtitle", "minimal"]
GERMAN = "Archäologen fanden Honigtöpfe unter den alten Gräbern, und er war immer noch genießbar, sagt man."


def inside(line: Timeline, finish: Finish) -> list[TextBox]:
    """The boxes, each inside the safe area."""
    safe = profile_for(line.size).safe_box(line.size)
    boxes = list(caption_boxes(line, finish))
    for box in boxes:
        assert safe.left <= box.left < box.right <= safe.right, box
        assert safe.top <= box.top < box.bottom <= safe.bottom, box
    return boxes


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [TALL, WIDE, SQUARE, Size(width=1080, height=1350), SMALL])
def test_whatever_is_said_every_box_is_inside_the_safe_area(size: Size, kind: str) -> None:
    # The widest letters stand for the rest where the frame is not a phone's.
    for style in sorted(styles()) if size == TALL else ["playful"]:
        assert len(inside(timeline(size, *HOSTILE), Finish(captions=kind, style=style))) >= 6


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [TALL, WIDE, SQUARE])
def test_a_second_language_stands_below_the_first_and_touches_it_nowhere(size: Size, kind: str) -> None:
    line = timeline(size, "Archaeologists found pots of honey in the old tombs, still good to eat.", "Bees dance.")
    seconds = (GERMAN, "Bienen tanzen.")
    cues = tuple(cue.model_copy(update={"second": text}) for cue, text in zip(line.cues, seconds, strict=True))
    line = line.model_copy(update={"cues": cues, "labels": ()})
    words = captions(line, Finish(captions=kind))
    boxes = inside(line, Finish(captions=kind))
    assert " ".join(words.srt.split()).count("Bienen tanzen.") == words.vtt.count("Bienen tanzen.") == 1
    shown = [word for box in boxes for word in box.text.split() if word in set(GERMAN.split())]
    assert shown == GERMAN.split()
    if kind in {"karaoke", "pop"}:
        below = [box for box in boxes if set(box.text.split()) & {*GERMAN.split(), "Bienen"}]
        assert (
            min(box.top for box in below) >= max(box.bottom for box in boxes if box not in below) - size.height // 200
        )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [TALL, WIDE, SQUARE])
def test_captions_keep_to_the_band_that_pictures_leave_free(size: Size, kind: str) -> None:
    bottom = profile_for(size).safe_box(size).bottom
    # tools/video/motion/stage.py ends its content here where captions are burned.
    free = bottom - 0.115 * size.height if size.vertical else 0.77 * size.height
    line = timeline(size, "Archaeologists found pots of honey in the old tombs, still good to eat.")
    for style in styles():
        for box in caption_boxes(line.model_copy(update={"labels": ()}), Finish(captions=kind, style=style)):
            assert box.top >= free - 10 * size.height / 1920


def test_speech_too_fast_to_page_shrinks_rather_than_overflows() -> None:
    cue = Cue(start=10, end=14, text="Donaudampfschifffahrtselektrizitätenhauptbetriebswerk " * 2)
    line = timeline(TALL, "Hi.").model_copy(update={"cues": (cue,)})
    for box in caption_boxes(line, Finish()):
        assert box.left >= 60
        assert box.right <= 910


def test_vertical_pages_stand_in_the_caption_band() -> None:
    boxes = [box for box in caption_boxes(timeline(TALL, *HOSTILE), Finish()) if "Reelwright" not in box.text]
    for box in boxes:
        assert box.left >= 170
        assert box.right <= 910
        assert box.bottom <= 1500
        assert (box.top + box.bottom) / 2 == pytest.approx(0.735 * 1920, abs=45)


@pytest.mark.parametrize(
    ("kind", "style"),
    [("karaoke", "clean"), ("karaoke", "bold"), ("subtitle", "clean"), ("minimal", "editorial"), ("pop", "playful")],
)
def test_the_ink_is_where_the_boxes_say(tmp_path: Path, kind: str, style: str) -> None:
    line = timeline(SMALL, *HOSTILE)
    words = captions(line, Finish(captions=kind, style=style))
    boxes = [box for box in words.boxes if "Reelwright" not in box.text]
    # The middle of each box's time: the active word has grown and come back. The last frame: all have sprung in.
    shots = frames(
        tmp_path, line, words, [box.end - 1 if kind == "pop" else (box.start + box.end) // 2 for box in boxes]
    )
    for box, shot in zip(boxes, shots, strict=True):
        ink = np.argwhere(shot[200:].max(axis=2) > 90)
        assert len(ink) > 100, box.text
        top, left = ink.min(axis=0)
        bottom, right = ink.max(axis=0)
        assert box.top - 6 <= top + 200, box
        assert bottom + 200 <= box.bottom + 6, box
        assert box.left - 8 <= left, box
        assert right <= box.right + 8, box
        assert right - left > 0.6 * (box.right - box.left), box


def test_words_from_right_to_left_keep_their_order(tmp_path: Path) -> None:
    line = timeline(SMALL, "שלום עולם")
    words = captions(line, Finish())
    first, second = frames(tmp_path, line, words, [8, 20])
    lit_first, lit_second = (
        np.argwhere((shot[..., 0] > 180) & (shot[..., 2] < 120))[:, 1].mean() for shot in (first, second)
    )
    assert lit_first > lit_second, "the first word stands on the right"


def test_reading_order_mixes_directions() -> None:
    assert reading_order(["one", "two", "3"]) == [0, 1, 2]
    assert reading_order(["שלום", "עולם", "3."]) == [2, 1, 0]
    assert reading_order(["שלום", "Hello", "world", "טוב"]) == [3, 1, 2, 0]
    assert reading_order(["see", "שלום", "עולם", "now"]) == [0, 2, 1, 3]


def contrast(shot: np.ndarray, box: TextBox) -> float:
    """Of the letters against what is really behind them: inside the box, the lightest parts to the darkest."""
    inside = shot[box.top : box.bottom, box.left : box.right].reshape(-1, 3).astype(float) / 255
    linear = np.where(inside <= 0.04045, inside / 12.92, ((inside + 0.055) / 1.055) ** 2.4)
    light = linear @ [0.2126, 0.7152, 0.0722]
    return float((np.percentile(light, 97) + 0.05) / (np.percentile(light, 5) + 0.05))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("style", sorted(styles()))
def test_letters_stand_out_from_any_ground(tmp_path: Path, style: str, kind: str) -> None:
    line = timeline(Size(width=360, height=640), "Honey lasts for ever.")
    words = captions(line, Finish(captions=kind, style=style))
    box = next(box for box in words.boxes if "Reelwright" not in box.text)
    for ground in ("white", "0x777777", "black"):
        (shot,) = frames(tmp_path, line, words, [(box.start + box.end) // 2], ground)
        assert contrast(shot, box) >= 4.5, ground


@pytest.mark.parametrize("style", sorted(styles()))
def test_the_quiet_letters_shadow_is_dark_right_beside_them(tmp_path: Path, style: str) -> None:
    line = timeline(TALL, "Honey lasts for ever.").model_copy(update={"labels": ()})
    words = captions(line, Finish(captions="minimal", style=style))
    box = words.boxes[0]
    at = [(box.start + box.end) // 2]
    (dark,), (light,) = (frames(tmp_path, line, words, at, ground) for ground in ("black", "white"))
    letters, near = (dark.min(axis=2) > 200), np.zeros(dark.shape[:2], bool)
    for down, across in ((3, 0), (-3, 0), (0, 3), (0, -3), (2, 2), (-2, -2), (2, -2), (-2, 2)):
        near |= np.roll(letters, (down, across), (0, 1))
    ring = light[near & (dark.max(axis=2) < 60)].max(axis=1)
    assert len(ring) > 500
    # Ink at 235 or more is 4.5:1 on a grey of 108.
    assert np.percentile(ring, 90) <= 108


def test_the_active_word_changes_on_its_frame(tmp_path: Path) -> None:
    line = timeline(SMALL, "one two")
    words = captions(line, Finish())
    shots = frames(tmp_path, line, words, [5, 6, 15, 16, 25])
    lit = [np.argwhere((shot[..., 0] > 180) & (shot[..., 2] < 120)) for shot in shots]
    assert len(lit[0]) == 0
    assert all(len(pixels) for pixels in lit[1:])
    left, right = lit[2][:, 1].mean(), lit[3][:, 1].mean()
    assert lit[1][:, 1].mean() == pytest.approx(left, abs=4)
    assert right > left + 50
    assert lit[4][:, 1].mean() == pytest.approx(right, abs=4)


def test_pages_change_without_an_empty_frame(tmp_path: Path) -> None:
    line = timeline(SMALL, "Archaeologists found pots of it in the old tombs")
    words = captions(line, Finish())
    boxes = sorted((box for box in words.boxes if "Reelwright" not in box.text), key=lambda box: box.start)
    shots = frames(tmp_path, line, words, list(range(boxes[0].start, boxes[-1].end)))
    assert min(int((shot[200:] > 180).sum()) for shot in shots) > 300


def test_no_captions_means_no_script() -> None:
    bare = timeline(SMALL, "Hello.").model_copy(update={"labels": ()})
    made = captions(bare, Finish(captions="none"))
    assert (made.ass, made.boxes) == ("", ())
    assert "Hello." in made.srt


def test_words_spring_in_when_they_are_spoken_and_not_before(tmp_path: Path) -> None:
    line = timeline(SMALL, "one two").model_copy(update={"labels": ()})
    words = captions(line, Finish(captions="pop"))
    (box,) = words.boxes
    shots = frames(tmp_path, line, words, [5, 6, 14, 15, 16, 24])
    middle = (box.left + box.right) // 2
    left, right = (
        [int((shot[:, part].max(axis=2) > 60).sum()) for shot in shots]
        for part in (slice(0, middle), slice(middle, 540))
    )
    assert left[0] == right[0] == 0
    assert left[1] > 100
    assert left[2] > 1.15 * left[1], "it has grown to its size"
    assert right[1] == right[2] == right[3] == 0
    assert right[4] > 100


def test_a_box_is_behind_its_lines(tmp_path: Path) -> None:
    line = timeline(SMALL, "Honey lasts for ever.").model_copy(update={"labels": ()})
    words = captions(line, Finish(captions="box", style="bold"))
    (box,) = words.boxes
    (shot,) = frames(tmp_path, line, words, [box.start + 3], "black")
    edge = shot[(box.top + box.bottom) // 2, box.left + 4]
    assert edge[0] > 200
    assert edge[2] < 120
    assert shot[box.top - 3 : box.top - 1, box.left : box.right].max() < 40


@pytest.mark.parametrize("kind", KINDS)
def test_a_word_of_300_letters_and_a_hail_of_emoji_stay_in_the_frame(tmp_path: Path, kind: str) -> None:
    line = timeline(SMALL, "Rindfleisch" * 27 + "xyz", "🐝" * 40, "W" * 120).model_copy(update={"labels": ()})
    words = captions(line, Finish(captions=kind))
    assert inside(line, Finish(captions=kind))
    boxes = words.boxes[:: max(1, len(words.boxes) // 6)]
    safe = profile_for(SMALL).safe_box(SMALL)
    for shot in frames(tmp_path, line, words, [(box.start + box.end) // 2 for box in boxes]):
        ink = np.argwhere(shot.max(axis=2) > 90)
        assert len(ink) > 100
        (top, left), (bottom, right) = ink.min(axis=0), ink.max(axis=0)
        assert safe.left <= left
        assert right < safe.right
        assert safe.top <= top
        assert bottom < safe.bottom


def test_letters_that_no_typeface_has_are_named() -> None:
    line = timeline(TALL, "Honey \U00012000 lasts")
    with pytest.raises(ToolFailed, match=r"U\+12000"):
        captions(line, Finish())
    assert "\U00012000" in captions(line, Finish(captions="none")).srt


@pytest.mark.parametrize(
    "text", ["👨‍👩‍👧 👍🏽 🏳️‍🌈 1️⃣", "क्\u200dष नमस्ते", "a\x07b\ue000c\ufffe \ufe0e", "葛\U000e0100城", "ﷺ €½™…"]
)
def test_joiners_marks_and_controls_are_no_missing_letters(text: str) -> None:
    assert captions(timeline(TALL, text), Finish()).ass


def test_captions_as_data_have_every_word_page_and_line() -> None:
    line = timeline(TALL, SAID, "蜂蜜は決して腐りません。")
    made = captions(line, Finish(captions="pop", language="en"))
    data = Record.model_validate_json(made.json)
    assert [word.text for word in data.words] == [*SAID.split(), "蜂蜜は決して腐りません。"]
    assert (data.rate, data.frames, data.schema_number, data.style) == (RATE, line.frames, 1, "pop")
    for word, cue in zip(data.words, line.cues[0].words, strict=False):
        assert (word.start_frame, word.end_frame, word.line, word.timed) == (cue.start, cue.end, 0, True)
        assert word.start == pytest.approx(cue.start / 30, abs=0.001)
    assert [word for page in data.pages for word in page.text.split()][:5] == SAID.split()
    assert data.lines[0].lines[0] == SAID
    assert json.loads(made.json)["rate"] == "30"
