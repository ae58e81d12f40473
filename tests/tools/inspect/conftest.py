"""A bench of films: one clean source, and the same film broken in one way each."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reelwright.tools.ffmpeg import Input, encode, measure
from reelwright.tools.inspect import Check, Inspection, PlacedText
from reelwright.tools.inspect.facts import Facts
from reelwright.tools.inspect.film import inspect

WIDTH, HEIGHT, RATE = 270, 480, 30
SHOTS = (66, 72, 66)
FRAMES = sum(SHOTS)
SECONDS = FRAMES / RATE
TAGS = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
TITLE = PlacedText(text="Quiet work", left=40, top=150, right=226, bottom=186, start=10, end=60)


@dataclass
class Bench:
    """Films by name, each made once from the clean source."""

    folder: Path
    source: Path
    voice: Path
    made: dict[str, Path] = field(default_factory=dict)
    answers: dict[tuple[Path, str], dict[str, Check]] = field(default_factory=dict)
    title = TITLE
    seconds = SECONDS
    frames = FRAMES
    cuts = (SHOTS[0], SHOTS[0] + SHOTS[1])

    def film(
        self,
        name: str,
        *,
        video: str = "null",
        audio: str = "anull",
        tags: str = TAGS,
        pixels: str = "yuv420p",
        options: tuple[str, ...] = (),
        sound_options: tuple[str, ...] = (),
        silent: bool = False,
        faststart: bool = True,
        suffix: str = ".mp4",
    ) -> Path:
        """The source through these filters, encoded for delivery."""
        if name not in self.made:
            path = self.folder / f"{name}{suffix}"
            graph = f"[0:v]{video},format={pixels},{tags}[v]" + ("" if silent else f";[1:a]{audio}[a]")
            words = ["-map", "[v]", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-g", "60", *options]
            if not silent:
                words += ["-map", "[a]", "-c:a", "aac", "-b:a", "192k", "-ar", "48000", "-ac", "2"]
            words += ["-movflags", "+faststart"] if faststart and suffix == ".mp4" else []
            encode([Input(self.source), Input(self.voice, sound_options)], graph, path, words)
            self.made[name] = path
        return self.made[name]

    def check(self, path: Path, **known: object) -> dict[str, Check]:
        """All checks by name, with what is known of the clean film; the same question is answered once."""
        facts = Facts(**({"seconds": SECONDS} | known))  # type: ignore[arg-type]
        if (path, repr(facts)) not in self.answers:
            self.answers[path, repr(facts)] = checks_of(inspect(path, facts))
        return self.answers[path, repr(facts)]


def checks_of(inspection: Inspection) -> dict[str, Check]:
    """The checks by name."""
    return {check.name: check for check in inspection.checks}


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("bench")
    source, voice = folder / "source.mkv", folder / "voice.wav"
    title = folder / "title.png"
    draw_title(title, (255, 255, 255))
    encode([Input(title)], _pictures(), source, ["-map", "[v]", "-c:v", "libx264", "-preset", "ultrafast", "-qp", "8"])
    rough = folder / "rough.wav"
    encode([], _voice(), rough, ["-map", "[a]", "-ar", "48000", "-ac", "2"])
    level = re.search(r"I:\s*(-?[\d.]+) LUFS", measure([Input(rough)], "[0:a]ebur128").log.rpartition("Summary")[2])
    assert level
    encode([Input(rough)], f"[0:a]volume={-14 - float(level[1]):.2f}dB[a]", voice, ["-map", "[a]"])
    return Bench(folder, source, voice)


@pytest.fixture(scope="session")
def clean(bench: Bench) -> Path:
    return bench.film("clean")


def draw_title(path: Path, ink: tuple[int, int, int], outline: int = 3) -> None:
    """The title at its place on a clear frame."""
    from PIL import Image, ImageDraw, ImageFont

    sheet = Image.new("RGBA", (WIDTH, HEIGHT), (0, 0, 0, 0))
    font = ImageFont.load_default(32)
    ImageDraw.Draw(sheet).text(
        (TITLE.left, TITLE.top),
        TITLE.text,
        fill=(*ink, 255),
        font=font,
        stroke_width=outline,
        stroke_fill=(8, 8, 20, 255),
    )
    sheet.save(path)


def _pictures() -> str:
    """Three shots that move: two gradients with a travelling square each, and a test picture that turns."""
    size, parts = f"{WIDTH}x{HEIGHT}", []
    looks = (
        f"gradients=s={size}:r={RATE}:c0=0x204080:c1=0x60C0A0:n=2:seed=1:speed=0.05",
        f"testsrc2=s={size}:r={RATE}",
        f"gradients=s={size}:r={RATE}:c0=0xB04020:c1=0xF0D080:n=2:seed=9:speed=0.05",
    )
    for number, (look, frames) in enumerate(zip(looks, SHOTS, strict=True)):
        square = f"color=c=0xE0E0E0:s=60x60:r={RATE}[q{number}]"
        move = f"[b{number}][q{number}]overlay=x='40+mod(n*{3 + number}\\,150)':y={260 + 20 * number}:shortest=0"
        parts.append(f"{look}[b{number}];{square};{move},trim=end_frame={frames},setpts=PTS-STARTPTS[s{number}]")
    joined = "".join(f"[s{number}]" for number in range(len(SHOTS)))
    cut = f"{joined}concat=n={len(SHOTS)}:v=1:a=0[film]"
    title = f"[film][0:v]overlay=enable='between(n\\,{TITLE.start}\\,{TITLE.end - 1})',format=yuv420p[v]"
    return ";".join([*parts, cut, title])


def _voice() -> str:
    """Bursts like syllables over a quiet bed."""
    length = f"d={SECONDS}"
    return (
        f"sine=f=220:r=48000:{length},tremolo=f=4:d=0.9[v];sine=f=440:r=48000:{length},volume=0.2[m];"
        f"anoisesrc=r=48000:c=pink:seed=4:a=0.05:{length}[n];[v][m][n]amix=inputs=3:normalize=0[a]"
    )
