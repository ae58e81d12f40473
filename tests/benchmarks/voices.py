"""The round trip from a voice to a recogniser, and word times of the aligner: writes docs/voices.md.

Run: python tests/benchmarks/voices.py [VOICE[:COUNT] ...]. Speech and transcripts are cached by content, so that a
second run costs only what changed.
"""

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reelwright import Registry, Studio
from reelwright.agent.settings import load_settings
from reelwright.tools.align import AlignRequest
from reelwright.tools.align.forced import PocketSphinx
from reelwright.tools.listen import ListenRequest
from reelwright.tools.listen.wer import word_error_rate, words_of
from reelwright.tools.listen.whisper import FasterWhisper
from reelwright.tools.registry import ALIGN, LISTEN, SPEECH
from reelwright.tools.speech import Speech, SpeechRequest

HERE = Path(__file__).parent
TABLE = HERE.parents[1] / "docs" / "voices.md"
KINDS = ("numbers", "names", "homophones")
KOKORO = ("af_heart", "af_bella", "am_michael", "am_fenrir", "bf_emma", "bm_george")
VOICES = ("joe", "slt", "espeak-en-us", *(f"{name}:20" for name in KOKORO))
"""Kokoro speaks more slowly than real time here, so each of its voices says every fifth sentence only."""
EARS = ("whisper-tiny-en", "whisper-base")


@dataclass(frozen=True)
class Said:
    """A sentence of the list and how a voice said it."""

    kind: str
    text: str
    speech: Speech


def sentences() -> list[tuple[str, str]]:
    """(kind, sentence), in the list's order."""
    rows, kind = [], ""
    for line in (HERE / "sentences.txt").read_text("utf-8").splitlines():
        if line.startswith("## "):
            kind = line[3:]
        elif line and not line.startswith("#"):
            rows.append((kind, line))
    return rows


def speak(studio: Studio, voice: str, count: int) -> list[Said]:
    rows = sentences()[:: len(sentences()) // count]
    said = []
    for kind, text in rows:
        request = SpeechRequest(text=text, language="en-us", voice=voice)
        said.append(Said(kind, text, studio.call(SPEECH, request, stage="sound").result))
    return said


def listen(studio: Studio, said: Sequence[Said]) -> list[str]:
    return [studio.call(LISTEN, ListenRequest(audio=row.speech.audio), stage="review").result.text for row in said]


def rate(said: Sequence[Said], heard: Sequence[str], kind: str = "") -> str:
    """WER over all words of a kind, not the mean over sentences."""
    rows = [(row.text, words) for row, words in zip(said, heard, strict=True) if kind in {"", row.kind}]
    words = [len(words_of(text)) for text, _ in rows]
    wrong = sum(word_error_rate(text, other) * count for (text, other), count in zip(rows, words, strict=True))
    return f"{100 * wrong / sum(words):.1f} %"


def errors(studio: Studio, said: Sequence[Said]) -> NDArray[np.float64]:
    """Milliseconds between where a word begins by the aligner and where it does by the voice itself."""
    off: list[float] = []
    for row in said:
        found = studio.call(ALIGN, AlignRequest(audio=row.speech.audio, text=row.text), stage="sound").result
        off += [abs(a.start - b.start) / float(found.rate) for a, b in zip(found.words, row.speech.words, strict=True)]
    return 1000 * np.array(off)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("voices", nargs="*", default=VOICES)
    arguments.add_argument("--print", action="store_true", help="Print what was heard otherwise.")
    given = arguments.parse_args()
    installed = [tool for tool in Registry.installed().tools() if tool.name.startswith("speech.")]
    rows, times = [], ""
    with tempfile.TemporaryDirectory() as folder:

        def studio(*tools: object) -> Studio:
            return Studio.open(Path(folder) / "film", load_settings(), registry=Registry(tools))  # type: ignore[arg-type]

        ears = {name: studio(FasterWhisper({"model": name})) for name in EARS}
        for voice, _, count in (name.partition(":") for name in given.voices):
            said = speak(studio(*installed), voice, int(count or 100))
            heard = {name: listen(each, said) for name, each in ears.items()}
            cells = [rate(said, heard[EARS[0]], kind) for kind in (*KINDS, "")] + [rate(said, heard[EARS[1]])]
            rows.append((voice, str(len(said)), *cells))
            print(*rows[-1], sep=" | ", flush=True)
            for row, words, other in zip(said, *heard.values(), strict=True):
                if given.print and word_error_rate(row.text, words):
                    print(f"  {row.text}\n    {words}\n    {other}")
            if said[0].speech.exact and not times:
                off = errors(studio(PocketSphinx()), said)
                half, most, worst = (f"{np.percentile(off, part):.0f} ms" for part in (50, 95, 100))
                times = f"{voice} | {len(off)} | {half} | {most} | {worst}"
                print(times, flush=True)


if __name__ == "__main__":
    main()
