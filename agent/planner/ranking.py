"""Ranking: which of a brief's sentences a film can spare.

Knows groups, words and seconds; knows nothing about shots.
"""

import heapq
import math
from collections import Counter
from collections.abc import Sequence

from .language import Language
from .numbers import count
from .sayings import Group
from .text import topic_words


def centrality(groups: Sequence[Group], title: str, tongue: Language) -> list[float]:
    """How near each group is to what the rest of the brief is about (cosine of tf-idf vectors), 0 to about 1.

    Numbers and quotations are what a viewer remembers, so they weigh a little more.
    """
    bags = [Counter(topic_words(group.text, tongue)) for group in groups]
    topic = Counter(topic_words(title, tongue))
    seen = Counter(word for bag in bags for word in bag)
    idf = {word: math.log(1 + len(bags) / times) for word, times in seen.items()}
    centre: Counter[str] = Counter()
    for bag in (*bags, topic):
        for word, times in bag.items():
            centre[word] += times
    whole = _norm(centre, idf)
    found = []
    for group, bag in zip(groups, bags, strict=True):
        # Against the others only: a sentence about something else is always near to itself.
        dot = sum(times * (centre[word] - times) * idf[word] ** 2 for word, times in bag.items())
        value = dot / ((_norm(bag, idf) * whole) or 1.0)
        number = any((each := count(said.text.split(), tongue)) and each.written for said in group.sayings)
        found.append(value + 0.12 * number + 0.08 * (group.sayings[0].part == "quote"))
    return found


def _norm(bag: Counter[str], idf: dict[str, float]) -> float:
    return math.sqrt(sum((times * idf.get(word, 0.0)) ** 2 for word, times in bag.items()))


def keep(groups: Sequence[Group], value: Sequence[float], cost: Sequence[float], room: float) -> list[int]:
    """Indexes of the groups that fit in `room` seconds: the least central go first, never one that another needs.

    The first and the last group stay as long as they can; what still fits at the end comes back, best first.
    """
    kept = set(range(len(groups)))
    total = math.fsum(cost)
    leaning = Counter(group.needs for group in groups if group.needs >= 0)
    free = [(_rank(at, groups, value, cost, room), at) for at in kept if not leaning[at]]
    heapq.heapify(free)
    dropped = []
    while total > room and len(kept) > 1:
        _, at = heapq.heappop(free)
        kept.discard(at)
        dropped.append(at)
        total -= cost[at]
        needed = groups[at].needs
        if needed >= 0:
            leaning[needed] -= 1
            if not leaning[needed]:
                heapq.heappush(free, (_rank(needed, groups, value, cost, room), needed))
    for at in sorted(dropped, key=lambda at: (-value[at], at)):
        if total + cost[at] <= room and (groups[at].needs < 0 or groups[at].needs in kept):
            kept.add(at)
            total += cost[at]
    return sorted(kept)


def _rank(
    at: int, groups: Sequence[Group], value: Sequence[float], cost: Sequence[float], room: float
) -> tuple[int, float, int]:
    """What goes first sorts first: what can never fit, then the least central, then the ends of the story."""
    if cost[at] > room:
        return 0, -cost[at], at
    ends = 3 if at == 0 else 2 if at == len(groups) - 1 else 1
    return ends, value[at], at
