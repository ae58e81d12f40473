"""Looks: edits that change what is seen and heard, and how long the whole film is.

Knows shots, voices by name and style sheets; knows nothing about how a request was worded.
"""

from collections.abc import Sequence

from ...tools.media import Asset
from ...tools.music import Mood
from ...tools.video.motion.icons import find
from ...tools.video.motion.styles import motifs_for, sheet, sheets
from ..choose import described
from ..errors import BriefError
from ..model import Brief, Plan, Scene, Script, Shot
from ..planner.language import language
from ..planner.looks import Look, look
from ..planner.shots import direct
from ..planner.text import clean, topic_words
from ..planner.writing import END_CARD, TITLE_CARD, write
from .draft import Draft, length, rewritten
from .edits import Captions, Cut, Length, Music, Picture, Place, Sizes, Style, Tongue, UseChoice, UseTake, Voice
from .timing import spare
from .wording import cut, put

PICTURED = ("icons", "statement", "definition")
"""Layouts that show an icon."""


def picture(draft: Draft, edit: Picture) -> Draft:
    """Show something else: the person's own file of that name, a background, or a thing as an icon."""
    wanted = clean(edit.text)
    shots = draft.shots_at(edit.at)
    if not shots:
        raise BriefError("No shot shows that.", "Name a shot: `show` lists them.")
    own = _own(draft.brief.assets, wanted, draft.script.language)
    return draft.shown({shot.id: _showing(shot, wanted, own, only=len(shots) == 1) for shot in shots})


def _own(assets: Sequence[Asset], wanted: str, code: str) -> Asset | None:
    """The file that calls itself what is wanted."""
    tongue = language(code)
    words = {*topic_words(wanted, tongue)}
    likely = [(len(words & {*topic_words(described(asset), tongue)}), asset) for asset in assets]
    best = max(likely, key=lambda each: each[0], default=(0, None))
    return best[1] if best[0] and best[0] * 2 >= len(words) else None


def _showing(shot: Shot, wanted: str, own: Asset | None, only: bool) -> Shot:
    asked: dict[str, object] = {"prompt": wanted, "queries": (wanted.lower()[:60], *shot.queries[1:])}
    if own is not None:
        return shot.model_copy(update=asked | {"source": "own", "asset": own.id})
    if shot.source == "own":
        asked |= {"source": "motion", "asset": ""}
    if shot.source not in ("own", "motion"):
        return shot.model_copy(update=asked)
    motif = _motif(shot.style, wanted)
    icon = find(wanted)
    if motif is None and icon is None:
        raise BriefError(
            f"Nothing here shows “{wanted}”.", "Name another thing, a background, or bring a file with --assets."
        )
    if motif is not None:
        asked |= {"motif": motif}
    if icon is not None and (only or shot.card.icons):
        layout = shot.layout if shot.layout in (*PICTURED, "title", "end", "chapter") else "icons"
        asked |= {"card": shot.card.model_copy(update={"icons": (wanted.lower(),)}), "layout": layout}
    return shot.model_copy(update=asked)


def _motif(style: str, wanted: str) -> str | None:
    """The style's background that the words name or ask for."""
    motifs = sheet(style).motifs
    words = wanted.lower().split()
    named = next((motif for motif in motifs if motif in words or motif.rstrip("s") in words), None)
    topical = motifs_for(sheet(style), wanted)
    return named or (topical[0] if topical != motifs else None)


def use_take(draft: Draft, edit: UseTake) -> Draft:
    """That take of the shot."""
    shot = draft.shot(edit.shot)
    return draft.shown({shot.id: shot.model_copy(update={"take": edit.take})})


def use_choice(draft: Draft, edit: UseChoice) -> Draft:
    """That footage instead of what the shot shows, at its first take."""
    shot = draft.shot(edit.shot)
    if edit.choice >= len(shot.candidates):
        count = len(shot.candidates)
        raise BriefError(
            f"{shot.id} has {count or 'no'} footage to choose from.", "See what was weighed: reelwright show DIR."
        )
    name = shot.candidates[edit.choice].segment.id
    return draft.shown({shot.id: shot.model_copy(update={"source": "stock", "chosen": name, "take": 0})})


def voice(draft: Draft, edit: Voice) -> Draft:
    """Another voice for the film, a speaker, or a scene."""
    brief = draft.brief
    if edit.scene:
        draft.scene(edit.scene)
        scenes = tuple(
            scene.model_copy(update={"narrator": edit.name}) if scene.id == edit.scene else scene
            for scene in draft.script.scenes
        )
        script = draft.script.model_copy(update={"scenes": scenes})
        return draft.model_copy(update={"plan": draft.plan.model_copy(update={"script": script})})
    if edit.speaker:
        others = tuple(pair for pair in brief.cast if pair[0].casefold() != edit.speaker.casefold())
        brief = brief.model_copy(update={"cast": (*others, (edit.speaker, edit.name))})
    else:
        brief = brief.model_copy(update={"voice": edit.name, "recording": None, "clone": None})
    return draft.model_copy(update={"brief": brief})


def music(draft: Draft, edit: Music) -> Draft:
    """Another mood; the first scene's is the music's."""
    scenes = tuple(_in_mood(scene, edit.mood) for scene in draft.script.scenes)
    script = draft.script.model_copy(update={"scenes": scenes})
    return draft.model_copy(update={"plan": draft.plan.model_copy(update={"script": script})})


def _in_mood(scene: Scene, mood: Mood) -> Scene:
    return scene.model_copy(update={"mood": mood})


def style(draft: Draft, edit: Style) -> Draft:
    """Another style sheet or palette for every shot."""
    names = [palette.name for each in sheets() for palette in sheet(each).palettes]
    if edit.sheet and edit.sheet not in sheets():
        raise BriefError(f"There is no style {edit.sheet!r}.", f"Choose one of: {', '.join(sheets())}.")
    if edit.palette and edit.palette not in names:
        raise BriefError(f"There is no palette {edit.palette!r}.", f"Choose one of: {', '.join(dict.fromkeys(names))}.")
    brief = draft.brief.model_copy(update={"style": edit.sheet}) if edit.sheet else draft.brief
    chosen = _look(brief, draft.script, edit.sheet or draft.plan.shots[0].style)
    allowed = sheet(chosen.style).motifs
    shots = tuple(
        shot.model_copy(
            update={
                "style": chosen.style,
                "palette": edit.palette or (chosen.palette if edit.sheet else shot.palette),
                "motif": shot.motif if shot.motif in allowed else chosen.motifs[at % len(chosen.motifs)],
            }
        )
        for at, shot in enumerate(draft.plan.shots)
    )
    return Draft(brief=brief, plan=draft.plan.model_copy(update={"shots": shots}))


def _look(brief: Brief, script: Script, wanted: str) -> Look:
    return look(script.title, script.scenes[0].mood, wanted, language(script.language), brief.seed)


def captions(draft: Draft, edit: Captions) -> Draft:
    """Captions of that kind."""
    deliver = draft.brief.deliver.model_copy(update={"captions": edit.style})
    return draft.model_copy(update={"brief": draft.brief.model_copy(update={"deliver": deliver})})


def sizes(draft: Draft, edit: Sizes) -> Draft:
    """In these shapes."""
    first, *others = dict.fromkeys(edit.sizes)
    deliver = draft.brief.deliver.model_copy(update={"sizes": tuple(others)})
    return draft.model_copy(update={"brief": draft.brief.model_copy(update={"size": first, "deliver": deliver})})


def tongue(draft: Draft, edit: Tongue) -> Draft:
    """The same film in another language: same scenes and lines by id, new shots for new words."""
    missing = [line.id for line in draft.script.lines if line.id not in edit.lines]
    if missing:
        raise BriefError(f"The translation leaves {missing[0]} out.", "Every line needs its words.")
    texts = {name: clean(text) for name, text in edit.lines.items()}
    script = rewritten(
        draft.script,
        lambda line: line.model_copy(update={"text": texts[line.id], "rest": None, "pauses": (), "emphasis": ()}),
    )
    scenes = tuple(
        scene.model_copy(update={"heading": clean(edit.headings.get(scene.id, scene.heading))})
        for scene in script.scenes
    )
    changes = {"scenes": scenes, "title": clean(edit.title), "language": edit.language, "shorts": (), "pace": 1.0}
    script = script.model_copy(update=changes)
    brief = draft.brief.model_copy(update={"language": edit.language, "voice": ""})
    return Draft(brief=brief, plan=Plan(script=script, shots=_redirected(brief, script, draft.plan)))


def _redirected(brief: Brief, script: Script, old: Plan) -> tuple[Shot, ...]:
    """All shots anew, in the look and with the seeds that the film has."""
    seeds, style, palette = [shot.seed for shot in old.shots], old.shots[0].style, old.shots[0].palette
    return tuple(
        shot.model_copy(
            update={"style": style, "palette": palette, "seed": seeds[at] if at < len(seeds) else shot.seed}
        )
        for at, shot in enumerate(direct(brief, script))
    )


def seconds(draft: Draft, edit: Length) -> Draft:
    """So long: lines that are missed least go, or sentences of the brief that had no room come back."""
    old, wanted = draft.brief.seconds, edit.seconds
    loose = _unfitted(draft).lasting(wanted)
    if not loose.script.lines:
        shots = _redirected(loose.brief, loose.script, draft.plan)
        return loose.model_copy(update={"plan": loose.plan.model_copy(update={"shots": shots})})
    now = length(loose)
    if wanted < old or now > wanted:
        gone = spare(loose.script, loose.script.lines, now - wanted)
        if not gone and now > 1.3 * wanted:
            raise BriefError(f"The words take {now:.0f} s.", "Remove a scene or a line first, or ask for more seconds.")
        if gone:
            loose = cut(loose, Cut(at=tuple(Place(of="line", id=name) for name in gone)))
    elif wanted > now:
        loose = _filled(loose, old)
    shorts = write(loose.brief).shorts if loose.script.narrated else ()
    script = loose.script.model_copy(update={"shorts": shorts, "pace": 1.0})
    return loose.model_copy(update={"plan": loose.plan.model_copy(update={"script": script})}).lasting(wanted)


def _unfitted(draft: Draft) -> Draft:
    """The draft with rests and cards as a planner gives them, so that they may give way again."""
    script = rewritten(draft.script, lambda line: line.model_copy(update={"rest": None}))
    cards = {"title": TITLE_CARD, "end": END_CARD}
    shots = tuple(
        shot.model_copy(update={"frames": round(cards[shot.layout] * draft.brief.rate)})
        if not shot.lines and shot.layout in cards and script.lines
        else shot
        for shot in draft.plan.shots
    )
    return draft.model_copy(update={"plan": Plan(script=script, shots=shots)})


def _filled(draft: Draft, old: float) -> Draft:
    """With the sentences of the brief that a film of `old` seconds had no room for, each after its neighbour."""
    had = write(draft.brief.model_copy(update={"seconds": old}))
    more = write(draft.brief)
    said = {line.text for line in (*had.lines, *draft.script.lines)}
    script, changed = draft.script, False
    for at, line in enumerate(more.lines):
        if line.text in said:
            continue
        before = next((each for each in more.lines[:at][::-1] if each.text in {k.text for k in script.lines}), None)
        anchor = next((each.id for each in script.lines if before and each.text == before.text), script.lines[-1].id)
        number = next(n for n in range(len(script.lines) + 1, 10_000) if f"l{n:02}" not in {k.id for k in script.lines})
        script, changed = put(script, (line.model_copy(update={"id": f"l{number:02}"}),), anchor, False), True
    return draft.told(script) if changed else draft
