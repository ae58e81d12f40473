"""The measured critic: what a few frames of each take tell without anybody looking.

Knows thresholds; knows nothing about how a frame is measured (tools/inspect/takes.py does).
"""

from collections.abc import Iterator, Mapping

from ...tools.inspect import TakeLook, TakeRequest
from ...tools.inspect.takes import apart, unlike
from ...tools.registry import LOOK
from ..errors import BudgetExceeded, ToolError
from ..model import Note, Shot, Take
from ..shoot import handle_of
from ..state import State
from ..studio import Studio

BLACK = 0.5
"""Part of a take's frames that is black from which nothing is shown; fades are shorter."""
NOISE = 0.5
"""Likeness of neighbouring pixels under which a picture is noise: ours have 0.9 and more, white noise 0.1."""
STILL, STILL_BLOCK = 0.3, 2.0
"""Levels that a take moves by, over all and in one block, under which it is frozen: a slow drift has 6 and more."""
SOFT = 0.15
"""Steepness of the sharpest edges under which a picture is blurred: type has 0.45 and more, soft at 9 pixels 0.11."""
FILMED = {"own", "generate"}
"""Sources whose light nobody here has set."""
DARK, BRIGHT, BURNT = 14.0, 243.0, 0.5
"""Mean luma under or over which footage is hard to see, and the part of it that may be burnt out."""
ALIKE = 10
"""Bits of 256 by which two takes' marks differ at most where one repeats the other."""
STRANGE, NEAR = 0.9, 0.6
"""Palettes further apart than the first have no colour in common; nearer than the second they belong together."""
RETRIEVED = 0.2
"""Likeness of a found clip to its line under which it shows something else."""


def looks_of(studio: Studio, state: State) -> dict[str, TakeLook]:
    """How each take looks, by shot; takes that cannot be looked at are left out."""
    found: dict[str, TakeLook] = {}
    for shot in state["shots"]:
        take = state["takes"].get(shot.id)
        look = look_at(studio, take) if take else None
        if look is not None:
            found[shot.id] = look
    return found


def look_at(studio: Studio, take: Take) -> TakeLook | None:
    """How one take looks, or None."""
    if take.asset is None:
        return None
    try:
        return studio.call(LOOK, TakeRequest(take=take.asset), target=take.shot, stage="review").result
    except (ToolError, BudgetExceeded) as error:
        studio.warn(take.shot, f"The take could not be looked at: {error}")
        return None


def notes_on_takes(state: State, looks: Mapping[str, TakeLook]) -> tuple[Note, ...]:
    """What is wrong with each take by itself, with an earlier one, and with its neighbours."""
    shots, takes = state["shots"], state["takes"]
    notes: list[Note] = []
    for at, shot in enumerate(shots):
        look, take = looks.get(shot.id), takes.get(shot.id)
        if take is None or look is None:
            continue
        notes += faults(shot, look)
        notes += _text(state, shot, take)
        if take.score is not None and take.score < RETRIEVED:
            problem = f"take retrieved: its likeness to the line is {take.score:.2f}, wanted {RETRIEVED:g}"
            notes.append(Note(target=shot.id, severity="warn", problem=problem, remedy="candidate"))
        earlier = [each for each in shots[:at] if each.id in looks]
        again = next((each for each in earlier if repeats(looks[each.id], look)), None)
        if again is not None and not any(note.target == shot.id for note in notes):
            notes.append(_note(shot, f"take repeated: it is the picture of {again.id}, wanted another"))
        notes += _strange(shots, at, looks)
    return tuple(notes)


def faults(shot: Shot, look: TakeLook) -> Iterator[Note]:
    """What is wrong with a take by itself: the first that explains the others."""
    if look.black >= BLACK:
        yield _note(shot, f"take black: {look.black:.0%} of its frames show nothing")
    elif look.smooth < NOISE:
        yield _note(shot, f"take noise: neighbouring pixels are alike by {look.smooth:.2f}, wanted {NOISE:g}")
    elif look.moved < STILL and look.stirred < STILL_BLOCK:
        yield _note(shot, f"take frozen: it moves by {look.moved:.2f} levels, wanted {STILL:g}")
    elif shot.source != "code" and look.sharp < SOFT:  # programs may well draw fields without an edge
        yield _note(shot, f"take blurred: its sharpest edges have {look.sharp:.2f}, wanted {SOFT:g}")
    elif shot.source in FILMED and not DARK <= look.light <= BRIGHT:
        yield _note(shot, f"take exposure: mean luma {look.light:.0f}, wanted {DARK:g} to {BRIGHT:g}")
    elif shot.source in FILMED and look.burnt > BURNT:
        yield _note(shot, f"take exposure: {look.burnt:.0%} is burnt out, wanted {BURNT:.0%} at most")


def repeats(one: TakeLook, other: TakeLook) -> bool:
    """Whether a take is another's picture: most of its frames are found there."""
    if unlike(one.palette, other.palette) > 0.1:
        return False
    found = sum(any(apart(mark, there) <= ALIKE for there in one.marks) for mark in other.marks)
    return found >= max(2, round(0.6 * len(other.marks)))


def _text(state: State, shot: Shot, take: Take) -> Iterator[Note]:
    size, handle = state["brief"].size, handle_of(state["brief"])
    for box in take.boxes:
        visible = box.end > handle and box.start < handle + shot.frames
        if visible and (box.left < 0 or box.top < 0 or box.right > size.width or box.bottom > size.height):
            yield _note(shot, f"take text: {box.text[:40]!r} runs over the edge of the frame")
            return


def _strange(shots: tuple[Shot, ...], at: int, looks: Mapping[str, TakeLook]) -> Iterator[Note]:
    """A shot whose colours are none of its neighbours', while those belong together; bright ones stand out."""
    if not 0 < at < len(shots) - 1:
        return
    before, here, after = (looks.get(each.id) for each in shots[at - 1 : at + 2])
    if before is None or here is None or after is None or shots[at].bright or shots[at].source == "own":
        return
    one, other = unlike(here.palette, before.palette), unlike(here.palette, after.palette)
    if min(one, other) > STRANGE and unlike(before.palette, after.palette) < NEAR:
        problem = f"take palette: {min(one, other):.0%} of its colours are not its neighbours', wanted {STRANGE:.0%}"
        yield Note(target=shots[at].id, severity="warn", problem=problem, remedy="reshoot")


def _note(shot: Shot, problem: str) -> Note:
    """A fault that another take mends. A person's own picture is told about, never swapped for one of ours."""
    if shot.source == "own":
        return Note(target=shot.id, severity="warn", problem=problem)
    return Note(target=shot.id, severity="fail", problem=problem, remedy="reshoot")
