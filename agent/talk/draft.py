"""What is known of the film that a person wants, while it is still being asked for.

Knows what a brief needs; knows nothing about how it is asked or heard.
"""

from typing import Literal

from ...tools.media import Frozen, Size
from ..model import LONGEST, Brief
from .lexis import Lexis
from .meaning import Meaning

SHORTEST = 2.0
MOST_CONTENT = 6000
"""Characters that are kept of what a film is to say: ten minutes of narration are about 9,000, most films one."""
Detail = Literal["seconds", "size", "audience"]


class Draft(Frozen):
    """A brief in the making; what is None or empty was not said yet."""

    topic: str = ""
    content: tuple[str, ...] = ()
    seconds: float | None = None
    size: Size | None = None
    audience: str = ""
    asked: tuple[Detail, ...] = ()
    """Details that were given on the command line or asked for: they are not asked again."""

    @property
    def lacking(self) -> tuple[Detail, ...]:
        """What may still be asked, in the order of asking."""
        known = {"seconds": self.seconds is not None, "size": self.size is not None, "audience": bool(self.audience)}
        names: tuple[Detail, ...] = ("seconds", "size", "audience")
        return tuple(name for name in names if not known[name] and name not in self.asked)

    def with_(self, meaning: Meaning, words: Lexis, like: Size) -> "Draft":
        """The draft with what was said; a shape takes the resolution of `like`."""
        changes: dict[str, object] = {}
        if meaning.topic:
            changes["topic"] = meaning.topic
        if meaning.content:
            changes["content"] = (*self.content, meaning.content[: MOST_CONTENT - sum(map(len, self.content))])
        if meaning.seconds:
            changes["seconds"] = min(max(meaning.seconds, SHORTEST), float(LONGEST))
        if meaning.shape:
            changes["size"] = scaled(words.size(meaning.shape), like)
        if meaning.audience:
            changes["audience"] = meaning.audience
        return self.model_copy(update=changes)

    def brief(self, default: Brief) -> Brief:
        """The brief that it makes; what was not said is as in `default`."""
        text = "\n\n".join((f"# {self.topic}", *self.content)) + "\n"
        changes = {"text": text, "seconds": self.seconds, "size": self.size, "audience": self.audience or None}
        return default.model_copy(update={name: value for name, value in changes.items() if value is not None})


def draft_of(brief: Brief) -> Draft:
    """The draft that a brief came from, as far as it can be told."""
    head, _, body = brief.text.partition("\n")
    content = tuple(part for part in (body.strip(),) if part)
    return Draft(
        topic=head.removeprefix("# ").strip(),
        content=content,
        seconds=brief.seconds,
        size=brief.size,
        audience=brief.audience,
    )


def scaled(size: Size, like: Size) -> Size:
    """A shape at the resolution of another: the same short side, even numbers.

    >>> scaled(Size(width=1920, height=1080), Size(width=270, height=480))
    Size(width=480, height=270)
    """
    factor = min(like.width, like.height) / min(size.width, size.height)

    def even(pixels: int) -> int:
        return 2 * round(pixels * factor / 2)

    return Size(width=even(size.width), height=even(size.height))
