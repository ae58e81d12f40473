"""Citing: which of the brief's references say what a line says.

Knows words; a reference is only ever searched, never obeyed.
"""

from collections.abc import Sequence

from ..model import Reference
from .text import bare

RUN = 5
"""Words in a row that a line shares with its source, or all of a shorter line."""


def cites(text: str, references: Sequence[Reference]) -> tuple[str, ...]:
    """Names of the references in which the words of the line stand, wholly or for a run of them.

    >>> cites("Bees dance.", (Reference(name="notes.md", text="At noon bees dance on the comb."),))
    ('notes.md',)
    """
    words = _words(text)
    size = min(RUN, len(words))
    runs = [f" {' '.join(words[at : at + size])} " for at in range(len(words) - size + 1)] if size > 1 else []
    return tuple(
        reference.name
        for reference in references
        if runs and any(run in f" {' '.join(_words(reference.text))} " for run in runs)
    )


def _words(text: str) -> list[str]:
    return [plain for word in text.split() if (plain := bare(word))]
