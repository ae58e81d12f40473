"""The round trip from a voice to a recogniser, and word times of the aligner: writes docs/speaking.md.

Run: python tests/benchmarks/voices.py [VOICE[:COUNT] ...]. Speech and transcripts are cached by content, so that a
second run costs only what changed.
"""

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from operator import eq
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reelwright import Registry, Studio
from reelwright.agent.settings import load_settings
from reelwright.tools.align import AlignRequest
from reelwright.tools.align.forced import PocketSphinx
from reelwright.tools.errors import ToolError
from reelwright.tools.listen import ListenRequest
from reelwright.tools.listen.misread import reading
from reelwright.tools.listen.wer import edits, variants, words_of
from reelwright.tools.listen.whisper import FasterWhisper
from reelwright.tools.registry import ALIGN, LISTEN, SPEECH
from reelwright.tools.speech import Speech, SpeechRequest

HERE = Path(__file__).parent
TABLE = HERE.parents[1] / "docs" / "voices.md"
KINDS = ("numbers", "names", "homophones")
VOICES = ("joe", "slt", "af_heart:10", "am_michael:10", "bf_emma:10", "espeak-en-us:50")
"""Kokoro speaks more slowly than real time here, so three of its voices say every tenth sentence only."""
NOTES = "## What the figures say\n"
"""What a person wrote below the tables stays."""
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


def rate(said: Sequence[Said], heard: Sequence[str], kind: str = "", same: Callable[[str, str], bool] = eq) -> str:
    """WER over all words of a kind, not the mean over sentences."""
    rows = [(words_of(row.text), words) for row, words in zip(said, heard, strict=True) if kind in {"", row.kind}]
    wrong = sum(min(edits(text, other, same) for other in variants(words)) for text, words in rows)
    return f"{100 * wrong / sum(len(text) for text, _ in rows):.1f} %"


@cache
def dictionary() -> dict[str, set[str]]:
    """CMU's pronunciations of each word, as pocketsphinx carries them."""
    import pocketsphinx

    known: dict[str, set[str]] = defaultdict(set)
    for line in Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict")).read_text("utf-8").splitlines():
        word, _, phones = line.partition(" ")
        known[word.partition("(")[0].replace("'", "")].add(phones)
    return known


def sounds_alike(word: str, other: str) -> bool:
    """The same word, or one that nobody can tell from it by ear."""
    return word == other or bool(dictionary().get(word, set()) & dictionary().get(other, set()))


def flagged(said: Sequence[Said], heard: Sequence[str]) -> tuple[str, str]:
    """Lines that review would send back though they were read right; and those it would that miss a third of the words.

    For the second the script's words are swapped for those of the next sentence, not the voice's.
    """
    false = sum(reading(row.text, words).misread for row, words in zip(said, heard, strict=True))
    found = 0
    for row, after, words in zip(said, [*said[1:], said[0]], heard, strict=True):
        text, other = row.text.split(), after.text.split()
        for place in range(1, len(text), 3):
            text[place] = other[place % len(other)]
        found += reading(" ".join(text), words).misread
    return f"{false} of {len(said)}", f"{found} of {len(said)}"


def errors(studio: Studio, said: Sequence[Said]) -> tuple[NDArray[np.float64], int]:
    """Milliseconds between a word's start by the aligner and by the voice itself; and lines that were not aligned."""
    off, lost = list[float](), 0
    for row in said:
        try:
            found = studio.call(ALIGN, AlignRequest(audio=row.speech.audio, text=row.text), stage="sound").result
        except ToolError as error:
            print(f"  {row.text}: {error}")
            lost += 1
            continue
        off += [abs(a.start - b.start) / float(found.rate) for a, b in zip(found.words, row.speech.words, strict=True)]
    return 1000 * np.array(off), lost


HEAD = """# Voices and ears, measured

Written by `python tests/benchmarks/voices.py` on $when: each voice speaks [the same hundred
sentences](../tests/benchmarks/sentences.txt) (36 with numbers, 32 with names, 32 with homophones), each by itself, so
that no neighbour helps the recogniser; what it hears is held against what was written. Kokoro speaks more slowly than
real time here, so three of its voices say every tenth sentence only.

## Word error rate

Numbers are equal however they are written (100, one hundred; 9.30, half past nine as 9:30), and so are words that CMU's
dictionary pronounces alike (bare, bear): nobody can tell them apart by ear. The column *spelling* counts those as
errors too.
`flagged` are lines that review would send back although they were read right, when heard by tiny.en; `found` are lines
that it would send back when every third word of the script is another one.

| voice | sentences | numbers | names | homophones | all, tiny.en | all, base | spelling | flagged | found |
|---|---|---|---|---|---|---|---|---|---|
"""
TIMES = """
## Word times

Starts of words by forced alignment (pocketsphinx) against the voice's own, over the same sentences.

| voice | words | median | 95th percentile | worst | lines not aligned |
|---|---|---|---|---|---|
"""


def write(rows: Sequence[Sequence[str]], times: Sequence[str]) -> None:
    """docs/voices.md."""
    table = [f"| {' | '.join(row)} |" for row in rows]
    text = HEAD.replace("$when", f"{date.today():%Y-%m-%d}") + "\n".join(table) + "\n" + TIMES + "\n".join(times) + "\n"
    notes = TABLE.read_text("utf-8").partition(NOTES)[2] if TABLE.is_file() else ""
    TABLE.write_text(f"{text}\n{NOTES}{notes}" if notes else text, "utf-8")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("voices", nargs="*", default=VOICES)
    arguments.add_argument("--print", action="store_true", help="Print what was heard otherwise.")
    given = arguments.parse_args()
    installed = [tool for tool in Registry.installed().tools() if tool.name.startswith("speech.")]
    rows, times = list[tuple[str, ...]](), list[str]()
    with tempfile.TemporaryDirectory() as folder:

        def studio(*tools: object) -> Studio:
            return Studio.open(Path(folder) / "film", load_settings(), registry=Registry(tools))  # type: ignore[arg-type]

        ears = {name: studio(FasterWhisper({"model": name})) for name in EARS}
        for voice, _, count in (name.partition(":") for name in given.voices):
            said = speak(studio(*installed), voice, int(count or 100))
            heard = {name: listen(each, said) for name, each in ears.items()}
            first = heard[EARS[0]]
            cells = [rate(said, first, kind, sounds_alike) for kind in (*KINDS, "")]
            cells += [rate(said, heard[EARS[1]], same=sounds_alike), rate(said, first), *flagged(said, first)]
            rows.append((voice, str(len(said)), *cells))
            print(*rows[-1], sep=" | ", flush=True)
            for row, words, other in zip(said, *heard.values(), strict=True):
                if given.print and rate([row], [words], same=sounds_alike) != "0.0 %":
                    print(f"  {row.text}\n    {words}\n    {other}")
            if said[0].speech.exact:
                off, lost = errors(studio(PocketSphinx()), said)
                half, most, worst = (f"{np.percentile(off, part):.0f} ms" for part in (50, 95, 100))
                times.append(f"| {voice} | {len(off)} | {half} | {most} | {worst} | {lost} |")
                print(times[-1], flush=True)
            if tuple(given.voices) == VOICES:
                write(rows, times)


if __name__ == "__main__":
    main()
