"""Captions on pixels: inside their boxes and the safe area, in reading order, literal, readable on any ground."""

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
from reelwright.tools.fonts import fonts_dir
from reelwright.tools.media import Size
from reelwright.tools.profiles import profile_for
from reelwright.tools.timeline import Cue, CueWord, Gap, Timeline, Track

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
    source = f"color={ground}:s={line.size}:r={line.rate},trim=end_frame={line.frames}"
    graph = f"{source},{burn(folder, line, words, 0, line.frames)},select='{chosen}',format=rgb24[v]"
    ffmpeg.encode([], graph, path, ["-map", "[v]", "-c:v", "ffv1", "-pix_fmt", "bgr0", "-fps_mode", "passthrough"])
    raw = b"".join(ffmpeg.decode(ffmpeg.Input(path), "", _RGB))
    return list(np.frombuffer(raw, np.uint8).reshape(-1, line.size.height, line.size.width, 3))


@pytest.mark.parametrize("style", sorted(styles()))
@pytest.mark.parametrize("kind", ["karaoke", "subtitle"])
@pytest.mark.parametrize("size", [TALL, WIDE, SQUARE, Size(width=1080, height=1350), SMALL])
def test_whatever_is_said_every_box_is_inside_the_safe_area(size: Size, kind: str, style: str) -> None:
    safe = profile_for(size).safe_box(size)
    boxes = caption_boxes(timeline(size, *HOSTILE), Finish(captions=kind, style=style))
    assert len(boxes) >= 6
    for box in boxes:
        assert safe.left <= box.left < box.right <= safe.right, box
        assert safe.top <= box.top < box.bottom <= safe.bottom, box


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


@pytest.mark.parametrize(("kind", "style"), [("karaoke", "clean"), ("karaoke", "bold"), ("subtitle", "clean")])
def test_the_ink_is_where_the_boxes_say(tmp_path: Path, kind: str, style: str) -> None:
    line = timeline(SMALL, *HOSTILE)
    words = captions(line, Finish(captions=kind, style=style))
    boxes = [box for box in words.boxes if "Reelwright" not in box.text]
    # The middle of each box's time: the active word has grown and come back.
    shots = frames(tmp_path, line, words, [(box.start + box.end) // 2 for box in boxes])
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


@pytest.mark.parametrize("ground", ["white", "yellow", "0x777777", "black"])
@pytest.mark.parametrize("kind", ["karaoke", "subtitle"])
def test_letters_stand_out_from_any_ground(tmp_path: Path, ground: str, kind: str) -> None:
    line = timeline(SMALL, "Honey lasts for ever.")
    words = captions(line, Finish(captions=kind))
    box = next(box for box in words.boxes if "Reelwright" not in box.text)
    (shot,) = frames(tmp_path, line, words, [(box.start + box.end) // 2], ground)
    inside = shot[box.top : box.bottom, box.left : box.right].reshape(-1, 3).astype(float) / 255
    linear = np.where(inside <= 0.04045, inside / 12.92, ((inside + 0.055) / 1.055) ** 2.4)
    light = linear @ [0.2126, 0.7152, 0.0722]
    letters, edge = np.percentile(light, 97), np.percentile(light, 5)
    assert (letters + 0.05) / (edge + 0.05) >= 4.5


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
