"""What is said in a file, for a library: the listen capability without a project.

Knows nothing about segments.
"""

import tempfile
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path

from ..memory.assets import AssetStore
from ..tools import ffmpeg
from ..tools.base import Job, Weights
from ..tools.errors import Declined, ToolMissing
from ..tools.listen import ListenRequest
from ..tools.media import Asset
from ..tools.registry import LISTEN, AnyTool, Registry
from ..tools.speech import Word
from .settings import load_settings

_RATE = 16_000


def listener(weights: Weights) -> Callable[[Path], Sequence[tuple[float, float, str]]]:
    """A function from a file to its words with their times in seconds.

    A model that knows many languages hears which one is spoken; where only an English one is here, it hears English.

    Raises:
        ToolMissing: nobody here can listen; the hint names the extra or the model.
    """
    settings = load_settings()
    tools = Registry.installed(settings.tools, settings.order).providers(LISTEN)
    able = [tool for tool in tools if _problem(tool, weights) is None]
    if not able:
        raise _problem(tools[0], weights) or ToolMissing("Nobody here can listen.", "Install the extra: listen.")

    def hear(path: Path) -> list[tuple[float, float, str]]:
        with tempfile.TemporaryDirectory(prefix="reelwright-") as folder:
            shelf = AssetStore(Path(folder) / "assets")
            sound = Path(folder) / "sound.wav"
            options = ["-map", "[a]", "-c:a", "pcm_s16le"]
            graph = f"[0:a:0]aresample={_RATE},aformat=sample_fmts=s16:channel_layouts=mono[a]"
            ffmpeg.encode([ffmpeg.Input(path)], graph, sound, options)
            asset = shelf.add(sound, lambda digest: Asset(id=digest, kind="audio", format="wav"))
            job = Job(Path(folder), shelf, weights)
            for language, tool in product(("", "en"), able):
                try:
                    words: tuple[Word, ...] = tool.run(ListenRequest(audio=asset, language=language), job).words
                except Declined:  # it cannot tell languages apart, or does not know this one
                    continue
                return [(word.start / _RATE, word.end / _RATE, word.text) for word in words]
            return []

    return hear


def _problem(tool: AnyTool, weights: Weights) -> ToolMissing | None:
    """Why it cannot listen here: its packages or its weights are missing."""
    try:
        tool.ready()
        for name in tool.models:
            weights.path(name)
    except ToolMissing as error:
        return error
    return None
