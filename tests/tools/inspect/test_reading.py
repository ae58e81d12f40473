"""Burnt-in text is read, followed to its frames, and judged; sizes and movement are held against the plan."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reelwright.tools.ffmpeg import Input, encode
from reelwright.tools.inspect import Check, SpokenWord
from reelwright.tools.inspect.facts import Facts
from reelwright.tools.inspect.film import inspect
from reelwright.tools.inspect.frames import Picture
from reelwright.tools.inspect.reading import BurntText
from reelwright.tools.inspect.sizes import moving_check, sizes_check
from reelwright.tools.profiles import profiles

WIDTH, HEIGHT = 360, 640
CAPTIONS = (("Honey keeps", 6, 36), ("bees make it", 36, 63), ("in summer", 63, 88))
SHOTS = ((0, 30), (30, 60), (60, 90), (90, 120))


def letters(path: Path, text: str, top: int, ink: tuple[int, int, int], outline: int) -> Path:
    from PIL import Image, ImageDraw, ImageFont

    sheet = Image.new("RGBA", (WIDTH, HEIGHT), (0, 0, 0, 0))
    font = ImageFont.load_default(30)
    ImageDraw.Draw(sheet).text(
        (WIDTH // 2, top), text, fill=(*ink, 255), font=font, anchor="ma", stroke_width=outline, stroke_fill=(0, 0, 0)
    )
    sheet.save(path)
    return path


def captioned(folder: Path, top: int, ink: tuple[int, int, int] = (255, 255, 255), outline: int = 3) -> Path:
    """Three seconds of drifting colours with captions burnt in."""
    film = folder / "film.mp4"
    sheets = [letters(folder / f"{n}.png", row[0], top, ink, outline) for n, row in enumerate(CAPTIONS)]
    size = f"s={WIDTH}x{HEIGHT}:r=30:d=3"
    graph, last = f"gradients={size}:c0=0x508060:c1=0x7090A0:seed=3:speed=0.02,format=rgba[p0];", "p0"
    for number, (_, start, end) in enumerate(CAPTIONS):
        graph += f"[{last}][{number}:v]overlay=enable='between(n\\,{start}\\,{end - 1})'[p{number + 1}];"
        last = f"p{number + 1}"
    encode(
        [Input(sheet) for sheet in sheets],
        f"{graph}[{last}]format=yuv420p[v];sine=d=3[a]",
        film,
        ["-map", "[v]", "-map", "[a]"],
    )
    return film


def read(film: Path, **known: Any) -> dict[str, Check]:
    words = known.pop("words", None)
    inspection = inspect(film, Facts(**known), hear=(lambda _: words) if words else None, read=BurntText())
    return {check.name: check for check in inspection.checks}


def spoken(late: float = 0.0) -> tuple[SpokenWord, ...]:
    return tuple(
        SpokenWord(text=word, start=start / 30 + 0.2 * place - late, end=start / 30 + 0.2 * place + 0.2 - late)
        for text, start, _ in CAPTIONS
        for place, word in enumerate(text.split())
    )


def test_captions_in_the_picture_are_read_and_judged(tmp_path: Path) -> None:
    checks = read(captioned(tmp_path, 380), words=spoken(), script="-")
    assert checks["caption_timing"].verdict == "pass", checks["caption_timing"]
    assert {checks[name].verdict for name in ("safe_area", "contrast")} == {"pass"}
    assert "3 texts" in checks["contrast"].value
    late = read(tmp_path / "film.mp4", words=spoken(0.5), script="-")["caption_timing"]
    assert (late.verdict, late.value) == ("fail", "3 in-times, +500 ms in the middle, by the recogniser")


def test_captions_under_the_interface_are_found_in_the_picture(tmp_path: Path) -> None:
    check = read(captioned(tmp_path, 560))["safe_area"]
    assert (check.verdict, len(check.spans)) == ("fail", 3)
    assert [(span.start, span.end) for span in check.spans] == [
        pytest.approx((start / 30, end / 30), abs=0.07) for _, start, end in CAPTIONS
    ]


def test_pale_captions_are_found_in_the_picture(tmp_path: Path) -> None:
    assert read(captioned(tmp_path, 380, (150, 175, 180), 0))["contrast"].verdict == "fail"


def picture(still: list[tuple[int, int]]) -> Picture:
    return Picture(np.zeros((120, 4, 4, 3), np.uint8), np.zeros(120, bool), still)


@pytest.mark.parametrize(
    ("scales", "verdict"),
    [
        (("wide", "close", "close", "wide"), "pass"),
        (("wide", "wide", "wide", "close"), "warn"),
        (("wide", "close"), "skip"),
        ((), "skip"),
    ],
)
def test_equal_shot_sizes(scales: tuple[str, ...], verdict: str) -> None:
    assert sizes_check(picture([]), SHOTS, scales, profiles()["wide"]).verdict == verdict


@pytest.mark.parametrize(("promised", "verdict"), [(0.75, "pass"), (1.0, "fail"), (None, "skip")])
def test_shots_that_were_promised_to_move(promised: float | None, verdict: str) -> None:
    check = moving_check(picture([(32, 58), (60, 66)]), SHOTS, promised)
    assert (check.verdict, check.value) == (verdict, "3 of 4 shots move")
