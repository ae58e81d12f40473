"""Sheets to judge by eye: `python examples/train_fields/sheet.py docs/gallery`.

fields.jpg has sixteen captions in four seeds each, coloured. fields-blind.jpg has cards on a drawn and on a generated
background side by side, in an order by chance, whose key is printed.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from reelwright.tools.media import Size
from reelwright.tools.video import Card, MotionRequest
from reelwright.tools.video.fields.engine import PRESETS, Array, Engine, graph, lattice
from reelwright.tools.video.fields.guide import calmed
from reelwright.tools.video.fields.words import known
from reelwright.tools.video.motion import styles
from reelwright.tools.video.motion.renderer import compose
from reelwright.tools.video.motion.stills import frames

CAPTIONS = (
    "drifting cumulus", "slow, large smoke", "ink in water", "rolling waves",
    "light on the floor of a pool", "concentric ripples", "northern lights", "large soft discs of light",
    "floating dust", "falling rain", "falling snow", "glowing embers",
    "a spinning galaxy", "veins of marble", "layers of desert dunes", "living cells",
)  # fmt: skip
PAIRS = {
    "mesh": "slow, large smoke", "clouds": "an overcast sky", "waves": "rolling waves", "aurora": "northern lights",
    "silk": "veins of marble", "ink": "ink in water", "caustics": "light on the floor of a pool",
    "bokeh": "large soft discs of light",
}  # fmt: skip
SIZE, CELL, AT = Size(width=540, height=960), (135, 240), 40
"""Of the rendered frame, of a picture on the sheet, and which frame is shown."""


def drawn(caption: str, seed: int, request: MotionRequest, preset: str = "quick") -> Array:
    """A field as a film would get it."""
    shape = (16, *lattice(request.size))
    calm = calmed(compose(request).boxes, request.size, *shape[1:])
    return Engine(graph(preset)).draw(known()[caption], shape, seed, PRESETS[preset], calm=calm)


def picture(request: MotionRequest, field: Array | None, words: bool) -> Image.Image:
    """One frame, small."""
    with tempfile.TemporaryDirectory() as folder:
        found = frames(request, AT, 1, Path(folder), words=words, field=field)[0]
    return Image.fromarray(found).resize(CELL, Image.Resampling.LANCZOS)


def captions() -> Image.Image:
    """Sixteen captions, four to a row of the sheet, four seeds each."""
    wide, high = CELL
    sheet = Image.new("RGB", (16 * wide + 3 * 12, 4 * (high + 20)), "#0D0E12")
    pen, face = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    palettes = styles.sheet("clean").palettes
    for index, caption in enumerate(CAPTIONS):
        left, top = index % 4 * (4 * wide + 12), index // 4 * (high + 20)
        pen.text((left + 2, top + 3), caption, fill="#C9C9CF", font=face)
        for seed in range(4):
            palette = palettes[(index + seed) % len(palettes)].name
            request = MotionRequest(size=SIZE, frames=90, seed=seed, palette=palette, card=Card(headline="-"))
            field = drawn(caption, seed, request.model_copy(update={"card": Card(headline="")}))
            sheet.paste(picture(request, field, words=False), (left + seed * wide, top + 20))
    return sheet


def blind() -> tuple[Image.Image, str]:
    """Eight cards twice, and on which side each is generated."""
    wide, high = CELL
    sheet, key = Image.new("RGB", (8 * wide + 3 * 12, 2 * (high + 20)), "#0D0E12"), []
    pen, face = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    sides = np.random.default_rng(2026).integers(0, 2, len(PAIRS))
    for index, (motif, caption) in enumerate(PAIRS.items()):
        left, top = index % 4 * (2 * wide + 12), index // 4 * (high + 20)
        card = Card(headline="A jar of honey starts with two million flowers", accent="two million flowers")
        request = MotionRequest(size=SIZE, frames=90, seed=index + 5, motif=motif, card=card)
        both = [picture(request, None, words=True), picture(request, drawn(caption, index + 5, request), words=True)]
        order = both if sides[index] else both[::-1]
        pen.text((left + 2, top + 3), f"{index + 1}", fill="#C9C9CF", font=face)
        for side, each in enumerate(order):
            sheet.paste(each, (left + side * wide, top + 20))
        key.append(f"{index + 1} {motif} {'right' if sides[index] else 'left'}")
    return sheet, "; ".join(key)


if __name__ == "__main__":
    out = Path(sys.argv[1])
    captions().save(out / "fields.jpg", quality=82, optimize=True)
    sheet, key = blind()
    sheet.save(out / "fields-blind.jpg", quality=82, optimize=True)
    print(f"Generated: {key}")
