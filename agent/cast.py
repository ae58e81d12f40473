"""Casting: which voice says a line, and which one stands in when that voice fails.

Knows names of speakers, scenes and voices; knows nothing about sound.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from ..tools.errors import ToolError
from ..tools.media import Frozen
from ..tools.registry import SPEECH, AnyTool
from ..tools.speech import Voice
from .errors import BriefError
from .model import Brief, Clone, Line, Scene, Script
from .studio import Studio

CLONE = "clone"
"""The name by which a cast gives somebody the cloned voice."""
SHIFTS = (3.0, -2.5, 4.5, -4.0, 1.5, -1.0)
"""Semitones that make one voice two people, where no other voice is left: the nearest that are told apart first."""
_TURN = re.compile(r"^(?P<voice>.*?)(?P<pitch>[+-][0-6](?:\.\d+)?)?(?:/(?P<style>.+))?$", re.S)


class Role(Frozen):
    """How a line is to be spoken: a voice by name (empty: the first that can), its pitch, its manner, or a clone."""

    voice: str = ""
    pitch: float = 0.0
    style: str = ""
    clone: Clone | None = None


def role_of(studio: Studio, brief: Brief, script: Script, line: Line) -> Role:
    """The speaker's voice by the cast, else one of their own; the scene's narrator, else the film's."""
    cast = _cast(brief)
    scene = next(scene for scene in script.scenes if line in scene.lines)
    if line.speaker:
        given = cast.get(line.speaker.casefold()) or _named(studio, line.speaker)
        return _role(given, brief) if given else stand_in(studio, brief, script, line)
    narrator = scene.narrator or _heading(scene, cast) or cast.get("narrator", "") or brief.voice
    if not narrator and brief.clone is not None:
        return Role(clone=brief.clone)
    return _role(cast.get(narrator.casefold(), narrator), brief)


def stand_in(studio: Studio, brief: Brief, script: Script, line: Line, without: Collection[str] = ()) -> Role:
    """A voice that works here: the first for the narrator, for each speaker another one.

    Where there are fewer voices than speakers, the same voice is pitched higher or lower.
    """
    order = [""] if any(not each.speaker for each in script.lines) else []
    order += dict.fromkeys(each.speaker for each in script.lines if each.speaker)
    place = order.index(line.speaker)
    if not place:
        return Role()
    named = {each.voice for each in (_role(voice, brief) for voice in _cast(brief).values()) if each.voice}
    voices = _spread([voice for voice in voices_here(studio, script.language, without) if voice.name not in named])
    if place < len(voices):
        return Role(voice=voices[place].name)
    turn, shift = divmod(place - len(voices), max(len(voices), 1))
    pitch = SHIFTS[(place - max(len(voices), 1)) % len(SHIFTS)]
    return Role(voice=voices[shift].name if voices else "", pitch=pitch if turn >= 0 else 0.0)


def voices_here(studio: Studio, language: str, without: Collection[str] = ()) -> list[Voice]:
    """Local voices that speak the language and could speak now; robotic ones only where there is no other."""
    code = language.lower().split("-")[0]
    found = [
        voice
        for tool in studio.door.registry.providers(SPEECH)
        if tool.name not in without and able(studio, tool)
        for voice in voices_of(tool)
        if voice.local and voice.language.split("-")[0] == code
    ]
    natural = [voice for voice in found if voice.natural]
    return natural or found


def able(studio: Studio, tool: AnyTool) -> bool:
    """Whether the provider could speak now, weights and all."""
    return not reason(studio, tool)


def voices_of(tool: AnyTool) -> tuple[Voice, ...]:
    """The voices that a provider of speech can be asked for by name; a stranger's may name none."""
    found: tuple[Voice, ...] = getattr(tool, "voices", tuple)()
    return found


def check(studio: Studio, brief: Brief) -> None:
    """Raise BriefError for a voice that nobody has, or that is not installed, with the command that changes it."""
    wanted = {_role(voice, brief).voice for voice in (brief.voice, *_cast(brief).values())} - {"", CLONE}
    tools = studio.door.registry.providers(SPEECH)
    for name in sorted(wanted):
        having = [tool for tool in tools if any(voice.name == name for voice in voices_of(tool))]
        if not having:
            raise BriefError(f"No voice is called {name!r}.", "See those there are: reelwright voices")
        if not any(able(studio, tool) for tool in having):
            lacking = reason(studio, having[0])
            raise BriefError(f"The voice {name!r} is not installed: {lacking}", "Or take another one.")


def reason(studio: Studio, tool: AnyTool) -> str:
    """What a provider lacks, and the command that changes it; empty where it could speak."""
    try:
        tool.ready()
    except ToolError as error:
        return str(error)
    try:
        for model in tool.models:
            studio.door.weights.path(model)
    except ToolError as error:
        return f"{error.message} Fetch its weights: reelwright models pull {' '.join(tool.models)}."
    return ""


def spoken_here(studio: Studio) -> str:
    """The languages that somebody could speak now, for those who asked for another."""
    voices = [
        voice
        for tool in studio.door.registry.providers(SPEECH)
        if able(studio, tool)
        for voice in voices_of(tool)
        if voice.language != "any"
    ]
    well = {voice.language.split("-")[0] for voice in voices if voice.natural}
    robotic = {voice.language.split("-")[0] for voice in voices} - well
    more = f"; by a robotic voice also {', '.join(sorted(robotic))}" if robotic else ""
    return f"{', '.join(sorted(well)) or 'none by a natural voice'}{more}"


def parse_cast(text: str) -> tuple[tuple[str, str], ...]:
    """`Anna=af_heart,Ben=am_adam` as pairs.

    >>> parse_cast("Anna=af_heart, The hive=joe-2/softly")
    (('Anna', 'af_heart'), ('The hive', 'joe-2/softly'))
    """
    pairs = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, equals, voice = (piece.strip() for piece in part.partition("="))
        if not (name and equals and voice):
            raise BriefError(f"{part!r} is no part of a cast.", "Write --cast Anna=af_heart,Ben=am_adam")
        pairs.append((name, voice))
    return tuple(pairs)


def _role(text: str, brief: Brief) -> Role:
    """`af_heart`, `joe-2`, `nova/whispering`, or `clone`."""
    found = _TURN.match(text)
    assert found is not None
    voice, style = found["voice"].strip(), (found["style"] or "").strip()
    if voice == CLONE and brief.clone is not None:
        return Role(clone=brief.clone, style=style)
    return Role(voice=voice, pitch=float(found["pitch"] or 0), style=style)


def _cast(brief: Brief) -> dict[str, str]:
    return {name.casefold(): voice for name, voice in brief.cast}


def _heading(scene: Scene, cast: dict[str, str]) -> str:
    return cast.get(scene.heading.casefold(), "") if scene.heading else ""


def _named(studio: Studio, speaker: str) -> str:
    """The speaker, where a voice has that very name."""
    names = {voice.name for tool in studio.door.registry.providers(SPEECH) for voice in voices_of(tool)}
    return speaker if speaker in names else ""


def _spread(voices: Sequence[Voice]) -> list[Voice]:
    """The voices with the genders in turn, so that two speakers are told apart at once."""
    groups: dict[str, list[Voice]] = {}
    for voice in voices:
        groups.setdefault(voice.gender, []).append(voice)

    def turns() -> Iterator[Voice]:
        for at in range(max(map(len, groups.values()), default=0)):
            yield from (group[at] for group in groups.values() if at < len(group))

    return list(turns())
