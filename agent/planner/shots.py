"""Direct: a script becomes shots, each with the layout, motif and words that suit what is said.

Knows scripts, pieces and cards; knows nothing about how they are rendered.
"""

from collections.abc import Sequence

from ...tools.media import frames_of
from ...tools.video import Card
from ..model import Brief, Line, Scene, Script, Shot
from .cards import Choice, Context, choices
from .language import language
from .looks import Look, look
from .phrases import headline, queries, tidy, weights
from .pictures import pictures
from .pieces import Piece, pieces
from .text import bare, ends_clause
from .titles import titles
from .writing import END_CARD

CAMERA = {"title": "push", "chapter": "push", "quote": "push", "icons": "drift", "end": "hold", "figure": "hold"}
CLOSING_WORDS = 10
"""More words than these are too many for an end card."""
AGAIN, THIRD = 0.7, 100.0
"""What a layout loses when the shot before has it too, and when the two before have it."""


def direct(brief: Brief, script: Script) -> tuple[Shot, ...]:
    """The shots of a script, on estimated times."""
    tongue = language(script.language)
    lead = script.scenes[0].mood if script.scenes else "warm"
    style = look(f"{script.title} {brief.style}", lead, brief.style, tongue, brief.seed)
    if not script.lines:
        return titles(brief, script, style, tongue)
    weight = weights([script.title, *(line.text for line in script.lines)], tongue)
    cut = pieces(script.scenes, tongue)
    film = Context(title=script.title, weight=weight, tongue=tongue)
    options = [_options(piece, at, cut, script, film) for at, piece in enumerate(cut)]
    chosen = _sequence(options)
    shots = [
        _shot(brief, script, at, piece, choice, style, film)
        for at, (piece, choice) in enumerate(zip(cut, chosen, strict=True))
    ]
    return (*shots, _end(brief, script, len(shots), style, _closing(cut[-1], film)))


def _options(piece: Piece, at: int, cut: Sequence[Piece], script: Script, film: Context) -> list[Choice]:
    scene = next(scene for scene in script.scenes if scene.id == piece.scene)
    if not at:
        return [Choice(9.0, "title", _title_card(piece, film), (0,))]
    opens = cut[at - 1].scene != piece.scene
    lead = _lead(scene, piece, film) if piece.part in ("item", "step", "items") else ""
    found = choices(piece, film._replace(lead=lead))
    if opens and scene.heading and piece.part not in ("item", "step", "quote"):
        found.append(Choice(4.0, "chapter", Card(kicker=_kicker(script.title), headline=scene.heading), (0,)))
    return found


def _kicker(title: str) -> str:
    return title if len(title) <= 40 else ""


def _title_card(piece: Piece, film: Context) -> Card:
    icons = tuple(pictures(film.title.split(), film.tongue).values())[:2]
    return Card(headline=film.title, icons=icons)


def _lead(scene: Scene, piece: Piece, film: Context) -> str:
    """What a list is about: the key phrase of the line that opens it, else the scene's heading."""
    opening: Line | None = None
    for line in scene.lines:
        if line.id == piece.lines[0].id:
            break
        opening = line if line.part == "lead" else opening
    if opening is None:
        return scene.heading
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


def _shot(brief: Brief, script: Script, at: int, piece: Piece, choice: Choice, style: Look, film: Context) -> Shot:
    words = piece.words
    mood = next(scene.mood for scene in script.scenes if scene.id == piece.scene)
    return Shot(
        id=f"shot{at + 1:02}",
        scene=piece.scene,
        lines=tuple(line.id for line in piece.lines),
        words=(piece.start, piece.end),
        spots=choice.spots,
        prompt=f"{' '.join(words)} ({mood}, {film.title})",
        queries=queries(words, film.weight, film.tongue, film.title),
        camera=CAMERA.get(choice.layout, "drift"),
        frames=max(1, frames_of(piece.seconds, brief.rate)),
        seed=brief.seed * 1000 + at,
        style=style.style,
        palette=style.palette,
        layout=choice.layout,
        motif=style.motifs[at % len(style.motifs)],
        card=choice.card,
    )


def _closing(piece: Piece, film: Context) -> str:
    """What the film closes with: its last words, if they are few, else their key phrase."""
    words = piece.words
    for start in range(len(words) - 3, -1, -1):
        opens = not start or ends_clause(words[start - 1])
        if opens and len(words) - start <= CLOSING_WORDS and bare(words[start]) not in film.tongue.conjunctions:
            return tidy(words[start:])
    start, end = headline(words, film.weight, film.tongue)
    return tidy(words[start:end])


def _end(brief: Brief, script: Script, at: int, style: Look, closing: str) -> Shot:
    """The end card: the title, and the phrase that the film closes with."""
    card = Card(kicker=_kicker(script.title), headline=closing)
    return Shot(
        id=f"shot{at + 1:02}",
        scene=script.scenes[-1].id,
        lines=(),
        prompt=f"End card: {script.title}",
        camera=CAMERA["end"],
        frames=frames_of(END_CARD, brief.rate),
        seed=brief.seed * 1000 + at,
        style=style.style,
        palette=style.palette,
        layout="end",
        motif=style.motifs[at % len(style.motifs)],
        card=card,
    )
