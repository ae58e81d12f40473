"""The voices of Kokoro: 28 in English and some in five more languages, by an ONNX model on the CPU.

Knows nothing about scripts. It tells no word times: they are estimated here, and measured by tools/align where it runs.
"""

import threading
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from ..base import Cost, Device, Job
from ..errors import Declined, ToolFailed
from ..media import Frozen
from . import Speech, SpeechRequest, Voice
from .delivery import Credit, Engine, Part, Uttered, deliver, no_clone
from .phonemes import installed, phonemes
from .sound import Samples, Sound
from .system import tokens_of

if TYPE_CHECKING:
    import onnxruntime

RATE = 24_000
SPEED = 0.9
"""Of the voices' own speed: af_heart then reads about 160 words a minute (criteria.md, "narration pace")."""
_MOST = 480
"""Signs in one run; the model takes 510."""
_LETTERS = 380
"""Letters in one run, so that their signs stay below _MOST."""
_PAUSE = 0.12
"""Seconds between the parts of a text that is too long for one run."""
_RUNNING = threading.Lock()
"""One run at a time: the sessions share the processor anyway, and two would double the memory."""


class Language(Frozen):
    """A BCP 47 tag in lower case, and espeak-ng's name for it."""

    tag: str
    espeak: str


class Table(Frozen):
    """kokoro.toml."""

    version: int
    languages: dict[str, Language]
    first: dict[str, str]
    english: dict[str, str]
    others: dict[str, str]
    signs: dict[str, int]


class Kokoro:
    """speech.kokoro. Option: threads, how many the model may use (default 2)."""

    name = "speech.kokoro"
    version = "2"
    models = ("kokoro", "kokoro-voices")
    device: Device = "cpu"
    result = Speech

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._threads = int(options.get("threads", 2))

    def ready(self) -> None:
        """Raise ToolMissing unless the phonemes can be had; the model is looked for when a line is spoken."""
        installed()

    def voices(self) -> tuple[Voice, ...]:
        """Every voice, by name and language."""
        languages = table().languages
        names = (file.file.removesuffix(".bin") for file in _voice_files())
        return tuple(
            Voice(name=name, language=languages[name[0]].tag, provider=self.name, gender=_GENDERS[name[1]])
            for name in names
        )

    def quote(self, request: SpeechRequest) -> Cost:
        """About two thirds of the time it takes to say."""
        return Cost(seconds=2 + 0.27 * len(request.text.split()) / request.pace)

    def run(self, request: SpeechRequest, job: Job) -> Speech:
        """Speak the line. Raises Declined where no voice speaks its language, or has its name."""
        voice = self._voice(request)
        no_clone(request, "Kokoro")
        session = _session(job.model("kokoro"), self._threads)
        styles = np.fromfile(job.model("kokoro-voices") / f"{voice}.bin", "<f4").reshape(-1, 1, 256)

        def utter(part: Part, pace: float) -> Uttered:
            return Uttered(self._speak(session, styles, signs_of(part.said, voice[0]), pace))

        credit = Credit("Apache-2.0", f"spoken by Kokoro with the {voice} voice")
        return deliver(request, tokens_of(request), job, utter, Engine(longest=_LETTERS), credit)

    def _voice(self, request: SpeechRequest) -> str:
        names = {voice.name for voice in self.voices()}
        if request.voice:
            if request.voice not in names:
                raise Declined(f"Kokoro has no voice called {request.voice!r}.", "See `reelwright voices`.")
            return request.voice
        first, tag = table().first, request.language.lower().replace("_", "-")
        voice = first.get(tag) or first.get(tag.split("-")[0])
        if voice is None:
            known = ", ".join(sorted({voice.language for voice in self.voices()}))
            raise Declined(f"Kokoro does not speak {request.language!r}.", f"It speaks {known}.")
        return voice

    def _speak(self, session: "onnxruntime.InferenceSession", styles: Any, signs: list[int], pace: float) -> Sound:
        if not signs:
            raise ToolFailed("Kokoro finds nothing to say in this line.", "Write it out in words.")
        pause = np.zeros(round(_PAUSE * RATE), np.float32)
        parts: list[Samples] = []
        for part in _parts(signs):
            feed = {
                "tokens": np.array([[0, *part, 0]], np.int64),
                "style": styles[len(part)],
                "speed": np.array([SPEED * pace], np.float32),
            }
            with _RUNNING:
                (samples,) = session.run(["audio"], feed)
            parts += [pause, np.asarray(samples, np.float32).reshape(-1)]
        return Sound(np.concatenate(parts[1:]), RATE)


_GENDERS = {"f": "female", "m": "male"}


@cache
def table() -> Table:
    """The model's signs and languages."""
    return Table.model_validate(tomllib.loads((files(__package__) / "kokoro.toml").read_text("utf-8")))


def signs_of(said: str, language: str) -> list[int]:
    """A text as the model reads it: the numbers of its phonemes; `language` is a voice's first letter."""
    known = table()
    text = phonemes(said, known.languages[language].espeak)
    for sign, other in (known.english if language in "ab" else known.others).items():
        text = text.replace(sign, other)
    return [known.signs[mark] for mark in text if mark in known.signs]


def _parts(signs: list[int]) -> Iterator[list[int]]:
    """Runs of at most _MOST signs, parted at punctuation where there is some, else between words."""
    known = table().signs
    stops, space = {known[mark] for mark in ".!?;:,"}, known[" "]
    while len(signs) > _MOST:
        places = [at + 1 for at in range(_MOST) if signs[at] in stops] or [
            at + 1 for at in range(_MOST) if signs[at] == space
        ]
        place = places[-1] if places else _MOST
        yield signs[:place]
        signs = signs[place:]
    yield signs


@cache
def _voice_files() -> tuple[Any, ...]:
    from ..lock import read_lock

    return next(row.files for row in read_lock() if row.name == "kokoro-voices")


@cache
def _session(model: Path, threads: int) -> "onnxruntime.InferenceSession":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
