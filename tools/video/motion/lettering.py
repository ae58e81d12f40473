"""Text on the stage: words that rise from behind their line, lines that fade, numbers that count.

Knows nothing about where a layout wants them. Every line leaves a TextBox.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ... import fonts
from ...typeset import Setting, fit
from .. import TextBox
from .ass import Layer, Pose
from .easing import in_cubic, out_cubic
from .marks import Ink, rule
from .stage import Stage, Type

_SHORT_WORDS = frozenset(
    re.findall(r"\w+", "the and with from into that this than then your their have about every when what how")
)


@dataclass(frozen=True)
class Look:
    """How a text is set and when it comes: `at` is a frame; `stagger` frames pass between its words."""

    type: Type
    em: float
    colour: str
    at: int
    accent: str = ""
    accents: frozenset[int] = frozenset()
    """Words, counted over the block, that take the accent colour."""
    align: str = "left"
    edge: float = 0.0
    """Where lines written from right to left begin; 0 is the block's own right edge."""
    stagger: float = 1.6
    entrance: str = ""
    """rise, fade or mask; empty takes the sheet's."""
    opacity: float = 1.0
    marked: bool = False
    """A stroke is drawn under the accented words when they have landed."""


def set_block(
    stage: Stage, text: str, kind: Type, width: float, height: float, sizes: Sequence[float], **limits: float
) -> Setting:
    """The text at the largest size that fits, cap height to last baseline."""
    above, below = kind.face.ink(kind.shown(text))
    leading = max(limits.get("leading", 1.12), above + below + 0.06)
    # Tracking is off in lines of joined scripts, and pieces are measured one by one; libass sets some Arabic finals
    # a fifth of an em to the left.
    width *= 1 + min(0.0, kind.tracking) - (0.06 if fonts.right_to_left(text) else 0)
    return fit(
        kind.shown(text), kind, width, height, sizes, max_lines=int(limits.get("max_lines", 99)), leading=leading
    )


def tall(setting: Setting, kind: Type) -> float:
    """From the top of the first capitals to the last baseline."""
    if not setting.lines:
        return 0.0
    return kind.face.cap_height * setting.em + setting.leading * (len(setting.lines) - 1)


def block(stage: Stage, setting: Setting, look: Look, x: float, top: float) -> None:
    """Draw lines: the first capitals' top at `top`; `x` is the left edge, or the middle where centred."""
    baseline = top + look.type.face.cap_height * setting.em
    words = 0
    for index, text in enumerate(setting.lines):
        width = look.type.measure(text, setting.em)
        left = x - width / 2 if look.align == "centre" else x
        if look.align == "left" and fonts.right_to_left(text):
            left = (look.edge or x + setting.width) - width
        at = look.at + round(look.stagger * words)
        line(stage, text, replace(look, em=setting.em, at=at), left, baseline, words)
        words += len(text.split())
        baseline += setting.leading * (1 if index < len(setting.lines) else 0)


def line(stage: Stage, text: str, look: Look, left: float, baseline: float, first_word: int = 0) -> None:
    """One line of text, word by word where its script allows it."""
    width = look.type.measure(text, look.em)
    above, below = _reach(stage, text, look)
    end = stage.last
    box = (left - 0.2 * look.em, baseline - above, left + width + 0.2 * look.em, baseline + below)
    simple = look.type.face.covers(text) and not fonts.right_to_left(text)
    parts = text.split(" ") if simple and look.stagger > 0 else [text]
    budget = stage.entering * 0.8 / max(len(parts), 1)
    offset, begun = 0.0, None  # one stroke under words that stand together
    for index, part in enumerate(parts):
        shade = look.accent if first_word + index in look.accents and look.accent else look.colour
        at = stage.begin(look.at + round(min(look.stagger, budget) * index))
        _word(stage, part, replace(look, colour=shade, at=at), left + offset, baseline, box)
        advance = look.type.measure(part + " ", look.em) + look.type.spacing(text, look.em)
        if look.marked and shade != look.colour:
            begun = begun if begun is not None else offset
            if first_word + index + 1 not in look.accents or index + 1 == len(parts):
                reach = offset + look.type.measure(part, look.em) - begun
                _underline(stage, look, left + begun, baseline, reach, at + stage.entering - 2)
                begun = None
        offset += advance
    upper, lower = (reach * look.em for reach in look.type.face.ink(text))
    stage.boxes.append(
        TextBox(
            text=text,
            left=max(0, int(left - (0.24 * look.em if fonts.right_to_left(text) else 0))),
            top=max(0, int(baseline - upper - 8 * stage.u)),
            right=int(left + width + 1),
            bottom=int(baseline + max(lower, 0.19 * look.em * look.marked) + 8 * stage.u),
            start=stage.begin(look.at),
            end=end,
        )
    )


def _underline(stage: Stage, look: Look, left: float, baseline: float, width: float, at: int) -> None:
    thick = max(2.0, 0.055 * look.em)
    ink = Ink(look.accent, at, 0.9, hasty=True)
    rule(stage, left, baseline + 0.13 * look.em, width, thick, ink)


def lettered(stage: Stage, text: str, kind: Type, em: float) -> str:
    """Text as the body of a layer of its own, whose top left is the ascent above the baseline."""
    face = kind.face
    stage.faces |= {each for _, each in fonts.runs(text, face)} | {face}
    spacing = kind.spacing(text, em)
    tracking = f"\\fsp{spacing:.2f}" if spacing else ""
    return f"{{\\fn{face.family}\\fs{face.ass_size(em):.2f}{tracking}}}" + fonts.ass_runs(kind.shown(text), face, em)


def _reach(stage: Stage, text: str, look: Look) -> tuple[float, float]:
    used = {face for _, face in fonts.runs(text, look.type.face)} | {look.type.face}
    stage.faces |= used
    return max(face.ascent for face in used) * look.em, max(face.descent for face in used) * look.em


def _word(stage: Stage, text: str, look: Look, left: float, baseline: float, box: tuple[float, ...]) -> None:
    above, _ = _reach(stage, text, look)
    spacing = look.type.spacing(text, look.em)
    tracking = f"\\fsp{spacing:.2f}" if spacing else ""
    face = look.type.face
    head = f"{{\\fn{face.family}\\fs{face.ass_size(look.em):.2f}{tracking}}}"
    enter, leave = entrance(stage, look, box)
    stage.add(
        Layer(
            body=head + fonts.ass_runs(text, face, look.em),
            x=left,
            y=baseline - above,
            start=look.at,
            end=stage.last,
            drift=stage.calm,
            colour=look.colour,
            opacity=look.opacity,
            enter=enter,
            entering=stage.entering,
            leave=leave,
            leaving=stage.leaving,
        )
    )


def entrance(
    stage: Stage, look: Look, box: tuple[float, ...]
) -> tuple[Callable[[float], Pose], Callable[[float], Pose]]:
    """How text comes and goes: out of and into a mask, or on a short rise with a fade."""
    kind = look.entrance or {"out-quint": "fade", "out-back": "rise"}.get(stage.sheet.easing, "mask")
    curve = stage.curve
    clip = (box[0], box[1], box[2], box[3])
    travel = box[3] - box[1]
    if kind == "mask":
        return (
            lambda part: Pose(y=travel * (1 - curve(part)), clip=clip),
            lambda part: Pose(y=-travel * in_cubic(part), clip=clip, opacity=1 - part * 0.5),
        )
    rise = {"rise": 0.55, "fade": 0.12}.get(kind, 0.3) * look.em
    return (
        lambda part: Pose(y=rise * (1 - curve(part)), opacity=min(1.0, out_cubic(part) * 1.1)),
        lambda part: Pose(y=-rise * 0.5 * in_cubic(part), opacity=1 - part),
    )


def key_words(text: str, phrase: str) -> frozenset[int]:
    """Which words of the text to set off: those of the phrase, else its numbers, else its longest late word."""
    words = [re.sub(r"^\W+|\W+$", "", word).lower() for word in text.split()]
    wanted = [re.sub(r"^\W+|\W+$", "", word).lower() for word in phrase.split()]
    for start in range(len(words) - len(wanted) + 1 if wanted else 0):
        if words[start : start + len(wanted)] == wanted:
            return frozenset(range(start, start + len(wanted)))
    numbers = [index for index, word in enumerate(words) if re.search(r"\d", word)]
    if numbers:
        return frozenset({numbers[0], min(numbers[0] + 1, len(words) - 1)} if len(words) > 3 else {numbers[0]})
    if len(words) < 2:
        return frozenset()
    best = max(
        range(len(words)), key=lambda index: (words[index] not in _SHORT_WORDS, min(len(words[index]), 9), index)
    )
    return frozenset({best}) if len(words[best]) > 3 else frozenset()
