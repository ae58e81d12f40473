"""Choose: where each shot's picture comes from, and why.

The person's own file, a program, footage of a library, a video model, or motion graphics. Knows words, scores, promises
and budgets; knows nothing about pixels or pipelines.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ..tools.errors import ToolMissing
from ..tools.media import Asset
from ..tools.registry import GENERATE
from ..tools.stock.notes import name_words
from .drawing import said as spoken
from .errors import Refused, ToolError
from .events import worth
from .footage import open_to_footage
from .furnish import furnished
from .generate import Maker, admitted, maker_of, request_of, tell_barred
from .likeness import shown
from .model import Brief, Script, Shot
from .planner.language import detect, language
from .planner.text import topic_words
from .quote import expected
from .shoot import handle_of
from .studio import Studio

ENOUGH = 0.3
"""Similarity below which a picture is left out: showing the wrong thing is worse than showing none."""
LETTERED = {"title", "chapter", "end", "quote", "figure"}
"""Layouts that are there to be read: a video model cannot spell."""
SHARE = 0.8
"""Of the tool seconds that are left, what `auto` spends on generating: voices, drawing and cutting want the rest."""


def sourced(studio: Studio, brief: Brief, script: Script, shots: tuple[Shot, ...]) -> tuple[Shot, ...]:
    """The shots with their sources: what was asked for, or what `auto` finds best; each says why."""
    wanted = studio.settings.source
    shots = tuple(_standing(shot, brief) for shot in shots)
    if wanted == "stock" and studio.settings.library is None and not studio.settings.remotes:
        message = "Footage needs a library: name one with --library FOLDER or --remote NAME. It is drawn."
        studio.warn("script", message, degraded=True)
    missed: dict[str, str] = {}
    if wanted in ("auto", "stock"):
        shots, missed = furnished(studio, brief, script, shots)
    if wanted in ("auto", "generate"):
        shots = generated(studio, brief, script, shots)
    for shot in shots:
        if shot.id in missed and shot.source == "motion":
            studio.warn(shot.id, f"No footage shows this well enough ({missed[shot.id]}); it is drawn.")
    asked = "motion graphics were asked for" if wanted == "motion" else "there is nothing better here"
    return tuple(shot if shot.why else _because(shot, asked) for shot in shots)


def _because(shot: Shot, why: str, **changes: object) -> Shot:
    return shot.model_copy(update={"why": why, **changes})


def _standing(shot: Shot, brief: Brief) -> Shot:
    """A shot whose source stands before anything is looked for says why."""
    if shot.source == "own":
        names = [asset.origin.partition("\n")[0] for asset in brief.assets if asset.id == shot.asset]
        return _because(shot, f"your file {names[0]} answers its words" if names else "it is your own file")
    if shot.source == "code":
        return shot
    if not shot.lines or shot.layout in LETTERED:
        return _because(shot, "its words are there to be read")
    return shot if open_to_footage(shot) else _because(shot, "it shows numbers, steps, code or a place")


def generated(studio: Studio, brief: Brief, script: Script, shots: tuple[Shot, ...]) -> tuple[Shot, ...]:
    """The shots, those that words can picture from a video model; where none may be used the film says why.

    Asked for, all of them are generated; `auto` takes as many as promise and budget allow, the least footage first.
    """
    asked = studio.settings.source == "generate"
    fitting = [shot for shot in shots if shot.lines and shot.layout not in LETTERED and open_to_footage(shot)]
    try:
        maker = maker_of(studio)
        admitted(studio, brief, maker)
    except (ToolError, Refused) as error:
        if asked:
            studio.warn("script", f"No picture is generated: {error} Shots are motion graphics.", degraded=True)
        meant = any(name.startswith(GENERATE.name) for name in studio.settings.tools)
        meant = meant or not isinstance(error, ToolMissing)
        if meant and not asked:  # somebody set it up, and it does not work
            studio.warn("script", f"No picture is generated: {error}")
        why = "the video model that is set up cannot be used" if meant else "no video model is set up"
        return _unmade(shots, {shot.id for shot in fitting}, why)
    if not fitting:
        if asked:
            studio.warn("script", "No shot can be generated: each shows numbers, lists, titles or pictures of its own.")
        return shots
    if studio.settings.draft:
        tell_barred(studio, brief, maker)
    fitting.sort(key=_shown)
    room = _room(script, shots) if maker.still and not asked else math.inf
    made = {shot.id: shot for shot in _afforded(studio, brief, fitting, maker, room)}
    _unlike(studio, brief, [shot for shot in made.values() if shot.source == "generate"], maker)
    return tuple(made.get(shot.id, shot) for shot in shots)


def _shown(shot: Shot) -> float:
    """How well the library shows it."""
    return shot.candidates[0].score if shot.candidates else 0.0


def _unmade(shots: Sequence[Shot], fitting: set[str], why: str) -> tuple[Shot, ...]:
    return tuple(
        _because(shot, f"{shot.why}, and {why}" if shot.why else why) if shot.id in fitting else shot for shot in shots
    )


def _afforded(studio: Studio, brief: Brief, shots: Sequence[Shot], maker: Maker, room: float) -> Iterator[Shot]:
    """The shots, generated as far as budget and `room` (frames that may be stills) go, where nobody asked for it."""
    asked, budget, spent = studio.settings.source == "generate", studio.settings.budget, studio.door.ledger.spent
    money, seconds = budget.money - spent.money, SHARE * max(budget.seconds - spent.seconds, 0.0)
    for shot in shots:
        draft = shot.model_copy(update={"draft": studio.settings.draft})
        clip = expected(studio, maker, request_of(studio, brief, draft, maker, handle_of(brief)))
        cost = f"{worth(clip.seconds, clip.basis)}{f' and ${clip.money:.2f}' if clip.money else ''}"
        before = f"{shot.why}, and " if shot.why else ""
        too_dear = clip.money > money or (clip.seconds or 0.0) > seconds
        if not asked and (too_dear or shot.frames > room):
            dear = f"generating it would take {cost}, and less is left"
            yield _because(shot, f"{before}{dear if too_dear else 'the promise leaves no room for more stills'}")
            continue
        money, seconds, room = money - clip.money, seconds - (clip.seconds or 0.0), room - shot.frames
        what = "makes a still of it that the camera moves over" if maker.still else "pictures it"
        yield _because(draft, f"{before}{maker.title} {what}: {cost}", source="generate", chosen="")


def _room(script: Script, shots: Sequence[Shot]) -> float:
    """Frames that may be stills, by the share of moving pictures that the treatment promises."""
    moving = script.treatment.moving if script.treatment else 0.0
    stills = sum(
        shot.frames
        for shot in shots
        if any(pick.segment.id == shot.chosen and pick.segment.kind != "video" for pick in shot.candidates)
    )
    return (1 - moving) * sum(shot.frames for shot in shots) - stills


def _unlike(studio: Studio, brief: Brief, shots: Sequence[Shot], maker: Maker) -> None:
    """Say once whose pictures the maker can neither refer to nor begin from."""
    named = dict.fromkeys(
        likeness.name for shot in shots if (likeness := shown(brief, f"{shot.prompt} {' '.join(shot.queries)}"))
    )
    if named and not (maker.follows or maker.refers):
        studio.warn("script", f"{maker.title} takes no picture, so {', '.join(named)} is shown by words alone.")


def match(shots: Sequence[Shot], words: Mapping[str, str], assets: Sequence[Asset]) -> dict[str, str]:
    """Asset ids by the shot they are given to; no asset twice, no shot twice, the surest pair first.

    Args:
        words: the text of each line, by its id.
        assets: `origin` carries the file name on its first line, and the side-car text after it.
    """
    tongue = language(detect(" ".join(words.values())))
    said = {shot.id: Counter(topic_words(spoken(shot, words), tongue)) for shot in shots if shot.lines}
    shown = {asset.id: Counter(topic_words(described(asset), tongue)) for asset in assets if asset.kind != "audio"}
    rare = _rarity([*said.values()])
    pairs = sorted(
        (
            (-score, at, asset)
            for asset, bag in shown.items()
            for at, shot in enumerate(said)
            if (score := _likeness(said[shot], bag, rare)) >= ENOUGH
        ),
    )
    names = list(said)
    chosen: dict[str, str] = {}
    for _, at, asset in pairs:
        if names[at] not in chosen and asset not in chosen.values():
            chosen[names[at]] = asset
    return chosen


def described(asset: Asset) -> str:
    """What an asset says about itself: its file name as words, without counters and camera names, and its side-car.

    >>> from reelwright.tools.media import Asset
    >>> described(Asset(id="0" * 64, kind="image", format="jpg", origin="IMG_2041-waxCells.jpg"))
    'wax cells'
    """
    name, _, text = asset.origin.partition("\n")
    return " ".join(f"{name_words(name)} {text}".split())


def _rarity(bags: Sequence[Counter[str]]) -> dict[str, float]:
    seen = Counter(word for bag in bags for word in bag)
    return {word: math.log(1 + len(bags) / times) for word, times in seen.items()}


def _likeness(said: Counter[str], shown: Counter[str], rare: Mapping[str, float]) -> float:
    """The share of the picture's own words that the shot says, rare words weighing more, long texts not losing."""
    usual = math.log(1 + len(rare))
    common = math.fsum(rare[word] for word in shown if word in said)
    whole = sorted((rare.get(word, usual / 2) for word in shown), reverse=True)[:4]
    return common / math.fsum(whole) if whole else 0.0
