"""Scripts that are read as they stand: all that a brief says, or what somebody said, without a choice or a length.

Knows documents and words; knows nothing about recordings.
"""

from collections.abc import Collection

from ..model import Brief, Script
from .dialogue import attributed
from .language import detect, language
from .looks import mood
from .markdown import Document, read
from .phrases import phrase, weights
from .sayings import Group, Saying, groups
from .text import sentence, sentences
from .writing import END_CARD, SCENE_LINES, scenes_of

__all__ = ["END_CARD", "as_written", "of_words"]


def as_written(brief: Brief, without: Collection[int]) -> Script:
    """Everything the brief says, but the sentences with these numbers."""
    document = attributed(read(brief.text), [name for name, _ in brief.cast])
    code = brief.language or detect(brief.text)
    kept: list[Group] = []
    number = 0
    for group in groups(document, language(code)):
        sayings = tuple(saying for at, saying in enumerate(group.sayings, start=number) if at not in without)
        number += len(group.sayings)
        if sayings:
            kept.append(group.model_copy(update={"sayings": sayings}))
    return _script(document, kept, code)


def of_words(brief: Brief, text: str, code: str) -> Script:
    """What somebody said, sentence by sentence, under the brief's title."""
    said = [sentence(each) for each in sentences(text, code)]
    kept = [Group(sayings=(Saying(text=each),), block=at // SCENE_LINES) for at, each in enumerate(said)]
    return _script(read(brief.text), kept, code)


def _script(document: Document, kept: list[Group], code: str) -> Script:
    tongue = language(code)
    title = document.title
    if not title and kept:
        words = kept[0].sayings[0].text.split()
        title = phrase(words, weights([group.text for group in kept], tongue), tongue)[0][:80]
    lead = mood(f"{title} {title} " + " ".join(group.text for group in kept), tongue)
    scenes = scenes_of(kept, tongue, lead)
    logline = next((line.text for scene in scenes for line in scene.lines), "")
    return Script(title=title or "…", logline=logline, scenes=scenes, language=code)
