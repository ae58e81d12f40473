"""One voice a scene: where a voice failed in the middle of it, the one that stood in speaks all of it.

Knows who spoke which line; knows nothing about sound. A line that was misread is another matter (hearing.py).
"""

from collections.abc import Sequence

from .model import Sound
from .state import LineTask, State


def broken(state: State, order: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Lines to be spoken again, with the providers that are not asked: of each scene and speaker with two voices.

    The voice that stood in takes the whole scene, where people do not hear it to be a machine.
    """
    found: dict[str, tuple[str, ...]] = {}
    sound = state.get("sound", {})
    for scene in state["script"].scenes:
        for speaker in dict.fromkeys(line.speaker for line in scene.lines):
            said = [sound[line.id] for line in scene.lines if line.speaker == speaker and line.id in sound]
            takes = [take for take in said if take.speech is not None and not take.refused]
            if len({(take.tool, take.spare) for take in takes}) < 2:
                continue
            last = max(takes, key=lambda take: (take.spare, _rank(take, order)))
            if last.speech is None or not last.speech.natural:
                continue
            failed = tuple(sorted({take.tool for take in takes} - {last.tool}))
            found |= {take.line: failed for take in takes if (take.tool, take.spare) != (last.tool, last.spare)}
    return found


def respoken_tasks(state: State) -> list[LineTask]:
    """The lines that the ensemble node found."""
    return [
        LineTask(brief=state["brief"], script=state["script"], line=line, mixed=state["sound"][line], without=without)
        for line, without in state.get("respeak", {}).items()
    ]


def _rank(take: Sound, order: Sequence[str]) -> int:
    return order.index(take.tool) if take.tool in order else len(order)
