"""Forced alignment by a CTC network (wav2vec2 and its kin): any language that its letters write, 20 ms a step.

Knows nothing about captions. The network is a folder of the person's own, in transformers' format; none is shipped.
"""

import importlib.util
import json
import math
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from ..base import Cost, Device, Job
from ..errors import Declined, Refused, ToolFailed, ToolMissing
from ..listen import primary
from ..listen.vad import RATE, Samples, windows
from ..media import seconds_of
from ..pickles import refuse_pickle
from ..speech.estimate import Span, in_order
from ..speech.spoken import spoken
from . import Alignment, AlignRequest
from .trellis import Frames, Place, best_path

_FILES = ("config.json", "vocab.json", "model.safetensors")
_PIECE, _AROUND = 30, 2
"""Seconds that are read at once, and those on each side that are only looked at: memory grows with the square."""
_BETWEEN = "|"
"""The letter that these networks write for a space."""


class Ctc:
    """align.ctc.

    Options: folder (config.json, vocab.json, model.safetensors), language (the one that the network was trained on).
    """

    name = "align.ctc"
    models: tuple[str, ...] = ()
    device: Device = "cpu"
    result = Alignment

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._folder = Path(options["folder"]).expanduser() if options.get("folder") else None
        self._language = primary(options.get("language", "en"))

    @property
    def version(self) -> str:
        """Another network is another version: its results are not those of this one."""
        weights = self._folder / _FILES[-1] if self._folder else None
        facts = weights.stat() if weights and weights.is_file() else None
        return f"1-{facts.st_size}-{facts.st_mtime_ns}" if facts else "1"

    def ready(self) -> None:
        """Raise Declined where no network is set, ToolMissing where it cannot be run."""
        if self._folder is None:
            hint = 'Set folder and language under [tools."align.ctc"] in reelwright.toml.'
            raise Declined("No CTC network is set.", hint)
        missing = [name for name in _FILES if not (self._folder / name).is_file()]
        if missing:
            raise ToolMissing(f"{self._folder} has no {missing[0]}.", "Save the network there by save_pretrained.")
        if any(importlib.util.find_spec(name) is None for name in ("torch", "transformers")):
            raise ToolMissing("transformers is not installed.", "Install it: pip install 'reelwright[ctc]'.")

    def quote(self, request: AlignRequest) -> Cost:
        """About as long as the sound, and what loading takes."""
        audio = request.audio
        return Cost(seconds=5 + (seconds_of(audio.frames, audio.rate) if audio.frames and audio.rate else 30.0))

    def run(self, request: AlignRequest, job: Job) -> Alignment:
        """Align what is said, and map it back to what is written."""
        self.ready()
        assert self._folder is not None
        if primary(request.language) != self._language:
            raise Declined(f"The CTC network hears {self._language!r}, not {request.language!r}.")
        network = load(self._folder)
        texts = request.text.split()
        said = [token.said for token in spoken(request.text)] if self._language == "en" else texts
        tokens, owners = network.tokens(said)
        if not tokens:
            raise ToolFailed("There is no letter in this text that the network writes.", "Leave its captions untimed.")
        samples = np.concatenate(list(windows(job.path(request.audio.id))) or [np.zeros(0, np.float32)])
        places = _placed(network.frames(samples), tokens, network.blank)
        rate, spans = Fraction(request.audio.rate or RATE), list[Span]([None] * len(texts))
        for place, owner in zip(places, owners, strict=True):
            if owner is not None:
                start, end = (round(edge * network.step * rate / RATE) for edge in (place.start, place.end))
                known = spans[owner]
                spans[owner] = (known[0] if known else start, end)
        length = request.audio.frames or round(len(samples) * rate / RATE)
        sure = math.exp(sum(place.score for place in places) / len(places))
        words = in_order(texts, spans, length)
        return Alignment(words=words, rate=rate, how="forced", confidence=round(min(sure, 1.0), 3))


class Network:
    """A loaded network with its letters."""

    def __init__(self, model: Any, letters: Mapping[str, int], blank: int, step: int, even: bool) -> None:
        """Args: step: samples a frame; even: whether it wants sound of mean 0 and variance 1."""
        self._model, self._letters, self._even = model, letters, even
        self.blank, self.step = blank, step
        self._upper = "A" in letters and "a" not in letters

    def tokens(self, said: list[str]) -> tuple[list[int], list[int | None]]:
        """Letters of the phrases with spaces between their words, and which phrase each belongs to."""
        tokens, owners = list[int](), list[int | None]()
        for owner, phrase in enumerate(said):
            for word in phrase.replace("-", " ").split():
                cased = word.upper() if self._upper else word.lower()
                known = [self._letters[letter] for letter in cased.replace("’", "'") if letter in self._letters]
                if tokens and known and _BETWEEN in self._letters:
                    tokens.append(self._letters[_BETWEEN])
                    owners.append(None)
                tokens += known
                owners += [owner] * len(known)
        return tokens, owners

    def frames(self, samples: Samples) -> Frames:
        """Log probabilities of all letters, frame by frame; long sounds are read in pieces that overlap."""
        if self._even and samples.size:
            samples = ((samples - samples.mean()) / np.sqrt(samples.var() + 1e-7)).astype(np.float32)
        piece, around = (seconds * RATE // self.step for seconds in (_PIECE, _AROUND))
        rows: list[Frames] = []
        total = max(len(samples) // self.step, 1)
        for start in range(0, total, piece):
            first, last = max(start - around, 0), start + piece + around
            part = self._read(samples[first * self.step : last * self.step])[start - first :]
            rows.append(part if start + piece >= total else part[:piece])
        return np.concatenate(rows)

    def _read(self, samples: Samples) -> Frames:
        import torch

        if len(samples) < 2 * self.step:
            return np.zeros((0, len(self._letters)), np.float32)
        with torch.inference_mode():
            logits = self._model(torch.from_numpy(np.ascontiguousarray(samples))[None]).logits[0]
            found: Frames = torch.log_softmax(logits.float(), dim=-1).numpy()
        return found


def _placed(frames: Frames, tokens: list[int], blank: int) -> list[Place]:
    try:
        return best_path(frames, tokens, blank)
    except ValueError as error:
        raise ToolFailed(f"The sound is too short for this text: {error}.", "Check that it says this text.") from error


@cache
def load(folder: Path) -> Network:
    """The network of a folder: safetensors only, no code of its own, nothing fetched.

    Raises:
        Refused: a file is a pickle.
        ToolFailed: the folder holds something else.
    """
    from safetensors import SafetensorError
    from transformers import AutoConfig, AutoModelForCTC

    for name in _FILES:
        refuse_pickle(folder / name)
    try:
        letters = json.loads((folder / "vocab.json").read_text("utf-8"))
        config = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        model = AutoModelForCTC.from_pretrained(
            folder, config=config, local_files_only=True, trust_remote_code=False, use_safetensors=True
        ).eval()
        step, blank = math.prod(config.conv_stride), int(config.pad_token_id)
    except (OSError, ValueError, TypeError, AttributeError, SafetensorError) as error:
        raise ToolFailed(f"{folder} holds no CTC network: {error}", "Save one there by save_pretrained.") from error
    if not isinstance(letters, dict) or not all(isinstance(number, int) for number in letters.values()):
        raise Refused(f"{folder / 'vocab.json'} is no list of letters.", "Save the network's tokenizer there.")
    form = folder / "preprocessor_config.json"
    even = bool(json.loads(form.read_text("utf-8")).get("do_normalize", True)) if form.is_file() else True
    return Network(model, letters, blank, step, even)
