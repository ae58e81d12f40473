"""Pieces: lines cut and joined into the stretches of words that one shot each will cover.

Knows words and seconds; knows nothing about cards. Every word of every line is in exactly one piece.
"""

from collections.abc import Sequence
from itertools import pairwise

from ...tools.media import Frozen
from ..model import Line, Part, Scene
from ..pace import LINE_PAUSE
from .language import Language
from .numbers import Count, alike, count, turn
from .pace import seconds
from .text import SPEECH, bare, ends_clause, opens_clause

IDEAL, LONG, LONGEST = 3.2, 5.0, 7.4
"""Seconds of a shot: what we aim at, what we cut if we can, what we cut in any case (8 with its pauses)."""
SHORT = 1.6
SHORT_LEAD = 2.2
"""Seconds of a line that opens a list and shares its first card."""
OPENING_WORDS = 40
LONGEST_TITLE = 3.2
FIRST = 2.7
"""Seconds after which the first shot is cut."""
PAGE = 3
"""Entries on one list card, four where they are short."""


class Piece(Frozen):
    """Words `start` to `end` (exclusive) of some lines' words, all in one scene."""

    scene: str
    lines: tuple[Line, ...]
    start: int
    end: int

    @property
    def words(self) -> list[str]:
        """The words that the shot covers."""
        return self._all()[self.start : self.end]

    @property
    def before(self) -> list[str]:
        """The words of its lines that an earlier shot covers."""
        return self._all()[: self.start]

    @property
    def closes(self) -> bool:
        """Whether it ends with its last line."""
        return self.end == len(self._all())

    @property
    def seconds(self) -> float:
        """Expected length with the pauses it holds."""
        rests = len(self.lines) - (0 if self.closes else 1)
        return seconds(" ".join(self.words)) + LINE_PAUSE * rests

    @property
    def part(self) -> Part:
        """What its first line is in the brief."""
        return self.lines[0].part

    @property
    def begins(self) -> list[int]:
        """Where each line begins, counted from the piece's first word."""
        at, found = -self.start, []
        for line in self.lines:
            found.append(max(0, at))
            at += len(line.text.split())
        return found

    def _all(self) -> list[str]:
        return [word for line in self.lines for word in line.text.split()]


def pieces(scenes: Sequence[Scene], tongue: Language, silent: bool) -> list[Piece]:
    """All pieces in order. Where a title is spoken over, and where a chapter opens, the first one is short."""
    found: list[Piece] = []
    for scene in scenes:
        titled = bool(scene.heading) if found else not silent
        inside: list[Piece] = []
        for moment in _moments(scene.lines, tongue, opens=titled):
            inside += _cut(scene.id, moment, tongue, opens=titled and not inside)
        found += _merged(inside, opens=titled)
    return found


def needs_silence(line: Line, tongue: Language) -> bool:
    """Whether the title must stand before the first line: its words are wanted for a card of their own.

    Else the title stands over the words that open the line.
    """
    if line.part not in ("say", "lead"):
        return True
    opening = line.model_copy(update={"text": " ".join(line.text.split()[:OPENING_WORDS])})
    first = _cut("", (opening,), tongue, opens=True)[0]
    number = count(first.words, tongue)
    return first.seconds > LONGEST_TITLE or first.seconds < SHORT - 0.3 or (number is not None and number.written)


def _moments(lines: Sequence[Line], tongue: Language, opens: bool) -> list[tuple[Line, ...]]:
    """Lines that belong on one card: two numbers that are compared, and pages of a list."""
    found: list[tuple[Line, ...]] = []
    at = 0
    while at < len(lines):
        run = 1
        if lines[at].part in ("item", "step"):
            run = _page(lines, at, LONGEST)
        elif lines[at].part == "lead" and seconds(lines[at].text) <= SHORT_LEAD and not (opens and not at):
            page = _page(lines, at + 1, LONGEST - seconds(lines[at].text))
            run = 1 + page if page > 1 else 1
        elif not (opens and not at) and at + 1 < len(lines) and compared(lines[at], lines[at + 1], tongue):
            run = 2
        found.append(tuple(lines[at : at + run]))
        at += run
    return found


def _page(lines: Sequence[Line], at: int, room: float) -> int:
    """Entries on the card that begins at `at`, so that the pages of a list are about equally long."""
    left = at
    while left < len(lines) and lines[left].part == lines[at].part in ("item", "step"):
        left += 1
    cost = [seconds(line.text) + LINE_PAUSE for line in lines[at:left]]
    pages = max(1, -int(-sum(cost) // room), -(-len(cost) // (PAGE + 1)))
    share, total = sum(cost) / pages, 0.0
    for taken, each in enumerate(cost):
        if taken and (total + each / 2 > share or total + each > room or taken > PAGE):
            return taken
        total += each
    return len(cost)


def compared(one: Line, other: Line, tongue: Language) -> bool:
    """Whether two lines set one number against another of its kind."""
    if one.part != "say" or other.part != "say" or seconds(one.text) + seconds(other.text) > LONGEST - 1:
        return False
    first, second = count(one.text.split(), tongue), count(other.text.split(), tongue)
    if not (first and second and first.written and second.written):
        return False
    return alike(first, second)


def _cut(scene: str, moment: tuple[Line, ...], tongue: Language, opens: bool) -> list[Piece]:
    """Cut a moment where its clauses end, if it is long, opens the film or leads up to a number."""
    words = [word for line in moment for word in line.text.split()]
    keeps = len(moment) > 1 or moment[0].part == "quote" or bool(turn(words, tongue) or _speech(moment[0].text))
    if keeps and not opens and seconds(" ".join(words)) + LINE_PAUSE * len(moment) <= LONGEST + 0.4:
        edges = [0, len(words)]
    else:
        edges = _edges(words, tongue, opens, None if keeps else count(words, tongue))
    return [piece for start, end in pairwise(edges) for piece in [_narrowed(scene, moment, start, end)] if piece.lines]


def _speech(text: str) -> bool:
    found = SPEECH.search(text)
    return bool(found and len(found[1].split()) > 2)


def _narrowed(scene: str, lines: tuple[Line, ...], start: int, end: int) -> Piece:
    """A piece that names only the lines it touches."""
    kept, at, offset = [], 0, 0
    for line in lines:
        size = len(line.text.split())
        if at + size <= start:
            offset += size
        elif at < end:
            kept.append(line)
        at += size
    return Piece(scene=scene, lines=tuple(kept), start=start - offset, end=end - offset)


def _edges(words: list[str], tongue: Language, opens: bool, number: Count | None) -> list[int]:
    """The cheapest way to cut: shots near their ideal length, cuts where a reader rests."""
    cost = [seconds(word) for word in words]
    before = _before_number(words, tongue, number)
    edge = [_edge_price(words, at, tongue, before) for at in range(len(words))]
    best: list[tuple[float, int]] = [(0.0, 0)] + [(float("inf"), 0)] * len(words)
    for end in range(1, len(words) + 1):
        length = 0.0
        for start in range(end - 1, -1, -1):
            length += cost[start]
            if length > LONGEST and start < end - 1:
                break
            total = best[start][0] + _price(length, first=opens and not start)
            total += edge[start]
            if total < best[end][0]:
                best[end] = (total, start)
    edges = [len(words)]
    while edges[-1]:
        edges.append(best[edges[-1]][1])
    return edges[::-1]


def _price(length: float, first: bool) -> float:
    price = 0.12 * (length - IDEAL) ** 2 + max(0.0, length - LONG) + 3 * max(0.0, SHORT - length)
    return price + (4 * max(0.0, length - FIRST) if first else 0.0)


def _before_number(words: list[str], tongue: Language, number: Count | None) -> int:
    """Where a shot for the number would begin: before "about", "more than" and the like."""
    if number is None or not number.written:
        return 0
    at = number.start
    while at and (bare(words[at - 1]) in tongue.qualifiers or bare(words[at - 1]) == "than"):
        at -= 1
    for back in range(1, 3):
        if at - back > 0 and bare(words[at - back]) in tongue.breaks:
            return at - back
    return at


def _edge_price(words: list[str], at: int, tongue: Language, number: int) -> float:
    if not at:
        return 0.0
    before, after = bare(words[at - 1]), bare(words[at])
    if number and at == number:
        return -0.5
    if ends_clause(words[at - 1]):
        return 0.2 if words[at - 1][-1] in ",、，،" else 0.1
    if opens_clause(words[at]):
        return 0.4
    if (
        before
        in tongue.determiners | tongue.prepositions | tongue.auxiliaries | tongue.conjunctions | tongue.qualifiers
    ):
        return 4.0
    return 0.4 if after in tongue.breaks else 0.9 if after in tongue.prepositions else 2.5


def _merged(inside: list[Piece], opens: bool) -> list[Piece]:
    """Join what is too short for a shot with its neighbour, in its own line if it can."""
    found: list[Piece] = []
    for piece in inside:
        short = found and (piece.seconds < SHORT or found[-1].seconds < SHORT - 0.05)
        first = opens and len(found) == 1
        if short and not (first and found[-1].seconds >= 1.0) and found[-1].seconds + piece.seconds <= LONG + 1:
            joined = _joined(found[-1], piece)
            if joined.part in ("say", "lead", "items") or joined.lines == found[-1].lines:
                found[-1] = joined
                continue
        found.append(piece)
    return found


def _joined(one: Piece, other: Piece) -> Piece:
    lines = tuple(dict.fromkeys((*one.lines, *other.lines)))
    length = one.end - one.start + other.end - other.start
    return Piece(scene=one.scene, lines=lines, start=one.start, end=one.start + length)
