"""Hearing: the film's voice is transcribed before delivery, and lines that were misread become notes.

Knows nothing about how a line is spoken again; the sound node does.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ..tools.errors import Declined
from ..tools.inspect import Check
from ..tools.inspect.speech import words_check
from ..tools.listen import ListenRequest, primary
from ..tools.listen.misread import Reading, reading, shares
from ..tools.media import Asset
from ..tools.profiles import profile_for
from ..tools.registry import LISTEN, SPEECH
from .errors import BudgetExceeded, ToolError
from .model import Line, Note, Sound
from .state import LineTask, State
from .studio import Studio

WORST = 0.5
"""Part of a line's words from which on even a robotic voice says it better than a natural one that misreads it."""


@dataclass(frozen=True)
class Heard:
    """The check of the words, and how each misread line was read."""

    check: Check
    misread: dict[str, Reading] = field(default_factory=dict)


def hear(studio: Studio, state: State) -> Heard:
    """Listen to the whole voice once, and to a line that seems misread once more by itself: a slip is no misreading."""
    script, sound, voice = state["script"], state.get("sound", {}), state["cut"].stems.get("voice")
    profile = profile_for(state["brief"].size)
    lines = [line for line in script.lines if line.id in sound and sound[line.id].speech]
    text = " ".join(line.text for line in lines)
    if not lines or voice is None:
        return Heard(words_check("", None, profile, ""))
    heard = _transcribe(studio, voice, script.language)
    if heard is None:
        return Heard(words_check(text, None, profile, "nothing here hears this language (the `listen` extra)"))
    misread = {}
    for line, part in zip(lines, shares([line.text for line in lines], heard), strict=True):
        first = reading(line.text, part)
        # Figures are compared as English says them; in another language nobody can tell three from tres.
        if primary(script.language) != "en" and any(mark.isdigit() for mark in line.text):
            continue
        if first.misread and (found := _again(studio, line, sound[line.id], script.language, first)).misread:
            misread[line.id] = found
    check = words_check(text, heard, profile, "")
    # The film's rate also counts a recogniser's slips on names; whether the film is lacking, its lines tell.
    return Heard(check.model_copy(update={"verdict": "warn"}) if check.verdict == "fail" else check, misread)


def notes_on(heard: Heard, sound: dict[str, Sound]) -> Iterator[Note]:
    """A note for each misread line; one that nobody read better, or that is a person's own recording, is only told."""
    for line, found in heard.misread.items():
        tool = sound[line].tool
        problem = f"{tool} misread {found.wrong} of {found.words} words: {found.heard[:80]!r} was heard"
        if tool.startswith(f"{SPEECH.name}.") and tool not in sound[line].refused:
            yield Note(target=line, severity="fail", problem=problem, remedy="respeak")
        else:
            yield Note(target=line, severity="warn", problem=problem)


def refusing(state: State, notes: tuple[Note, ...], heard: Heard) -> dict[str, dict[str, Sound]]:
    """What the state has to know so that noted lines are spoken again: who is not asked, and the best take so far."""
    refused, kept = dict[str, Sound](), dict[str, Sound]()
    for line in respoken(notes):
        now = state["sound"][line]
        share = heard.misread[line].share if line in heard.misread else 1.0
        now = now.model_copy(update={"refused": (*now.refused, now.tool), "misread": share})
        best = min((state.get("kept", {}).get(line, now), now), key=lambda take: take.misread)
        refused[line], kept[line] = now, best.model_copy(update={"refused": now.refused})
    return {"sound": refused, "kept": kept} if refused else {}


def misread_tasks(state: State, notes: tuple[Note, ...]) -> list[LineTask]:
    """A task for each line that is sent back, with the best take of it so far."""
    brief, script, kept = state["brief"], state["script"], state.get("kept", {})
    return [LineTask(brief=brief, script=script, line=line, before=kept[line]) for line in respoken(notes)]


def respoken(notes: tuple[Note, ...]) -> list[str]:
    """The lines that are sent back."""
    return list(dict.fromkeys(note.target for note in notes if note.remedy == "respeak" and note.severity == "fail"))


def _deaf(studio: Studio, language: str) -> set[str]:
    """Providers that cannot listen here. They are not even asked: a machine without ears makes no lesser film."""
    deaf = set()
    for tool in studio.door.registry.providers(LISTEN):
        hears: Callable[[str], bool] = getattr(tool, "hears", lambda _: True)
        try:
            tool.ready()
            if not hears(language):
                raise Declined(f"{tool.name} does not understand {language!r}.")
            for model in tool.models:
                studio.door.weights.path(model)
        except ToolError:
            deaf.add(tool.name)
    return deaf


def _transcribe(studio: Studio, audio: Asset, language: str, target: str = "voice") -> str | None:
    request = ListenRequest(audio=audio, language=language)
    try:
        deaf = _deaf(studio, language)
        return studio.call(LISTEN, request, target=target, stage="review", without=deaf).result.text
    except (ToolError, BudgetExceeded):
        return None


def _again(studio: Studio, line: Line, sound: Sound, language: str, first: Reading) -> Reading:
    assert sound.speech is not None
    heard = _transcribe(studio, sound.speech.audio, language, line.id)
    return first if heard is None else min(first, reading(line.text, heard), key=lambda found: found.wrong)
