"""Listening by any server that speaks OpenAI's transcription protocol: OpenAI itself, or one on your own machine.

Knows nothing about what should have been said. Nothing leaves this machine unless a key or a server was set.
"""

import io
import wave
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from ..base import Cost, Device, Job
from ..errors import Declined, Refused, ToolBusy, ToolFailed
from ..speech import Word
from . import ListenRequest, Transcript
from .pieces import Piece, in_samples, seconds, transcribe
from .vad import MODEL as VAD
from .vad import RATE, Samples

if TYPE_CHECKING:
    from openai.types.audio import TranscriptionVerbose

MODEL = "whisper-1"
"""The one of OpenAI's models that gives word times."""
A_MINUTE = 0.006
"""US dollars, unless the option `price` says otherwise (OpenAI's list for whisper-1)."""
_PATIENCE = 300.0
_TAGS = {
    "arabic": "ar", "bengali": "bn", "chinese": "zh", "czech": "cs", "danish": "da", "dutch": "nl", "english": "en",
    "finnish": "fi", "french": "fr", "german": "de", "greek": "el", "hebrew": "he", "hindi": "hi", "hungarian": "hu",
    "indonesian": "id", "italian": "it", "japanese": "ja", "korean": "ko", "norwegian": "no", "persian": "fa",
    "polish": "pl", "portuguese": "pt", "romanian": "ro", "russian": "ru", "spanish": "es", "swahili": "sw",
    "swedish": "sv", "tamil": "ta", "thai": "th", "turkish": "tr", "ukrainian": "uk", "urdu": "ur", "vietnamese": "vi",
}  # fmt: skip


class Endpoint:
    """listen.openai.

    Options: key, base_url (with http://localhost… nothing leaves this machine), model, price (US dollars a minute).
    """

    name = "listen.openai"
    version = "1"
    models: tuple[str, ...] = (VAD,)
    device: Device = "net"
    result = Transcript

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._key, self._url = options.get("key", ""), options.get("base_url", "")
        self._model = options.get("model", MODEL)
        self._price = float(options.get("price", A_MINUTE))

    def ready(self) -> None:
        """Raise Declined unless a key or a server of your own is set."""
        if not self._key and not self._url:
            hint = 'Set key or base_url under [tools."listen.openai"] in reelwright.toml.'
            raise Declined("No transcription endpoint is set.", hint)

    def quote(self, request: ListenRequest) -> Cost:
        """By the minute, silences and all: what is left out of it is known only after listening."""
        length = seconds(request.audio, 60.0)
        return Cost(money=length / 60 * self._price, seconds=2 + length / 10)

    def run(self, request: ListenRequest, job: Job) -> Transcript:
        """Send what is spoken, piece by piece, and take the words with their times."""
        self.ready()
        return transcribe(request, job, self._model, self._hear)

    def _hear(self, piece: Piece, language: str) -> tuple[list[Word], str]:
        told = self._ask(piece.samples, language)
        rows = ((word.word.strip(), word.start, word.end) for word in told.words or ())
        words = in_samples(rows)
        if told.text.strip() and not words:
            raise ToolFailed("The transcription endpoint gives no word times.", "Set a model that does: whisper-1.")
        return words, language or _tag(told.language)

    def _ask(self, samples: Samples, language: str) -> "TranscriptionVerbose":
        import openai

        # The door retries; two layers of that would wait for minutes.
        client = openai.OpenAI(
            api_key=self._key or "none", base_url=self._url or None, timeout=_PATIENCE, max_retries=0
        )
        try:
            return client.audio.transcriptions.create(
                file=("speech.wav", _wav(samples)),
                model=self._model,
                language=language or openai.omit,
                temperature=0,
                response_format="verbose_json",
                timestamp_granularities=["word"],
            )
        except (openai.RateLimitError, openai.InternalServerError, openai.APIConnectionError) as error:
            raise ToolBusy(f"The endpoint does not answer: {error}.", "It will be tried again.") from error
        except openai.AuthenticationError as error:
            raise ToolFailed("The endpoint does not know the key.", "Check key in reelwright.toml.") from error
        except openai.BadRequestError as error:
            raise Refused(f"The endpoint will not hear this recording: {error}.", "Try another provider.") from error
        except openai.OpenAIError as error:
            raise ToolFailed(f"The endpoint failed: {error}.", "Check base_url and model.") from error
        finally:
            client.close()


def _wav(samples: Samples) -> bytes:
    box = io.BytesIO()
    with wave.open(box, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return box.getvalue()


def _tag(name: str) -> str:
    """The tag of a language that the endpoint names in English, as OpenAI's does; a tag stays one, others are unknown.

    >>> _tag("Spanish"), _tag("es"), _tag("klingon")
    ('es', 'es', '')
    """
    low = name.strip().lower()
    return low if len(low) in {2, 3} else _TAGS.get(low, "")
