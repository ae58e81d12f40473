"""What films teach the taste: revisions and answers at the gates become verdicts, and verdicts small leanings.

Knows plans and edits; the memory knows how verdicts are kept. Without evidence nothing leans.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

from ..memory.taste import Taste, Verdict, draws, ranked
from ..tools.errors import ToolMissing
from ..tools.registry import CAPABILITIES, Registry
from .model import Brief, Plan, Shot
from .record import Record
from .settings import Settings

LEANING = 0.6
"""What a layout gains or loses at most by being liked: less than what a fitting card is worth, so facts win."""


def taste_of_edits(record: Record, brief: Brief, plan: Plan, request: str) -> tuple[Verdict, ...]:
    """What a revision says: other words, pictures and looks are preferred to what was."""
    if record.plan is None:
        return ()
    about = {"film": record.plan.script.title, "when": datetime.now(UTC).isoformat(timespec="seconds")}
    return tuple(
        verdict.model_copy(update={"kind": "edit", **about, "asked": verdict.asked or request})
        for verdict in (*_words(record.plan, plan), *_pictures(record.plan, plan), *_looks(record.brief, brief))
    )


def _words(old: Plan, new: Plan) -> Iterator[Verdict]:
    was = {line.id: line.text for line in old.script.lines}
    for line in new.script.lines:
        before = was.get(line.id, line.text)
        if before != line.text:
            asked = f"A line of a film named {new.script.title!r}"
            yield Verdict(kind="edit", liked=True, asked=asked, chosen=line.text, rejected=before)


def _pictures(old: Plan, new: Plan) -> Iterator[Verdict]:
    """Where the words stayed and the picture was changed, the old picture is disliked and the new one liked."""
    was = {shot.id: shot for shot in old.shots}
    for shot in new.shots:
        before = was.get(shot.id)
        if before is None or (before.lines, before.words) != (shot.lines, shot.words) or before.spots != shot.spots:
            continue
        if before.take != shot.take:
            yield Verdict(kind="take", liked=False, arms=(f"motif:{before.motif}",))
        changed = {*arms_of(before)} ^ {*arms_of(shot)}
        lost, won = (tuple(arm for arm in arms_of(each) if arm in changed) for each in (before, shot))
        if lost:
            yield Verdict(kind="edit", liked=False, arms=lost)
        if won:
            yield Verdict(kind="edit", liked=True, arms=won)


def _looks(old: Brief, new: Brief) -> Iterator[Verdict]:
    for name, was, will in (
        ("voice", old.voice, new.voice),
        ("captions", old.deliver.captions, new.deliver.captions),
    ):
        if was != will:
            yield from (Verdict(kind="edit", liked=False, arms=(f"{name}:{was}",)) for _ in range(bool(was)))
            yield from (Verdict(kind="edit", liked=True, arms=(f"{name}:{will}",)) for _ in range(bool(will)))


def arms_of(shot: Shot) -> tuple[str, ...]:
    """The choices that a shot's picture was made of."""
    return (f"layout:{shot.layout}", f"motif:{shot.motif}", f"style:{shot.style}")


def taste_of_answer(record: Record, yes: bool, because: str = "") -> tuple[Verdict, ...]:
    """What a yes or no at a gate says of all that the plan, or the cut, was made of."""
    if record.plan is None:
        return ()
    made = tuple(f"provider:{take.tool}" for take in record.takes.values() if take.tool)
    voices = tuple(f"provider:{line.tool}" for line in record.sound.values() if line.tool) if made else ()
    arms = dict.fromkeys((*(arm for shot in record.plan.shots for arm in arms_of(shot)), *made, *voices))
    when = datetime.now(UTC).isoformat(timespec="seconds")
    kind = "cut" if made else "plan"
    title = record.plan.script.title
    return (Verdict.model_validate(
        {"kind": kind, "liked": yes, "arms": tuple(arms), "asked": because, "film": title, "when": when}
    ),)  # fmt: skip


def leanings(taste: Taste, seed: int) -> dict[str, float]:
    """What each layout gains or loses when shots are planned: nothing for those nobody has judged."""
    return {name: (draw - 0.5) * 2 * LEANING for name, draw in draws(taste.tally(), "layout", seed).items()}


def preferred(settings: Settings) -> dict[str, tuple[str, ...]]:
    """The order of providers: as it was set, and where nothing was set those first that were liked before."""
    order = dict(settings.order)
    if not settings.learn:
        return order
    tally = Taste(settings.taste).tally()
    registry = Registry.installed(settings.tools, settings.order)
    for capability in CAPABILITIES:
        with suppress(ToolMissing):
            names = tuple(tool.name for tool in registry.providers(capability))
            if capability.name not in order and any(f"provider:{name}" in tally for name in names):
                order[capability.name] = ranked(names, tally, "provider", seed=0)
    return order
