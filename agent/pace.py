"""When each line is spoken and how long each shot stands: pure arithmetic on frames.

Knows the script, the shots and the recorded lines; knows nothing about pictures or files.
"""

from collections.abc import Mapping
from fractions import Fraction
from itertools import accumulate, pairwise

from ..tools.media import Frozen, frames_of
from .model import Brief, Script, Shot, Sound
from .planner.pace import voiced

WORDS_A_MINUTE = 150
"""What an unspoken line is paced at (criteria.md, "narration pace": 140 to 165 in English)."""
LEAD, LINE_PAUSE, SCENE_PAUSE = 0.2, 0.3, 0.5
"""Seconds before the first line, between lines, and between scenes."""
SHORTEST_PAUSE, LONGEST_PAUSE = 0.12, 0.8
"""Seconds that a pause may be pressed or stretched to when the film must meet its length."""
SHORTEST_CARD, LONGEST_CARD = 1.8, 4.5
"""Seconds that a card nobody speaks over may stand."""
FIRST_CUT = 2.6
"""Seconds that such a card may stand at the very beginning: people leave before three (criteria.md, "shot length")."""
STRETCH = 1.15
"""How much longer than its words a narrated film may get: beyond that the brief is too short, and the film says so."""


class Schedule(Frozen):
    """Shots with their final frames and cues, lines with their first frames, and the film's length."""

    shots: tuple[Shot, ...]
    sound: dict[str, Sound]
    frames: int
    rests: dict[str, int]
    """Frames of silence after each line."""


def words_of(text: str) -> list[str]:
    """The words that times and word ranges count: split at white space, as the voice reports them."""
    return text.split()


def paced(line: str, text: str, rate: Fraction) -> Sound:
    """A line that nobody speaks, paced at 150 words a minute; a word of a script without spaces counts its letters."""
    letters = sum(character.isalnum() for character in text)
    words = max(len(words_of(text)), letters / 7)
    return Sound(line=line, frames=max(frames_of(words * 60 / WORDS_A_MINUTE, rate), frames_of(1, rate)))


def expected(script: Script, rate: Fraction) -> dict[str, Sound]:
    """The lines as a voice is expected to say them; as they are paced where nobody does."""
    if not script.narrated:
        return {line.id: paced(line.id, line.text, rate) for line in script.lines}
    return {line.id: Sound(line=line.id, frames=max(1, frames_of(voiced(line.text), rate))) for line in script.lines}


def word_starts(sound: Sound, text: str, rate: Fraction) -> list[int]:
    """The frame, counted from the line's first, on which each word begins; shared out by length where not measured."""
    words = words_of(text)
    spoken = sound.speech.words if sound.speech else ()
    if sound.speech and len(spoken) == len(words) and sound.speech.audio.rate:
        return [round(word.start * rate / sound.speech.audio.rate) for word in spoken]
    letters = [len(word) + 1 for word in words]
    total = sum(letters) or 1
    return [sound.frames * sum(letters[:index]) // total for index in range(len(words))]


def starts_of(shots: tuple[Shot, ...]) -> list[int]:
    """The frame on which each shot begins, one after another from the film's first."""
    return list(accumulate((shot.frames for shot in shots[:-1]), initial=0)) if shots else []


def schedule(brief: Brief, script: Script, shots: tuple[Shot, ...], sound: dict[str, Sound]) -> Schedule:
    """Lay lines one after another, cut on words, and meet the length asked for with pauses and cards.

    Pauses and unspoken cards give way within bounds that a viewer does not notice; what is missing then stays missing.
    A film whose rests were fitted before keeps them all, whatever its length: only what changed may move.
    """
    rate = brief.rate
    pauses, cards = _planned(script, shots, rate)
    if fixed(script):
        lead = frames_of(LEAD, rate) if shots and shots[0].lines else 0
        return _lay(brief, script, shots, sound, pauses, cards, lead)
    spoken = sum(sound[line.id].frames for line in script.lines)
    lead = frames_of(LEAD, rate) if shots and shots[0].lines else 0
    natural = spoken + lead + sum(pauses.values()) + sum(cards.values())
    target = min(brief.frames, round(natural * STRETCH)) if script.narrated else natural
    opening = {shot.id: cards[shot.id] for shot in shots[:1] if not shot.lines}
    closing = {name: frames for name, frames in cards.items() if name not in opening}
    spare = target - natural
    for group, longest in ((opening, FIRST_CUT), (closing, LONGEST_CARD)):
        before = sum(group.values())
        group.update(_stretch(group, spare, frames_of(SHORTEST_CARD, rate), frames_of(longest, rate)))
        spare -= sum(group.values()) - before
    loose = {line.id: pauses[line.id] for line in script.lines if line.rest is None}
    pauses |= _stretch(loose, spare, frames_of(SHORTEST_PAUSE, rate), frames_of(LONGEST_PAUSE, rate))
    cards = opening | closing
    return _lay(brief, script, shots, sound, pauses, cards, lead)


def _planned(script: Script, shots: tuple[Shot, ...], rate: Fraction) -> tuple[dict[str, int], dict[str, int]]:
    """Pauses by the line they follow, and unspoken shots by id, in frames."""
    scene_of = {line.id: scene.id for scene in script.scenes for line in scene.lines}
    lines = [line.id for line in script.lines]
    pauses = {
        before: frames_of(LINE_PAUSE if scene_of[before] == scene_of[after] else SCENE_PAUSE, rate)
        for before, after in pairwise(lines)
    }
    if lines:
        pauses[lines[-1]] = frames_of(LINE_PAUSE, rate)
    pauses |= {line.id: line.rest for line in script.lines if line.rest is not None}
    return pauses, {shot.id: shot.frames for shot in shots if not shot.lines}


def _stretch(parts: dict[str, int], spare: int, shortest: int, longest: int) -> dict[str, int]:
    """Share `spare` frames (or the lack of them) over the parts within their bounds.

    >>> _stretch({"a": 10, "b": 10}, 5, 4, 20)
    {'a': 13, 'b': 12}
    """
    parts = dict(parts)
    for left, (name, frames) in zip(range(len(parts), 0, -1), list(parts.items()), strict=True):
        share = -(-spare // left)
        # A part that already stands outside the bounds is never pushed further out.
        parts[name] = min(max(frames + share, min(shortest, frames)), max(longest, frames))
        spare -= parts[name] - frames
    return parts


def _lay(
    brief: Brief,
    script: Script,
    shots: tuple[Shot, ...],
    sound: dict[str, Sound],
    pauses: dict[str, int],
    cards: dict[str, int],
    lead: int,
) -> Schedule:
    texts = {line.id: line.text for line in script.lines}
    cursor, begins, starts, cues = lead, [], {}, []
    for shot in shots:
        if not shot.lines:
            begins.append(cursor)
            cues.append(shot.cues)
            cursor += cards[shot.id]
            continue
        for line in shot.lines:
            if line not in starts:
                starts[line] = cursor
                cursor += sound[line].frames + pauses[line]
        words = [
            starts[line] + start for line in shot.lines for start in word_starts(sound[line], texts[line], brief.rate)
        ]
        first = min(shot.words[0], len(words) - 1)
        begins.append(words[first])
        cues.append(tuple(words[min(first + spot, len(words) - 1)] - words[first] for spot in shot.spots))
    ends = [*begins[1:], cursor]
    if begins:
        begins[0] = 0
    timed = tuple(
        shot.model_copy(update={"frames": max(end - begin, 1), "cues": cue})
        for shot, begin, end, cue in zip(shots, begins, ends, cues, strict=True)
    )
    laid = {line: sound[line].model_copy(update={"start": start}) for line, start in starts.items()}
    return Schedule(shots=timed, sound=laid, frames=sum(shot.frames for shot in timed), rests=pauses)


def fixed(script: Script) -> bool:
    """Whether every rest was fitted before."""
    return bool(script.lines) and all(line.rest is not None for line in script.lines)


def settled(script: Script, rests: Mapping[str, int], pace: float = 0.0) -> Script:
    """The script with the rests that were fitted, and the pace it was read at: what a revision starts from."""
    fitted = {"pace": pace} if pace else {}
    scenes = tuple(
        scene.model_copy(
            update={
                "lines": tuple(line.model_copy(update=fitted | {"rest": rests.get(line.id)}) for line in scene.lines)
            }
        )
        for scene in script.scenes
    )
    return script.model_copy(update={"scenes": scenes})
