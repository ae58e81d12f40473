"""Taste: what a person approved and rejected, film after film, on this machine only.

Knows verdicts on named choices and pairs of texts; knows nothing about films. Forgotten is forgotten: the file is
written anew without it.
"""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from ..tools.media import Frozen
from .project import write_whole

MOST = 20_000
"""Verdicts that are kept: the newest; ten years of a film a day, at five verdicts each."""


class Verdict(Frozen):
    """One thing that was liked or not: the choices it was made of, and the words that were preferred, if any."""

    kind: Literal["take", "edit", "plan", "cut"]
    liked: bool
    arms: tuple[str, ...] = ()
    """Choices as `what:which`, such as `layout:icons` or `provider:speech.piper`."""
    asked: str = ""
    """What it was an answer to, in words."""
    chosen: str = ""
    rejected: str = ""
    film: str = ""
    when: str = ""


class Taste:
    """The verdicts in one JSONL file; a line that cannot be read is passed over."""

    def __init__(self, path: Path | None) -> None:
        """`path` is None where nothing is to be remembered."""
        self.path = path

    def remember(self, verdicts: Iterable[Verdict]) -> None:
        """Add verdicts."""
        rows = [verdict.model_dump_json(exclude_defaults=True) for verdict in verdicts]
        if self.path is None or not rows:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as stream:
            stream.write("".join(f"{row}\n" for row in rows))

    def verdicts(self) -> tuple[Verdict, ...]:
        """All that is remembered, the oldest first."""
        if self.path is None or not self.path.is_file():
            return ()
        found = []
        for row in self.path.read_text("utf-8", errors="replace").splitlines()[-MOST:]:
            try:
                found.append(Verdict.model_validate_json(row))
            except ValidationError:
                continue
        return tuple(found)

    def forget(self, word: str = "") -> int:
        """Forget what mentions the word, or everything; returns how many verdicts went."""
        kept = [
            verdict
            for verdict in self.verdicts()
            if word and word.casefold() not in verdict.model_dump_json().casefold()
        ]
        gone = len(self.verdicts()) - len(kept)
        if self.path is not None and self.path.is_file():
            write_whole(self.path, "".join(f"{row.model_dump_json(exclude_defaults=True)}\n" for row in kept))
        return gone

    def tally(self) -> dict[str, tuple[int, int]]:
        """How often each choice was liked and not."""
        found: dict[str, tuple[int, int]] = {}
        for verdict in self.verdicts():
            for arm in verdict.arms:
                good, bad = found.get(arm, (0, 0))
                found[arm] = (good + verdict.liked, bad + (not verdict.liked))
        return found

    def pairs(self) -> list[dict[str, str]]:
        """Preference pairs as trainers read them: prompt, chosen, rejected."""
        return [
            {"prompt": verdict.asked, "chosen": verdict.chosen, "rejected": verdict.rejected}
            for verdict in self.verdicts()
            if verdict.chosen and verdict.rejected
        ]

    def lessons(self, most: int = 5) -> str:
        """The newest preferences as examples for a prompt; empty where there are none."""
        pairs = list(reversed(self.pairs()))[:most]
        if not pairs:
            return ""
        rows = [f"- not {json.dumps(each['rejected'])} but {json.dumps(each['chosen'])}" for each in pairs]
        return "\n".join(("What this person preferred before:", *rows))


def draws(tally: Mapping[str, tuple[int, int]], what: str, seed: int) -> dict[str, float]:
    """One Thompson draw, 0 to 1, for each choice of a kind that there is evidence on; the same seed draws the same.

    >>> draws({}, "layout", 0)
    {}
    """
    found = {}
    for arm, (good, bad) in sorted(tally.items()):
        kind, _, which = arm.partition(":")
        if kind == what:
            found[which] = random.Random(f"{seed}:{arm}").betavariate(1 + good, 1 + bad)
    return found


def ranked(names: Sequence[str], tally: Mapping[str, tuple[int, int]], what: str, seed: int) -> tuple[str, ...]:
    """The names with those first that are liked; a name without evidence counts as it stands, at one half.

    >>> ranked(("b", "a"), {}, "style", 0)
    ('b', 'a')
    """
    drawn = draws(tally, what, seed)
    return tuple(sorted(names, key=lambda name: -drawn.get(name, 0.5)))
