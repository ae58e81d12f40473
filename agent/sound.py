"""The sound node: one line is spoken, or paced in silence where no voice can speak it."""

from typing import Any

from langgraph.runtime import Runtime

from ..tools.align import AlignRequest
from ..tools.registry import ALIGN, SPEECH
from ..tools.speech import Speech, SpeechRequest, Word
from ..tools.speech.spoken import bare
from .errors import ToolError
from .events import Working
from .hearing import WORST
from .model import Brief, Line, Script, Sound
from .pace import paced
from .state import LineTask
from .studio import Studio

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
    """Speak the line in the brief's voice and language."""
    studio, brief, script = runtime.context, state["brief"], state["script"]
    line = next(line for line in script.lines if line.id == state["line"])
    silent = paced(line.id, line.text, brief.rate)
    if not script.narrated:
        return {"sound": {line.id: silent}}
    request = _request(studio, brief, script, line)
    before = state.get("before")
    try:
        delivery = studio.call(SPEECH, request, target=line.id, stage="sound", without=before.refused if before else ())
    except ToolError as error:
        if before is not None:
            return _stay(studio, before)
        studio.warn(
            line.id,
            f"No voice speaks {script.language!r} here, so the words are shown, not said. {error.hint}",
            degraded=True,
        )
        return {"sound": {line.id: silent}}
    if before is not None and not delivery.result.natural and before.misread < WORST:
        return _stay(studio, before)
    speech = timed(studio, delivery.result, line.text, script.language, line.id)
    if not speech.natural:
        studio.warn("voice", f"A robotic voice reads the {script.language!r} lines: {delivery.tool}.", degraded=True)
    assert speech.audio.frames is not None
    assert speech.audio.rate is not None
    frames = round(speech.audio.frames * brief.rate / speech.audio.rate)
    studio.log.emit(Working(stage="sound", target=line.id, part=1.0, total=len(script.lines)))
    refused = before.refused if before else ()
    if before is not None:
        studio.warn(line.id, f"{before.tool} misread this line, so {delivery.tool} speaks it.")
    spoken = Sound(line=line.id, frames=frames, speech=speech, tool=delivery.tool, refused=refused)
    return {"sound": {line.id: spoken}}


def _request(studio: Studio, brief: Brief, script: Script, line: Line) -> SpeechRequest:
    # Only the sayings that this line needs: a new entry speaks no other line again.
    written = {bare(word) for word in line.text.split()}
    lexicon = tuple(pair for pair in sorted(studio.settings.lexicon.items()) if pair[0].casefold() in written)
    return SpeechRequest(
        text=line.text,
        language=script.language,
        voice=line.speaker or brief.voice,
        pace=script.pace,
        lexicon=lexicon,
    )


def _stay(studio: Studio, before: Sound) -> dict[str, Any]:
    """The best take so far, where no other voice would say the line better."""
    studio.warn(before.line, f"{before.tool} misread this line, and no voice here would read it better.")
    return {"sound": {before.line: before}}
