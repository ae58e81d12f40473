"""What a rule of the grammar is read with: its parts, and the film that is spoken of.

Knows nothing about patterns or edits' effects.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..model import Brief, Take
from .edits import Edit
from .targets import Targets

Parts = Mapping[str, str]
"""What a rule's pattern found, by the name of its group."""


class Asked(NamedTuple):
    """What a request is about: the film, its takes so far by shot, and the edits of the clause before."""

    brief: Brief
    targets: Targets
    takes: Mapping[str, Sequence[Take]]
    before: tuple[Edit, ...] = ()
