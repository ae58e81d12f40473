"""Captions by a grammar, what a narrator says about such things, and both as vectors: what the stock benchmarks share.

Vectors are MiniLM's of real sentences. More rows than sentences are made by perturbing: a row is a caption's vector, a
part of another's (so that it stays where sentences lie) and noise; its cosine to its own caption is about 0.87.
"""

import resource
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reelwright.tools.models import Models
from reelwright.tools.stock.minilm import MiniLM
from reelwright.tools.stock.vectors import Vectors

Numbers = NDArray[np.int64]
SENTENCES = 12_000
"""Captions that are embedded: about two minutes of CPU, once."""
_OTHER, _NOISE = 0.4, 0.4
"""Lengths of what is added to a caption's vector of length 1."""
_POOL = 1 << 16
_AT_ONCE = 500
"""Rows that a core's own cache holds."""
_WHO = """
a woman|an old man|two children|a farmer|a crowd of fans|a dog|a fisherman|a dancer|a nurse|a cyclist
a potter|a violinist|three cows|a flock of gulls|a bride|a mechanic|a street musician|twins in raincoats
a goat|a surfer|a baker with flour on her hands|a firefighter|a boy in a red cap|a teacher|tourists
a blacksmith|a chess player|a cat|a beekeeper|a diver|an astronaut|a postman|two rivals|a welder|a runner
a grandmother|a gardener|a heron|a robot arm|a team of rowers|a painter|a shepherd|a pilot|a clown|a waiter
students|a carpenter|a climber|a fox|a choir
"""
_DOES = """
walks slowly|waits|works|laughs|rests|looks up|carries wood|reads a letter|runs|sings|drinks tea
falls asleep|counts money|repairs a net|throws a stone|dances alone|writes in a notebook|waves goodbye
lights a fire|plays with a ball|sweeps the floor|cuts bread|stares into the distance|opens an umbrella
climbs a ladder|takes a photograph|feeds the birds|pushes a cart|argues|embraces a friend|washes their hands
ties a knot|measures a plank|weeps|applauds|sharpens a knife|turns a page|pours molten metal|draws a map
packs a suitcase
"""
_WHERE = """
on the beach|in a market|by the river|in deep snow|at the station|in a kitchen|on a mountain ridge
in the rain|in a wheat field|under a bridge|in the desert|in a harbour|on a bus|in a pine forest
in the city at night|in a cathedral|on a rooftop|in a greenhouse|beside a volcano|in an empty stadium
on a ferry|in a hospital corridor|in a library|at a fair|in a tunnel|on a glacier|among skyscrapers
in a vineyard|at a petrol station|in a factory hall|on a pier|in a playground|in a swamp|at an airport gate
in a cave|on a wooden stage|in a laboratory|in a narrow alley|at a lighthouse|on a film set
in a rice terrace|by a frozen lake|in a barn|on a motorway|in a bookshop
"""
_LOOK = """
close on|far away,|seen from above,|at dawn,|in black and white,|in slow motion,|in fog,|from behind,
in profile,|through a window,|mirrored in water,|under a red sky,|by candlelight,|as a silhouette,
out of focus,|in bright noon light,|with long shadows,|in falling leaves,|handheld,|in a storm,
with confetti,|blue hour,|overexposed,|in the dust,
"""
_SAID = (
    "Nobody had told {who} what to expect {where}.",
    "Every morning it begins the same way: {who} {does}.",
    "And then, {where}, everything changes.",
    "If you listen closely, you can hear how {who} {does} {where}.",
    "It takes patience, and {who} knows it.",
    "For most of us this is only a picture {where}; for {who} it is home.",
    "By the time {who} {does}, the day is nearly over.",
    "What looks like chaos {where} follows an old rule.",
    "Ask {who} and you will get a shrug, perhaps a smile.",
    "There is a reason why {who} {does} here and not {where}.",
)


def drawn(row: str | tuple[str, ...], chance: np.random.Generator) -> str:
    """One of a list; parts of a text stand between bars."""
    parts = tuple(row.strip().replace("\n", "|").split("|")) if isinstance(row, str) else row
    return parts[chance.integers(len(parts))]


def captions(count: int) -> list[str]:
    """Different ones, the same each time: the look of half of them is said."""
    chance = np.random.default_rng(3)
    made: dict[str, None] = {}
    while len(made) < count:
        who, does, where, look = (drawn(row, chance) for row in (_WHO, _DOES, _WHERE, _LOOK))
        made[f"{look} {who} {does} {where}" if chance.random() < 0.5 else f"{who} {does} {where}"] = None
    return list(made)


def sentences(count: int) -> list[str]:
    """What a narrator says over such pictures; no caption is among them."""
    chance = np.random.default_rng(4)
    made: dict[str, None] = {}
    while len(made) < count:
        said, who, does, where = (drawn(row, chance) for row in (_SAID, _WHO, _DOES, _WHERE))
        made[said.format(who=who, does=does, where=where)] = None
    return list(made)


def reader() -> MiniLM:
    """The embedder of the model lock."""
    return MiniLM(Models.installed(None).path("minilm"))


def meanings(texts: list[str], kept: Path | None = None) -> Vectors:
    """Vectors of texts; `kept` is where they are read from, or written to, so that two runs share them."""
    if kept is not None and kept.exists():
        vectors: Vectors = np.load(kept)
        if len(vectors) == len(texts):
            return vectors
    vectors = reader().embed(texts)
    if kept is not None:
        np.save(kept, vectors)
    return vectors


def perturbed(seeds: Vectors, count: int, chance: np.random.Generator, which: Numbers | None = None) -> Vectors:
    """Rows around `seeds`: around `which` of them, or drawn by lot."""
    which = chance.integers(0, len(seeds), count) if which is None else which
    other, noise = chance.integers(0, len(seeds), count), chance.integers(0, _POOL, count)
    rows = np.empty((count, seeds.shape[1]), np.float32)
    for first in range(0, count, _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        row = seeds[which[part]] + np.float32(_OTHER) * seeds[other[part]] + _noise(seeds.shape[1])[noise[part]]
        rows[part] = row / np.sqrt(np.einsum("ij,ij->i", row, row))[:, None]
    return rows


@cache
def _noise(size: int) -> Vectors:
    """Rows of length about `_NOISE`, of which sixteen million take theirs: numbers by lot cost more than all else."""
    rows = np.random.default_rng(6).standard_normal((_POOL, size), np.float32)
    rows *= np.float32(_NOISE / np.sqrt(size))
    return rows


def spent() -> float:
    """CPU seconds of this process so far."""
    row = resource.getrusage(resource.RUSAGE_SELF)
    return row.ru_utime + row.ru_stime


def resident(field: str = "VmRSS") -> float:
    """Bytes of memory: VmRSS counts mapped files that happen to be in memory, RssAnon only what is ours."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith(f"{field}:"))) * 1024
