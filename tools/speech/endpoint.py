"""Voices of any server that speaks OpenAI's speech protocol: OpenAI itself, or one on your own machine.

Knows nothing about scripts. It is asked only for a voice by name: nothing leaves this machine unasked.
"""

from collections.abc import Mapping
from types import MappingProxyType

from ..base import Cost, Device, Job
from ..errors import Declined, Refused, ToolBusy, ToolFailed, ToolMissing
from . import Speech, SpeechRequest, Voice
from .delivery import Credit, Engine, Part, Uttered, deliver, no_clone
from .sound import read_wav
from .system import tokens_of

NAMES = ("alloy", "ash", "ballad", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer", "verse")
MODEL = "gpt-4o-mini-tts"
A_MILLION = 15.0
"""US dollars for a million characters, unless the option `price` says otherwise (OpenAI's list for tts-1)."""
_PATIENCE = 60.0
_LONGEST = 2000
"""Letters in one request; the protocol takes 4096."""


class Endpoint:
    """speech.openai.

    Options: key, base_url (with http://localhost… nothing leaves this machine), model, voices (names with commas),
    price (US dollars for a million characters).
    """

    name = "speech.openai"
    version = "2"
    models: tuple[str, ...] = ()
    device: Device = "net"
    result = Speech

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._key, self._url = options.get("key", ""), options.get("base_url", "")
        self._model = options.get("model", MODEL)
        self._names = tuple(name.strip() for name in options.get("voices", "").split(",") if name.strip()) or NAMES
        self._price = float(options.get("price", A_MILLION))

    def ready(self) -> None:
        """Raise ToolMissing unless a key or a server of your own is set."""
        if not self._key and not self._url:
            hint = 'Set key or base_url under [tools."speech.openai"] in reelwright.toml.'
            raise ToolMissing("No speech endpoint is set.", hint)

    def voices(self) -> tuple[Voice, ...]:
        """The names it was told, or OpenAI's; they speak any language."""
        local = any(home in self._url for home in ("//localhost", "//127.0.0.1"))
        return tuple(Voice(name=name, language="any", provider=self.name, local=local) for name in self._names)

    def quote(self, request: SpeechRequest) -> Cost:
        """By the character."""
        return Cost(money=len(request.text) * self._price / 1e6, seconds=2 + 0.05 * len(request.text.split()))

    def run(self, request: SpeechRequest, job: Job) -> Speech:
        """Speak the line; its word times are estimated here, and measured by tools/align where it runs."""
        if request.voice not in self._names:
            raise Declined(f"The endpoint has no voice called {request.voice!r}.", "See `reelwright voices`.")
        self.ready()
        no_clone(request, "The endpoint")

        def utter(part: Part, pace: float) -> Uttered:
            return Uttered(read_wav(self._ask(request, " ".join(part.worded(request.lexicon)), pace)))

        credit = Credit("the provider's terms", f"spoken by {self._model} with the {request.voice} voice")
        return deliver(request, tokens_of(request), job, utter, Engine(longest=_LONGEST), credit)

    def _ask(self, request: SpeechRequest, text: str, pace: float) -> bytes:
        import openai

        # The door retries; two layers of that would wait for minutes.
        client = openai.OpenAI(
            api_key=self._key or "none", base_url=self._url or None, timeout=_PATIENCE, max_retries=0
        )
        try:
            answer = client.audio.speech.create(
                model=self._model,
                voice=request.voice,
                input=text,
                response_format="wav",
                speed=pace,
                instructions=request.style or openai.omit,
            )
            return answer.read()
        except (openai.RateLimitError, openai.InternalServerError, openai.APIConnectionError) as error:
            raise ToolBusy(f"The speech endpoint does not answer: {error}.", "It will be tried again.") from error
        except openai.AuthenticationError as error:
            raise ToolFailed("The speech endpoint does not know the key.", "Check key in reelwright.toml.") from error
        except openai.BadRequestError as error:
            raise Refused(f"The speech endpoint will not say this line: {error}.", "Word it otherwise.") from error
        except openai.OpenAIError as error:
            raise ToolFailed(f"The speech endpoint failed: {error}.", "Check base_url and model.") from error
        finally:
            client.close()
