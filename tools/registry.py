"""The registry: who can do what, by the entry points `reelwright.tools`; ours enter by the same door as anybody's.

Knows nothing about when a tool is called or what it costs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from .align import Alignment, AlignRequest
from .assemble import AssembleRequest, Cut, Encoded, EncodeRequest
from .base import Tool
from .code import AskRequest, CodeRequest, Found
from .effects import Effect, EffectRequest
from .errors import ToolMissing
from .inspect import (
    Inspection,
    InspectRequest,
    Stills,
    StillsRequest,
    TakeLook,
    TakeRequest,
    Thumbs,
    ThumbsRequest,
)
from .listen import ListenRequest, Transcript
from .mind import Answer, Question
from .music import Music, MusicRequest
from .speech import Speech, SpeechRequest
from .speech.takes import RecordingRequest
from .video import FootageRequest, MotionRequest, Picture
from .video.diffusion import Generated, GenerateRequest
from .video.fields import FieldRequest, MotionField
from .vision import VisionAnswer, VisionRequest

Req = TypeVar("Req", bound=BaseModel)
Res = TypeVar("Res", bound=BaseModel)
AnyTool = Tool[Any, Any]
GROUP = "reelwright.tools"


@dataclass(frozen=True)
class Capability(Generic[Req, Res]):
    """Something that providers can do: what they are asked and what they answer."""

    name: str
    request: type[Req]
    result: type[Res]
    order: tuple[str, ...]
    """Our providers, the preferred first; strangers stand between them and the first place by the settings."""


SPEECH = Capability(
    "speech",
    SpeechRequest,
    Speech,
    (
        "speech.piper",
        "speech.kokoro",
        "speech.coqui",
        "speech.openai",
        "speech.elevenlabs",
        "speech.edge",
        "speech.flite",
        "speech.espeak-ng",
    ),
)
VOICEOVER = Capability("voiceover", RecordingRequest, Speech, ("voiceover.cutter",))
MOTION = Capability("video.motion", MotionRequest, Picture, ("video.motion",))
GENERATE = Capability(
    "video.generate",
    GenerateRequest,
    Generated,
    (
        "video.generate.local",
        "video.generate.comfyui",
        "video.generate.fal",
        "video.generate.veo",
        "video.generate.omni",
        "video.generate.runway",
        "video.generate.replicate",
        "video.generate.openai",
    ),
)
FIELDS = Capability("video.fields", FieldRequest, MotionField, ("video.fields",))
FOOTAGE = Capability("video.footage", FootageRequest, Picture, ("video.footage",))
LOOK = Capability("inspect.take", TakeRequest, TakeLook, ("inspect.take",))
VISION = Capability("vision", VisionRequest, VisionAnswer, ("vision.transformers",))
ASK = Capability("inspect.ask", AskRequest, Found, ("inspect.ask",))
CODE = Capability("video.code", CodeRequest, Picture, ("video.code",))
MUSIC = Capability("music", MusicRequest, Music, ("music.composer",))
ENCODE = Capability("encode", EncodeRequest, Encoded, ("encode.ffmpeg",))
EFFECTS = Capability("effects", EffectRequest, Effect, ("effects.synth",))
ASSEMBLE = Capability("assemble", AssembleRequest, Cut, ("assemble.ffmpeg",))
LISTEN = Capability(
    "listen",
    ListenRequest,
    Transcript,
    ("listen.faster-whisper", "listen.faster-whisper-base", "listen.openai-whisper", "listen.openai"),
)
ALIGN = Capability("align", AlignRequest, Alignment, ("align.pocketsphinx", "align.ctc", "align.heard"))
INSPECT = Capability("inspect.film", InspectRequest, Inspection, ("inspect.film",))
STILLS = Capability("inspect.stills", StillsRequest, Stills, ("inspect.stills",))
THUMBS = Capability("inspect.thumbs", ThumbsRequest, Thumbs, ("inspect.thumbs",))
MIND = Capability("mind", Question, Answer, ("mind.chat",))
"""Not in the list below: its provider is opened with the models that settings or a caller name."""
CAPABILITIES: tuple[Capability[Any, Any], ...] = (
    SPEECH,
    VOICEOVER,
    MOTION,
    GENERATE,
    FIELDS,
    FOOTAGE,
    MUSIC,
    EFFECTS,
    ENCODE,
    ASSEMBLE,
    LISTEN,
    ALIGN,
    INSPECT,
    STILLS,
    THUMBS,
    CODE,
    ASK,
    LOOK,
    VISION,
)


class Registry:
    """Providers by name, built with their options."""

    def __init__(self, tools: Iterable[AnyTool], order: Mapping[str, Sequence[str]] | None = None) -> None:
        """`order` puts named providers of a capability first."""
        self._tools = {tool.name: tool for tool in tools}
        self._order = order or {}

    @classmethod
    def installed(
        cls, options: Mapping[str, Mapping[str, str]] | None = None, order: Mapping[str, Sequence[str]] | None = None
    ) -> "Registry":
        """All providers that installed packages offer; `options` by provider name."""
        options = options or {}
        return cls((entry.load()(options.get(entry.name, {})) for entry in entry_points(group=GROUP)), order)

    def including(self, tool: AnyTool) -> "Registry":
        """A registry that also has `tool`."""
        return Registry([*self._tools.values(), tool], self._order)

    def tools(self) -> tuple[AnyTool, ...]:
        """Every provider, by name."""
        return tuple(self._tools[name] for name in sorted(self._tools))

    def providers(self, capability: Capability[Req, Res]) -> tuple[Tool[Req, Res], ...]:
        """The providers of a capability in the order in which they are asked; ToolMissing where there are none."""
        prefix = capability.name
        names = [name for name in self._tools if name == prefix or name.startswith(prefix + ".")]
        if not names:
            raise ToolMissing(f"No provider of {prefix} is installed.", "Reinstall reelwright.")
        ranking = [*self._order.get(prefix, ()), *capability.order]
        names.sort(key=lambda name: ranking.index(name) if name in ranking else len(ranking))
        return tuple(self._tools[name] for name in names)
