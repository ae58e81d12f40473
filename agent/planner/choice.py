"""Which planner plans: models where there is a writer or a director, else the offline one."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from ...memory.taste import Taste
from ...tools.errors import ToolMissing
from ...tools.read.passages import Passage
from ...tools.stock.minilm import MODEL, MiniLM
from ..door import Door
from ..events import Warned
from ..mind import Mind, Role
from ..taste import leanings
from . import Planner
from .research import Find


def choose_planner(minds: Mapping[Role, Mind], door: Door, folder: Path, taste: Taste | None = None) -> Planner:
    """The planner that asks models, or the offline one. The project in `folder` keeps its references' passages.

    Args:
        taste: what a person liked before, where it may lean on the plan.
    """
    from .offline import Offline

    writer, director = minds.get("writer"), minds.get("director")
    if writer is None and director is None:
        return Offline(partial(leanings, taste)) if taste else Offline()
    from .model import ModelPlanner

    def warn(message: str) -> None:
        door.emit(Warned(target="script", message=message, degraded=True))

    offline = Offline(partial(leanings, taste)) if taste else Offline()
    return ModelPlanner(writer, director, offline, warn, finder(door, folder), taste.lessons if taste else str)


def finder(door: Door, folder: Path) -> Find:
    """Passages by meaning; by their words, and announced, where the collection or its embedder is missing."""

    def find(told: Sequence[Passage], queries: Sequence[str], most: int) -> Sequence[Passage]:
        from ...tools.read.collection import Collection
        from .language import detect, language
        from .research import by_words

        try:
            shelf = Collection(folder / "references", MiniLM(door.weights.path(MODEL)))
            return shelf.find(told, queries, most)
        except ToolMissing as error:
            message = f"Passages of the references are found by their words, not by meaning: {error}"
            door.emit(Warned(target="research", message=message))
            return by_words(told, queries, most, language(detect(" ".join(queries))))

    return find
