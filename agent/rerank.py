"""Re-ranking: the critic's model looks over the footage that was found for each sentence, in words.

Knows descriptions and scores; knows nothing about searches. One question for many shots: a film costs one or two.
"""

import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from pydantic import Field

from ..prompts import fence, render
from ..tools.errors import ToolError
from ..tools.media import Frozen
from ..tools.stock import Hit
from .drawing import said
from .errors import BudgetExceeded, PlanError
from .events import Warned
from .model import Pick, Shot
from .settings import Settings
from .studio import Studio

TOP = 6
"""Candidates of a shot that are looked over, the best first."""
BATCH = 24
"""Shots of a question."""
NOTHING, WHOLE = 0.1, 0.7
"""Scores that a 0 and a 10 stand for, on the search's scale: its wrong answers lie about 0.34, its right ones 0.5."""
SAYS = 0.6
"""What the model's word weighs, the search's the rest: it reads a description whole, and numbers are all it gives."""
_LONGEST = 240
"""Characters of a description."""
_SKIPPED = (ToolError, PlanError, BudgetExceeded)


class Fits(Frozen):
    """How well each candidate of a shot shows it, 0 to 10, in their order."""

    shot: str
    fits: tuple[float, ...] = Field(max_length=TOP)


class Ranking(Frozen):
    """The fits of several shots."""

    shots: tuple[Fits, ...]


def reranked(
    studio: Studio, title: str, shots: Sequence[Shot], words: Mapping[str, str], found: Mapping[str, Sequence[Pick]]
) -> dict[str, list[Pick]]:
    """The candidates with scores that the model had its word in; as they were, and that is said, where it has none."""
    kept = {name: list(picks) for name, picks in found.items()}
    mind = studio.mind("critic")
    asked = [shot for shot in shots if len(kept.get(shot.id, ())) > 1]
    if mind is None:
        studio.warn("footage", "Nobody re-ranks the footage: name a critic under [minds] in reelwright.toml.")
        return kept
    for first in range(0, len(asked), BATCH):
        part = asked[first : first + BATCH]
        counts = {shot.id: len(kept[shot.id][:TOP]) for shot in part}
        rows = "\n\n".join(_described(shot, words, kept[shot.id][:TOP]) for shot in part)
        prompt = render("rank", title=title, sentences=fence("sentences", rows))
        try:
            answer = mind.ask(prompt, Ranking, target="footage", stage="direct", check=partial(_unfit, counts=counts))
        except _SKIPPED as error:
            studio.warn("footage", f"The footage keeps its order: {error}")
            return kept
        for row in answer.shots:
            kept[row.shot] = _judged(kept[row.shot], row.fits)
    return kept


def searched(settings: Settings, text: str, hits: Sequence[Hit]) -> tuple[list[Hit], tuple[str, ...]]:
    """What one search found, looked over in the same way at a door of its own; and what is to be told of it."""
    picks = [Pick(query=text, score=hit.score, segment=hit.segment) for hit in hits]
    shot = Shot(id="search", scene="search", lines=("asked",))
    with tempfile.TemporaryDirectory(prefix="reelwright-") as folder:
        studio = Studio.open(Path(folder) / "search", settings)
        found = reranked(studio, text, [shot], {"asked": text}, {shot.id: picks})[shot.id]
        told = tuple(event.message for event in studio.log.warnings if isinstance(event, Warned))
    known = {hit.segment.id: hit for hit in hits}
    return [known[pick.segment.id].model_copy(update={"score": pick.score}) for pick in found], told


def _described(shot: Shot, words: Mapping[str, str], picks: Sequence[Pick]) -> str:
    rows = [f"{number}. {_words(pick)}" for number, pick in enumerate(picks, start=1)]
    return "\n".join([f"{shot.id}: {said(shot, words)}", *rows])


def _words(pick: Pick) -> str:
    segment = pick.segment
    told = ". ".join(part for part in (segment.caption, segment.name, ", ".join(segment.tags), segment.speech) if part)
    kind = f"{segment.kind}, {segment.seconds:.0f} s" if segment.kind == "video" else segment.kind
    return f"({kind}) {' '.join(told.split())[:_LONGEST] or 'nothing is known of it'}"


def _unfit(answer: Ranking, counts: Mapping[str, int]) -> str:
    """What is wrong with an answer, in a sentence."""
    given = {row.shot: len(row.fits) for row in answer.shots}
    if strange := sorted(set(given) - set(counts)):
        return f"there is no shot {strange[0]}"
    wrong = [f"{name} has {count} candidates" for name, count in counts.items() if given.get(name) != count]
    return "; ".join(wrong[:3])


def _judged(picks: Sequence[Pick], fits: Sequence[float]) -> list[Pick]:
    """The model's word and the search's, by weight; candidates that it did not see keep their scores."""
    rows = list(picks)
    for at, fit in enumerate(fits):
        share = min(10.0, max(0.0, fit)) / 10
        score = (1 - SAYS) * rows[at].score + SAYS * (NOTHING + (WHOLE - NOTHING) * share)
        rows[at] = rows[at].model_copy(update={"score": round(score, 3)})
    return sorted(rows, key=lambda pick: (-pick.score, pick.segment.id))
