"""The sound node: one line is spoken, or paced in silence where no voice can speak it."""

from collections.abc import Collection
from typing import Any

from langgraph.runtime import Runtime

from ..tools.align import AlignRequest
from ..tools.registry import ALIGN, SPEECH
from ..tools.speech import Speech, SpeechRequest, Word
from ..tools.speech.spoken import bare
from .cast import Role, role_of, spoken_here, stand_in
from .door import Delivery
from .errors import ToolError
from .events import Working
from .hearing import WORST
from .model import Brief, Line, Script, Sound
from .pace import paced
from .state import LineTask
from .studio import Studio
from .voiceover import recorded

SURE = 0.3
"""Confidence below which an alignment is of another text (tools/align)."""


def timed(studio: Studio, speech: Speech, text: str, language: str, target: str) -> Speech:
    """The speech with word times: the voice's own, else measured on its sound; where neither is, they stay guesses."""
    if speech.exact:
        return speech
    request = AlignRequest(audio=speech.audio, text=text, language=language)
    try:
        found = studio.call(ALIGN, request, target=target, stage="sound").result
    except ToolError as error:
        studio.warn("captions", f"No word times can be measured, so no word lights up as it is said. {error.hint}")
        return speech
    rate = speech.audio.rate
    assert rate is not None
    if found.confidence < SURE:
        return speech
    words = tuple(
        Word(text=word.text, start=round(word.start * rate / found.rate), end=round(word.end * rate / found.rate))
        for word in found.words
    )
    return speech.model_copy(update={"words": words, "exact": True})


def sound(state: LineTask, runtime: Runtime[Studio]) -> dict[str, Any]:
    """Speak the line in the voice that it was cast with, or cut it out of the person's own recording."""
    studio, brief, script = runtime.context, state["brief"], state["script"]
    line = next(line for line in script.lines if line.id == state["line"])
    before, mixed = state.get("before"), state.get("mixed")
    without = state.get("without", before.refused if before else ())
    return {"sound": {line.id: speak(studio, brief, script, line, before=before, mixed=mixed, without=without)}}


def speak(
    studio: Studio,
    brief: Brief,
    script: Script,
    line: Line,
    *,
    pace: float = 1.0,
    before: Sound | None = None,
    mixed: Sound | None = None,
    without: tuple[str, ...] = (),
) -> Sound:
    """The line as it is said.

    Args:
        before: the best take so far, of a line that was misread.
        mixed: the take so far, of a line whose neighbours are spoken by another voice, since its own failed there.
        without: providers that are not asked.
    """
    if not script.narrated or not any(map(str.isalnum, line.text)):
        return paced(line.id, line.text, brief.rate)
    if brief.recording is not None:
        return _own(studio, brief, script, line)
    spare = mixed is not None or (before is not None and before.spare)
    role = stand_in(studio, brief, script, line, without) if spare else role_of(studio, brief, script, line)
    try:
        delivery, spare = _spoken(studio, brief, script, line, role, without, spare, pace)
    except ToolError as error:
        if mixed is not None:
            return mixed.model_copy(update={"refused": without})
        return _stay(studio, before) if before is not None else _shown(studio, brief, script, line, error)
    if before is not None and not delivery.result.natural and before.misread < WORST:
        return _stay(studio, before)
    speech = timed(studio, delivery.result, line.text, script.language, line.id)
    if not speech.natural:
        studio.warn("voice", f"A robotic voice reads the {script.language!r} lines: {delivery.tool}.", degraded=True)
    studio.log.emit(Working(stage="sound", target=line.id, part=1.0, total=len(script.lines)))
    if before is not None:
        studio.warn(line.id, f"{before.tool} misread this line, so {delivery.tool} speaks it.")
    refused, frames = before.refused if before else (), _frames(speech, brief)
    return Sound(line=line.id, frames=frames, speech=speech, tool=delivery.tool, spare=spare, refused=refused)


def _own(studio: Studio, brief: Brief, script: Script, line: Line) -> Sound:
    """The line as the person said it."""
    found = recorded(studio, script, brief, line)
    if found is None:
        return paced(line.id, line.text, brief.rate)
    speech = timed(studio, found[0], line.text, script.language, line.id)
    studio.log.emit(Working(stage="sound", target=line.id, part=1.0, total=len(script.lines)))
    return Sound(line=line.id, frames=_frames(speech, brief), speech=speech, tool=found[1])


def _frames(speech: Speech, brief: Brief) -> int:
    assert speech.audio.frames is not None
    assert speech.audio.rate is not None
    return round(speech.audio.frames * brief.rate / speech.audio.rate)


def _spoken(
    studio: Studio,
    brief: Brief,
    script: Script,
    line: Line,
    role: Role,
    without: Collection[str],
    spare: bool,
    pace: float,
) -> tuple[Delivery[Speech], bool]:
    """The line in its own voice; where that one cannot, in the voice that stands in, and the film says so."""
    if role.clone is not None:
        studio.consented(role.clone)
    roles = [role]
    if not spare and (role.voice or role.clone):
        other = stand_in(studio, brief, script, line, without)
        roles += [other, Role(pitch=other.pitch)] if other.voice else [other]
    failure: ToolError | None = None
    for each in roles:
        request = _request(studio, script, line, each, pace)
        try:
            delivery = studio.call(SPEECH, request, target=line.id, stage="sound", without=without)
        except ToolError as error:
            failure = failure or error
            continue
        if failure is not None:
            wanted = f"The voice {role.voice!r}" if role.voice else "The cloned voice"
            studio.warn(line.id, f"{wanted} did not speak, so {delivery.tool} does. {failure}", degraded=True)
        return delivery, spare or failure is not None
    assert failure is not None
    raise failure


def _request(studio: Studio, script: Script, line: Line, role: Role, pace: float) -> SpeechRequest:
    # Only the sayings that this line needs: a new entry speaks no other line again.
    written = {bare(word) for word in line.text.split()}
    lexicon = tuple(pair for pair in sorted(studio.settings.lexicon.items()) if pair[0].casefold() in written)
    return SpeechRequest(
        text=line.text,
        language=script.language,
        voice=role.voice,
        pace=pace,
        pitch=role.pitch,
        style=role.style,
        pauses=line.pauses,
        emphasis=line.emphasis,
        sample=role.clone.sample if role.clone else None,
        consent=role.clone.consent if role.clone else "",
        lexicon=lexicon,
    )


def _shown(studio: Studio, brief: Brief, script: Script, line: Line, error: ToolError) -> Sound:
    """A line that nobody can say: shown as long as it takes to read, and told, with those who can say something."""
    known = f"Spoken here: {spoken_here(studio)}; all of them: `reelwright voices`."
    studio.warn(
        line.id,
        f"No voice speaks {script.language!r} here, so the words are shown, not said. {error.hint} {known}",
        degraded=True,
    )
    return paced(line.id, line.text, brief.rate)


def _stay(studio: Studio, before: Sound) -> Sound:
    """The best take so far, where no other voice would say the line better."""
    studio.warn(before.line, f"{before.tool} misread this line, and no voice here would read it better.", degraded=True)
    return before
