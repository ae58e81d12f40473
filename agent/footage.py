"""Footage for shots: each sentence has its own search in the library, and what is chosen is brought into the project.

Knows nothing about which candidate wins: agent/choose.py weighs them.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

from ..memory.library import Library
from ..memory.manifest import read_manifest
from ..tools.base import Weights
from ..tools.errors import ToolFailed, ToolMissing
from ..tools.media import Asset, Size, frames_of
from ..tools.stock import Embedder, Filter, Segment
from ..tools.stock.classify import MODEL as CLASSIFIER
from ..tools.stock.classify import EfficientNet
from ..tools.stock.clip import Clip
from ..tools.stock.examine import Examiner
from ..tools.stock.minilm import MODEL as READER
from ..tools.stock.minilm import MiniLM
from ..tools.stock.tables import query_words
from ..tools.stock.vectors import Vector
from ..tools.stock.walk import path_of
from .errors import BriefError
from .model import Brief, Pick, Shot
from .settings import Settings
from .studio import Studio

DEPTH = 16
"""Hits that a query is asked for."""
KEPT = 5
"""Candidates that a shot remembers."""
WORTH = 0.2
"""Score below which footage is no candidate at all."""
WHOLE = 0.5
"""What the whole sentence weighs: a query of two of its words may mean something else."""
_EDGE = 0.25
"""Seconds at either end of a segment that an in-point keeps away from."""
_NEAR = 12.0
"""Thousandths of motion that a second away from the moment that is meant is worth."""


def open_library(folder: Path, weights: Weights, home: str = "", clip: str = "") -> Library:
    """The library in a folder with the models that are here: MiniLM reads, EfficientNet names what it sees.

    Args:
        clip: a folder with a CLIP or SigLIP model of the user's own, which sees pictures as texts are read.
    """
    embedders: list[Embedder] = []
    examiner = Examiner()
    with suppress(ToolMissing):  # words alone find less, and find it honestly
        embedders.append(MiniLM(weights.path(READER)))
    with suppress(ToolMissing):
        examiner.tagger = EfficientNet(weights.path(CLASSIFIER))
    if clip:
        seer = Clip(Path(clip).expanduser())
        examiner.seer = seer
        embedders.append(seer)
    return Library.open(folder, embedders, examiner=examiner, home=home)


def clip_of(settings: Settings) -> str:
    """The folder of the user's CLIP model; empty where there is none."""
    return settings.tools.get("stock.clip", {}).get("folder", "")


def library_of(studio: Studio) -> Library | None:
    """The library that the settings name.

    Raises:
        BriefError: there is none where they say.
    """
    folder = studio.settings.library
    if folder is None:
        return None
    if read_manifest(folder) is None:
        raise BriefError(f"There is no library in {folder}.", f"Make one: reelwright index add PATH --index {folder}")
    return open_library(folder, studio.door.weights, clip=clip_of(studio.settings))


def candidates(
    library: Library, brief: Brief, shots: Sequence[Shot], words: Mapping[str, str]
) -> dict[str, list[Pick]]:
    """For each shot that footage could show: what its own sentence and its queries find, the best first."""
    asked = {shot.id: queries_of(shot, words) for shot in shots if shot.lines and open_to_footage(shot)}
    meanings = library.meanings([query for queries in asked.values() for query in queries])
    found: dict[str, list[Pick]] = {}
    for shot in shots:
        if shot.id in asked:
            seconds = _least(shot, brief.rate)
            wanted = Filter(kinds=("image", "video", "vector"), licences=brief.licences, seconds=seconds)
            found[shot.id] = _found(library, wanted, {query: meanings[query] for query in asked[shot.id]})
    return found


def _found(library: Library, wanted: Filter, asked: Mapping[str, Mapping[str, Vector]]) -> list[Pick]:
    """Every query brings its own; all are measured by the whole sentence and by the query that they answer best."""
    segments: dict[str, Segment] = {}
    queries = list(asked)
    for query, meaning in asked.items():
        hits = library.index.search(meaning, query, wanted, DEPTH)
        segments |= {hit.segment.id: hit.segment for hit in hits}
    rows = list(segments.values())
    answers = [library.index.scored(rows, meaning, query) for query, meaning in asked.items()]
    picks = []
    for at, segment in enumerate(rows):
        best = max(range(len(queries)), key=lambda number: (answers[number][at].score, -number))
        score = WHOLE * answers[0][at].score + (1 - WHOLE) * answers[best][at].score
        if score >= WORTH:
            picks.append(_pick(queries[best], score, segment))
    return sorted(picks, key=lambda pick: (-pick.score, pick.segment.id))


def open_to_footage(shot: Shot) -> bool:
    """A shot that carries numbers, steps or a place to read keeps its drawing."""
    card = shot.card
    return shot.source == "motion" and not (card.data or card.figure or card.code or card.places or len(card.items) > 1)


def queries_of(shot: Shot, words: Mapping[str, str]) -> list[str]:
    """What a library is asked for a shot: its own sentence, then its searches."""
    said = [word for line in shot.lines for word in words.get(line, "").split()]
    first, last = shot.words
    spoken = " ".join(said[first:last] if last else said)
    return list(dict.fromkeys(text for text in (spoken, *shot.queries[:3]) if query_words(text)))


def _least(shot: Shot, rate: Fraction) -> float:
    """A clip is stretched to twice its length at most."""
    return float(shot.frames / rate) / 2


def _pick(query: str, score: float, segment: Segment) -> Pick:
    """Without what only the search needed: plans stay small."""
    lean = {"notes": "", "speech": segment.speech[:300], "caption": segment.caption[:200]}
    return Pick(query=query, score=round(score, 3), segment=segment.model_copy(update=lean))


def picked(shot: Shot) -> Pick | None:
    """The candidate that is shown."""
    return next((pick for pick in shot.candidates if pick.segment.id == shot.chosen), None)


def bring(studio: Studio, pick: Pick) -> Asset:
    """The file of a candidate, on the project's shelf under its own hash.

    Raises:
        ToolFailed: it is gone, or is another file by now.
        Refused: it cannot be opened.
    """
    segment, shelf = pick.segment, studio.door.assets
    if segment.kind != "vector" and shelf.sound(segment.file):
        return _asset(segment, segment.file, _ending(segment.place))
    studio.door.scratch.mkdir(parents=True, exist_ok=True)
    path = fetched(segment, studio.door.scratch)
    if segment.kind == "vector":
        from ..tools.stock.vector import drawn

        drawing = studio.door.scratch / f"{segment.file}.png"
        drawn(path, drawing)
        return shelf.add(drawing, lambda digest: _asset(segment, digest, "png"))
    copy = studio.door.scratch / f"{segment.file}.copy"
    copy.write_bytes(path.read_bytes())
    brought = shelf.add(copy, lambda digest: _asset(segment, digest, _ending(segment.place)))
    if brought.id != segment.file:
        raise ToolFailed(f"{path.name} has changed since it was indexed.", "Run `reelwright index add` on it again.")
    return brought


def fetched(segment: Segment, folder: Path) -> Path:
    """The segment's file on this machine; one that lies behind a URL is fetched through the one door."""
    if segment.place.startswith(("http://", "https://")):
        from ..tools.web import Web

        target = folder / segment.file
        Web().save(segment.place, target, 2_000_000_000)
        return target
    path = path_of(segment.place)
    if not path.is_file():
        raise ToolFailed(f"{path.name} is gone.", "Run `reelwright index verify`.")
    return path


def _ending(place: str) -> str:
    return Path(place.partition("?")[0]).suffix.lstrip(".").lower()[:8] or "bin"


def _asset(segment: Segment, digest: str, ending: str) -> Asset:
    by = f" by {segment.author}" if segment.author else ""
    source = f" ({segment.url})" if segment.url else ""
    video = segment.kind == "video"
    return Asset(
        id=digest,
        kind="video" if video else "image",
        format=ending,
        rate=segment.rate if video else None,
        size=Size(width=segment.width // 2 * 2, height=segment.height // 2 * 2) if segment.width >= 16 else None,
        licence=segment.licence,
        origin=f"{path_of(segment.place).name}{by}{source}",
    )


def in_point(pick: Pick, seconds: float) -> float:
    """Where in the file the shot begins, in seconds: the steadiest stretch near the moment that is meant."""
    segment = pick.segment
    begin = float(segment.start / segment.rate)
    free = segment.seconds - seconds - 2 * _EDGE
    if segment.kind != "video" or free <= 0:
        return begin + max(0.0, (segment.seconds - seconds) / 2)
    curve = segment.curve or (0,)
    meant = _moment(pick)
    places = [_EDGE + step * 0.25 for step in range(int(free / 0.25) + 1)]

    def unrest(place: float) -> float:
        window = curve[int(place * 2) : max(int(place * 2) + 1, int((place + seconds) * 2))] or curve[-1:]
        far = abs(place + seconds / 2 - meant * segment.seconds) if meant is not None else 0.0
        return sum(window) / len(window) + _NEAR * far

    return begin + min(places, key=lambda place: (round(unrest(place), 3), place))


def _moment(pick: Pick) -> float | None:
    """Where in the segment its speech says what was asked for, as a part of its length; None where it does not."""
    asked = set(query_words(pick.query))
    said = pick.segment.speech.lower().split()
    places = [at for at, word in enumerate(said) if word.strip(".,;:!?") in asked]
    return (sum(places) / len(places) + 0.5) / len(said) if places else None


def stretch_of(pick: Pick, frames: int, rate: Fraction) -> dict[str, object]:
    """Fields of a FootageRequest: where it begins, and what it keeps to."""
    segment = pick.segment
    if segment.kind != "video":
        return {}
    begin, end = segment.start / segment.rate, (segment.start + segment.frames) / segment.rate
    start = frames_of(Fraction(in_point(pick, float(frames / rate))).limit_denominator(1000), rate)
    return {"start": start, "within": (frames_of(begin, rate), max(frames_of(end, rate), frames_of(begin, rate) + 1))}
