"""Direct: a script becomes shots, each with the layout, motif and words that suit what is said.

Knows scripts, pieces and cards; knows nothing about how they are rendered.
"""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from ...tools.media import frames_of
from ...tools.video import Card
from ..model import Brief, Line, Scene, Script, Shot
from .cards import Choice, Context, choices
from .exhibits import anchors
from .language import language
from .looks import Look, brightened, look
from .markdown import read
from .phrases import accent, headline, phrase, queries, tidy, weights
from .pictures import pictures
from .pieces import Piece, needs_silence, pieces
from .text import bare, ends_clause
from .titles import titles
from .writing import END_CARD, TITLE_CARD

CAMERA = {"title": "push", "chapter": "push", "quote": "push", "icons": "drift", "end": "hold", "figure": "hold"}
LONGEST_CHAPTER = 3.6
"""Seconds of speech that a chapter card can stand for."""
CLOSING_WORDS = 10
"""More words than these are too many for an end card."""
AGAIN, THIRD = 0.7, 100.0
"""What a layout loses when the shot before has it too, and when the two before have it."""


def direct(brief: Brief, script: Script, liking: Mapping[str, float] = MappingProxyType({})) -> tuple[Shot, ...]:
    """The shots of a script, on estimated times. `liking` is what layouts gain or lose by a person's taste."""
    tongue = language(script.language)
    mood = script.scenes[0].mood
    style = look(f"{script.title} {brief.style}", mood, brief.style, tongue, brief.seed, brief.brand)
    if not script.lines:
        return titles(brief, script, style, tongue)
    film = _film(script, brief)
    silent = needs_silence(script.lines[0], tongue) or script.lines[0].id in film.beside
    cut = pieces(script.scenes, tongue, silent)
    options = [
        [choice._replace(score=choice.score + liking.get(choice.layout, 0.0)) for choice in found]
        for at, piece in enumerate(cut)
        for found in [_options(piece, at, cut, script, film, silent)]
    ]
    shots = [_shot(brief, script, piece, choice, film) for piece, choice in zip(cut, _sequence(options), strict=True)]
    if silent:
        shots.insert(0, _opening(brief, script, film))
    shots.append(_end(brief, script, _closing(cut[-1], film), film))
    return brightened(_styled(shot, at, brief, style) for at, shot in enumerate(shots))


def _styled(shot: Shot, at: int, brief: Brief, look: Look) -> Shot:
    """The shot with its place in the film: its id, its seed, and a motif unlike its neighbours'."""
    return shot.model_copy(
        update={
            "id": f"shot{at + 1:02}",
            "seed": brief.seed * 1000 + at,
            "camera": CAMERA.get(shot.layout, "drift"),
            "style": look.style,
            "palette": look.palette,
            "motif": look.motifs[at % len(look.motifs)],
        }
    )


def _options(piece: Piece, at: int, cut: Sequence[Piece], script: Script, film: Context, silent: bool) -> list[Choice]:
    scene = next(scene for scene in script.scenes if scene.id == piece.scene)
    if not at and not silent:
        return [Choice(9.0, "title", _title_card(film), (0,))]
    opens = bool(at) and cut[at - 1].scene != piece.scene
    lead = _lead(scene, piece, film) if piece.part in ("item", "step", "items") else ""
    found = choices(piece, film._replace(lead=lead, rows=_rows(scene, piece)))
    if opens and scene.heading and piece.part not in ("item", "step", "quote"):
        score = 4.0 if piece.seconds <= LONGEST_CHAPTER else 1.2
        found.append(Choice(score, "chapter", Card(kicker=_kicker(script.title), headline=scene.heading), (0,)))
    return found


def _rows(scene: Scene, piece: Piece) -> tuple[str, ...]:
    """The entries of the list that a piece is part of, those of its neighbours' shots too."""
    inside = [at for at, line in enumerate(scene.lines) if line.id == piece.lines[-1].id]
    if not inside or piece.lines[-1].part not in ("item", "step"):
        return ()
    first = last = inside[0]
    part = piece.lines[-1].part
    while first and scene.lines[first - 1].part == part:
        first -= 1
    while last + 1 < len(scene.lines) and scene.lines[last + 1].part == part:
        last += 1
    return tuple(line.text for line in scene.lines[first : last + 1])


def _kicker(title: str) -> str:
    return title if len(title) <= 40 else ""


def _title_card(film: Context) -> Card:
    key = accent(film.title.split(), film.tongue)
    icons = tuple(pictures(film.title.split(), film.tongue).values())[:2]
    return Card(headline=film.title, accent=key, icons=icons)


def _lead(scene: Scene, piece: Piece, film: Context) -> str:
    """What a list is about: the key phrase of the line that opens it, else the scene's heading."""
    opening: Line | None = None
    for line in scene.lines:
        if line.id == piece.lines[0].id:
            break
        opening = line if line.part == "lead" else opening
    if opening is None:
        return scene.heading or _kicker(film.title)
    words = opening.text.split()
    start, end = headline(words, film.weight, film.tongue)
    return tidy(words[start:end])


def _sequence(options: Sequence[Sequence[Choice]]) -> list[Choice]:
    """The best run of layouts in which no three neighbours are alike (Viterbi over the last two)."""
    best: dict[tuple[str, str], tuple[float, list[int]]] = {("", ""): (0.0, [])}
    for found in options:
        following: dict[tuple[str, str], tuple[float, list[int]]] = {}
        for (older, old), (total, path) in best.items():
            for index, choice in enumerate(found):
                worth = total + choice.score - (AGAIN if choice.layout == old else 0.0)
                worth -= THIRD if choice.layout == old == older else 0.0
                key = (old, choice.layout)
                if key not in following or worth > following[key][0]:
                    following[key] = (worth, [*path, index])
        best = following
    _, path = max(best.values(), key=lambda each: each[0])
    return [found[index] for found, index in zip(options, path, strict=True)]


def _shot(brief: Brief, script: Script, piece: Piece, choice: Choice, film: Context) -> Shot:
    mood = next(scene.mood for scene in script.scenes if scene.id == piece.scene)
    return Shot(
        id="shot",
        scene=piece.scene,
        lines=tuple(line.id for line in piece.lines),
        words=(piece.start, piece.end),
        spots=choice.spots,
        prompt=f"{' '.join(piece.words)} ({mood}, {film.title})",
        queries=queries(piece.words, film.weight, film.tongue, film.title),
        frames=max(1, frames_of(piece.seconds, brief.rate)),
        layout=choice.layout,
        card=choice.card,
    )


def _opening(brief: Brief, script: Script, film: Context) -> Shot:
    """A title that nobody speaks over."""
    return Shot(
        id="shot",
        scene=script.scenes[0].id,
        lines=(),
        prompt=f"Title: {script.title}",
        queries=queries(script.title.split(), film.weight, film.tongue, ""),
        frames=frames_of(TITLE_CARD, brief.rate),
        layout="title",
        card=_title_card(film),
    )


def _end(brief: Brief, script: Script, closing: str, film: Context) -> Shot:
    """The end card: the title, and the phrase that the film closes with."""
    icons = tuple(pictures(film.title.split(), film.tongue).values())[-1:]
    key = accent(film.title.split(), film.tongue)
    return Shot(
        id="shot",
        scene=script.scenes[-1].id,
        lines=(),
        prompt=f"End card: {script.title}",
        queries=queries(script.title.split(), film.weight, film.tongue, ""),
        frames=frames_of(END_CARD, brief.rate),
        layout="end",
        card=Card(headline=script.title, accent=key, body=closing, icons=icons),
    )


def _closing(piece: Piece, film: Context) -> str:
    """What the film closes with: its last clauses, if their words are few, else their key phrase."""
    words = piece.words
    for start in range(len(words) - 3, -1, -1):
        opens = not start or ends_clause(words[start - 1])
        if opens and len(words) - start <= CLOSING_WORDS and bare(words[start]) not in film.tongue.conjunctions:
            return tidy(words[start:])
    return phrase(words, film.weight, film.tongue)[0]


def redirect(brief: Brief, script: Script, lines: Collection[str], *, opens: bool = False) -> tuple[Shot, ...]:
    """Shots for some of a script's lines only, without the looks and ids that their neighbours give them.

    Args:
        lines: ids of the lines; every word of each is covered once.
        opens: these lines open the film, so that its title stands over or before them.
    """
    tongue = language(script.language)
    scenes = tuple(
        scene.model_copy(update={"lines": tuple(line for line in scene.lines if line.id in lines)})
        for scene in script.scenes
        if any(line.id in lines for line in scene.lines)
    )
    first = scenes[0].lines[0]
    film = _film(script, brief)
    silent = not opens or needs_silence(first, tongue)
    cut = pieces(scenes, tongue, silent)
    options = [_options(piece, at, cut, script, film, silent) for at, piece in enumerate(cut)]
    shots = [_shot(brief, script, piece, choice, film) for piece, choice in zip(cut, _sequence(options), strict=True)]
    if opens and silent:
        shots.insert(0, _opening(brief, script, film))
    return tuple(shot.model_copy(update={"camera": CAMERA.get(shot.layout, "drift")}) for shot in shots)


def closing(script: Script) -> str:
    """The phrase that a film with these lines closes with."""
    scene = next(scene for scene in reversed(script.scenes) if scene.lines)
    return _closing(pieces((scene,), language(script.language), True)[-1], _film(script))


def _film(script: Script, brief: Brief | None = None) -> Context:
    tongue = language(script.language)
    weight = weights([script.title, *(line.text for line in script.lines)], tongue)
    film = Context(title=script.title, weight=weight, tongue=tongue)
    shown = read(brief.text).exhibits if brief else ()
    return film._replace(exhibits=shown, beside=anchors(shown, script.lines, tongue)) if shown else film
