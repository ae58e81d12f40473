"""The sound node: one line is spoken, or paced in silence where no voice can speak it."""

from typing import Any

from langgraph.runtime import Runtime

from ..tools.registry import SPEECH
from ..tools.speech import SpeechRequest
from .errors import ToolError
from .events import Working
from .model import Sound
from .pace import paced
from .state import LineTask
from .studio import Studio


def sound(state: LineTask, runtime: Runtime[Studio]) -> dict[str, Any]:
    """Speak the line in the brief's voice and language."""
    studio, brief, script = runtime.context, state["brief"], state["script"]
    line = next(line for line in script.lines if line.id == state["line"])
    silent = paced(line.id, line.text, brief.rate)
    if not script.narrated:
        return {"sound": {line.id: silent}}
    request = SpeechRequest(text=line.text, language=script.language, voice=line.speaker or brief.voice)
    try:
        delivery = studio.call(SPEECH, request, target=line.id, stage="sound")
    except ToolError as error:
        studio.warn(
            line.id,
            f"No voice speaks {script.language!r} here, so the words are shown, not said. {error.hint}",
            degraded=True,
        )
        return {"sound": {line.id: silent}}
    speech = delivery.result
    if not speech.natural:
        studio.warn("voice", f"A robotic voice reads the {script.language!r} lines: {delivery.tool}.", degraded=True)
    assert speech.audio.frames is not None
    assert speech.audio.rate is not None
    frames = round(speech.audio.frames * brief.rate / speech.audio.rate)
    studio.log.emit(Working(stage="sound", target=line.id, part=1.0, total=len(script.lines)))
    return {"sound": {line.id: Sound(line=line.id, frames=frames, speech=speech, tool=delivery.tool)}}
