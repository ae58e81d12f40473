"""A four-second loop of our field model, from words to frames that an encoder takes, as rows of Markdown.

Run it: python tests/benchmarks/fields.py [--size 1080x1920] [--again 3]
"""

import argparse
import subprocess
from fractions import Fraction

from reelwright.tests.benchmarks.motion import Peak, spent
from reelwright.tools import ffmpeg
from reelwright.tools.media import Size
from reelwright.tools.video.fields.engine import PRESETS, Array, Engine, graph, lattice
from reelwright.tools.video.fields.painting import flowing
from reelwright.tools.video.fields.words import known
from reelwright.tools.video.motion import styles
from reelwright.tools.video.motion.backgrounds import backdrop

RATE, SECONDS, STEPS = Fraction(30), 4, 16
CAPTIONS = ("drifting cumulus", "ocean waves", "light on the floor of a pool")


def framed(field: Array, size: Size) -> None:
    """Every frame of the loop, coloured and scaled to yuv420p, and thrown away."""
    palette = styles.palette(styles.sheet("clean"), 1)
    back = backdrop(flowing(field), palette, size, RATE, int(SECONDS * RATE), 1)
    command = [
        ffmpeg.binary(), "-hide_banner", "-v", "error", "-f", "rawvideo", "-pix_fmt", back.pix_fmt,
        "-video_size", f"{back.width}x{back.height}", "-framerate", "30", "-i", "-", "-vf", back.graph,
        "-f", "null", "-",
    ]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE) as run:
        assert run.stdin is not None
        for block in back.blocks:
            run.stdin.write(block)
        run.stdin.close()
    if run.returncode:
        raise SystemExit("ffmpeg failed.")


def main() -> None:
    """One row a preset."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="1080x1920")
    parser.add_argument("--again", type=int, default=3)
    asked = parser.parse_args()
    width, height = (int(part) for part in asked.size.split("x"))
    size = Size(width=width, height=height)
    print("| preset | network, CPU s | frames, CPU s | all | MB |\n|---|---|---|---|---|")
    for name, plan in PRESETS.items():
        drawn, shown = [], []
        with Peak() as peak:
            for index in range(asked.again):
                caption, fields = CAPTIONS[index % len(CAPTIONS)], list[Array]()
                engine = Engine(graph(name))
                shape = (STEPS, *lattice(size))
                drawn.append(spent(lambda: fields.append(engine.draw(known()[caption], shape, index, plan))))  # noqa: B023
                shown.append(spent(lambda: framed(fields[0], size)))  # noqa: B023
        network, frames = sorted(drawn)[len(drawn) // 2], sorted(shown)[len(shown) // 2]
        print(f"| {name} | {network:.2f} | {frames:.2f} | {network + frames:.2f} | {peak.most:.0f} |", flush=True)


if __name__ == "__main__":
    main()
