"""Captions for a library by the model that sees: the critic's, else a vision model on this machine.

Knows how such a model is asked, at the door, within the budget; knows nothing about how a library keeps what it says.
"""

import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints

from ..prompts import render
from ..tools.errors import ToolBusy, ToolError, ToolFailed
from ..tools.media import Asset, Frozen
from ..tools.registry import VISION, Registry
from ..tools.stock import Captioner
from ..tools.stock.vectors import Pixels
from ..tools.vision import VisionRequest
from .critics.eyes import LocalEyes, open_eyes
from .errors import PlanError
from .settings import Settings
from .studio import Studio

BATCH = 8
"""Pictures that a chat model is shown at once: dearer questions would lose more where an answer does not fit."""
WIDE = 512
"""Pixels across of a picture that is shown: enough for what a sentence says, and a third of the tokens of 1024."""
UNFIT = 3
"""Pictures in a row of which nothing usable is said before a model is given up."""
_TOKENS = 120


class Captions(Frozen):
    """A sentence for each picture."""

    captions: tuple[Annotated[str, StringConstraints(max_length=1000)], ...]


@dataclass
class Sighted:
    """A Captioner: asks `say` about several pictures, and about one by one where that does not work."""

    name: str
    batch: int
    say: Callable[[Sequence[Asset]], list[str]]
    show: Callable[[Pixels], Asset]
    _failed: int = 0

    def caption(self, pictures: Sequence[Pixels]) -> list[str]:
        """Sentences; a picture that the model refuses, or answers with what does not fit, has none.

        Raises:
            BudgetExceeded: the question does not fit into what was granted.
            ToolError: nobody can be asked now, or three pictures in a row failed.
            PlanError: the answers about three pictures in a row did not fit.
        """
        assets = [self.show(pixels) for pixels in pictures]
        if len(assets) > 1 and not self._failed:
            try:
                return self.say(assets)
            except (PlanError, ToolFailed) as error:
                self._bear(error)
        return [self._single(asset) for asset in assets]

    def _single(self, asset: Asset) -> str:
        try:
            (said,) = self.say([asset])
        except (PlanError, ToolFailed) as error:
            self._failed += 1
            self._bear(error)
            return ""
        self._failed = 0
        return said

    def _bear(self, error: PlanError | ToolError) -> None:
        """What may pass by itself, or fails each time, is no fault of the picture."""
        if isinstance(error.__cause__, ToolBusy) or self._failed >= UNFIT:
            raise error


@contextmanager
def open_captioner(settings: Settings, registry: Registry | None = None) -> Iterator[Captioner | None]:
    """The model that sees, at a door of its own whose answers the user's cache keeps; None where nobody here can see.

    The money that `settings` grant is for this run; time is not limited, for libraries are large.
    """
    budget = settings.budget.model_copy(update={"seconds": float("inf")})
    settings = settings.model_copy(update={"budget": budget})
    with tempfile.TemporaryDirectory(prefix="reelwright-") as folder:
        studio = Studio.open(Path(folder) / "captions", settings, registry=registry)
        eyes = open_eyes(studio)

        def asked(assets: Sequence[Asset]) -> list[str]:
            assert eyes is not None
            prompt = render("caption", count=str(len(assets)))
            mind = studio.mind("critic")
            assert mind is not None
            found = mind.ask(
                prompt,
                Captions,
                images=tuple(assets),
                target="captions",
                stage="review",
                check=lambda said: _miscounted(said, len(assets)),
            )
            return list(found.captions)

        def told(assets: Sequence[Asset]) -> list[str]:
            request = VisionRequest(images=tuple(assets), question=render("describe"), tokens=_TOKENS)
            return [studio.call(VISION, request, target="captions", stage="review").result.text]

        def show(pixels: Pixels) -> Asset:
            return _shown(pixels, studio)

        if eyes is None:
            yield None
        elif isinstance(eyes, LocalEyes):  # a small model says more in words than in JSON, of one picture at a time
            yield Sighted(eyes.name, 1, told, show)
        else:
            yield Sighted(eyes.name, BATCH, asked, show)


def _miscounted(said: Captions, count: int) -> str:
    return "" if len(said.captions) == count else f"captions: {len(said.captions)} sentences for {count} pictures"


def _shown(pixels: Pixels, studio: Studio) -> Asset:
    """A picture as a JPEG on the shelf: the same bytes for the same picture, so that the cache knows the answer."""
    from PIL import Image

    image = Image.fromarray(pixels)
    image.thumbnail((WIDE, WIDE))
    folder = studio.door.scratch
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{uuid.uuid4().hex}.jpg"
    image.save(path, "JPEG", quality=85)
    return studio.door.assets.add(path, lambda digest: Asset(id=digest, kind="image", format="jpg"))
