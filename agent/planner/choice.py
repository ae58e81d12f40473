"""Which planner plans: models where there is a writer or a director, else the offline one."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ...tools.errors import ToolMissing
from ...tools.read.passages import Passage
from ...tools.stock.minilm import MODEL, MiniLM
from ..door import Door
from ..events import Warned
from ..mind import Mind, Role
from . import Planner
from .research import Find


def choose_planner(minds: Mapping[Role, Mind], door: Door, folder: Path) -> Planner:
    """The planner that asks models, or the offline one. The project in `folder` keeps its references' passages."""
    from .offline import Offline

    writer, director = minds.get("writer"), minds.get("director")
    if writer is None and director is None:
        return Offline()
    from .model import ModelPlanner

    def warn(message: str) -> None:
        door.emit(Warned(target="script", message=message, degraded=True))

    return ModelPlanner(writer, director, Offline(), warn, finder(door, folder))


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
