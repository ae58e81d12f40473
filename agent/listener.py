"""What is said in a file, for a library: the listen capability without a project.

Knows nothing about segments.
"""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from ..memory.assets import AssetStore
from ..tools import ffmpeg
from ..tools.base import Job, Weights
from ..tools.errors import ToolMissing
from ..tools.listen import ListenRequest
from ..tools.media import Asset
from ..tools.registry import LISTEN, Registry
from ..tools.speech import Word
from .settings import load_settings

_RATE = 16_000


def listener(weights: Weights) -> Callable[[Path], Sequence[tuple[float, float, str]]]:
    """A function from a file to its words with their times in seconds.

    Raises:
        ToolMissing: nobody here can listen; the hint names the extra.
    """
    settings = load_settings()
    tool = Registry.installed(settings.tools, settings.order).providers(LISTEN)[0]
    tool.ready()

    def hear(path: Path) -> list[tuple[float, float, str]]:
        with tempfile.TemporaryDirectory(prefix="reelwright-") as folder:
            shelf = AssetStore(Path(folder) / "assets")
            sound = Path(folder) / "sound.wav"
            options = ["-map", "[a]", "-c:a", "pcm_s16le"]
            graph = f"[0:a:0]aresample={_RATE},aformat=sample_fmts=s16:channel_layouts=mono[a]"
            ffmpeg.encode([ffmpeg.Input(path)], graph, sound, options)
            asset = shelf.add(sound, lambda digest: Asset(id=digest, kind="audio", format="wav"))
            job = Job(Path(folder), shelf, weights)
            try:
                words: tuple[Word, ...] = tool.run(ListenRequest(audio=asset, language=""), job).words
            except ToolMissing:  # its weights are not here
                return []
            return [(word.start / _RATE, word.end / _RATE, word.text) for word in words]

    return hear
