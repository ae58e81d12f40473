"""A person's own voice-over: it is heard, becomes the script or is found in it, and is cut line by line.

Knows words and lines; the cutting itself is a tool's (tools/speech/takes.py).
"""

from collections.abc import Sequence
from itertools import pairwise

from ..tools.align.placing import Placing, place
from ..tools.listen import ListenRequest, Transcript
from ..tools.media import seconds_of
from ..tools.registry import LISTEN, VOICEOVER
from ..tools.speech import Speech, Word
from ..tools.speech.takes import LONGEST_REST, REST, RecordingRequest
from .errors import BriefError, ToolError
from .model import LONGEST, Brief, Line, Script
from .own import RATE
from .pace import LEAD, LINE_PAUSE
from .planner.language import detect
from .planner.reading import END_CARD, as_written, of_words
from .studio import Studio

FOLLOWS = 0.5
"""Part of what was said that a brief must account for, so that it is the script and not the notes beside it."""


def script_of(studio: Studio, brief: Brief) -> tuple[Script, Brief]:
    """The script of what was recorded, and the brief as long as that is.

    Raises:
        BriefError: nobody speaks in the recording, or more than a film can hold.
    """
    heard = _heard(studio, brief)
    length = _length(brief)
    written = as_written(brief, ())
    said = place([line.text for line in written.lines], heard.words, length) if written.lines else None
    if said is not None and said.share >= FOLLOWS and any(said.places):
        script = as_written(brief, [at for at, found in enumerate(said.places) if found is None])
        _tell(studio, written, said)
    else:
        if written.lines:
            studio.warn("script", "The recording does not follow the brief: what is said in it is the script.")
        script = of_words(brief, heard.text, brief.language or heard.language)
    placing = place([line.text for line in script.lines], heard.words, length)
    seconds = LEAD + END_CARD + sum(LINE_PAUSE + _seconds(found.words) for found in placing.places if found)
    if seconds > LONGEST:
        hint = "Cut it into several films."
        raise BriefError(f"The recording holds {seconds:.0f} s of speech; a film has at most {LONGEST}.", hint)
    return script, brief.model_copy(update={"seconds": max(round(seconds, 2), 2.0)})


def recorded(studio: Studio, script: Script, brief: Brief, line: Line) -> tuple[Speech, str] | None:
    """The line as the person said it, and what cut it; None, and a warning, where it is not in the recording."""
    assert brief.recording is not None
    heard = _heard(studio, brief)
    placing = place([each.text for each in script.lines], heard.words, _length(brief))
    found = placing.places[script.lines.index(line)]
    if found is None:
        studio.warn(line.id, f"“{line.text[:60]}” is not in the recording, so it is shown, not said.", degraded=True)
        return None
    request = RecordingRequest(
        recording=brief.recording, words=found.words, earliest=found.earliest, latest=found.latest
    )
    delivery = studio.call(VOICEOVER, request, target=line.id, stage="sound")
    return delivery.result, delivery.tool


def _heard(studio: Studio, brief: Brief) -> Transcript:
    """What is said in the recording, in its own samples; asked for by every line and listened to once."""
    assert brief.recording is not None
    name = brief.recording.origin.splitlines()[0]
    request = ListenRequest(audio=brief.recording, language=brief.language or detect(brief.text))
    try:
        found = studio.call(LISTEN, request, target="voice", stage="sound").result
    except ToolError as error:
        raise BriefError(f"{name} cannot be heard here: {error.message}", error.hint) from error
    if not any(any(map(str.isalnum, word.text)) for word in found.words):
        hint = "Check that it is the right file and that somebody speaks in it, or take a voice: reelwright voices"
        raise BriefError(f"No speech was found in {name}.", hint)
    rate = brief.recording.rate
    assert rate is not None
    words = tuple(
        Word(text=word.text, start=round(word.start * rate / 16_000), end=round(word.end * rate / 16_000))
        for word in found.words
    )
    return found.model_copy(update={"words": words})


def _length(brief: Brief) -> int:
    assert brief.recording is not None
    assert brief.recording.frames is not None
    return brief.recording.frames


def _seconds(words: Sequence[Word]) -> float:
    """How long a line lasts once its hesitations are shortened."""
    total = seconds_of(words[-1].end - words[0].start, RATE) + 0.2
    for one, other in pairwise(words):
        gap = seconds_of(other.start - one.end, RATE)
        total -= gap - REST if gap > LONGEST_REST else 0
    return total


def _tell(studio: Studio, written: Script, said: Placing) -> None:
    for line, found in zip(written.lines, said.places, strict=True):
        if found is None:
            studio.warn("script", f"“{line.text[:60]}” is not in the recording and was left out.")
