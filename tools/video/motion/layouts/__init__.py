"""Layouts by name: each is one function that puts a card on a stage.

A stranger's layout enters by the entry-point group `reelwright.layouts`, ours are named here.
"""

from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import entry_points

from ....errors import ToolFailed
from ... import Card
from ..stage import Stage
from . import charts, curves, numbers, plots, routes, rows, scenes, titles, typed, versus, words

Layout = Callable[[Stage, Card], None]
_OURS: Mapping[str, Layout] = {
    "title": titles.title,
    "chapter": titles.chapter,
    "end": titles.end,
    "statement": words.statement,
    "definition": words.definition,
    "quote": words.quote,
    "figure": numbers.figure,
    "ring": charts.parts_,
    "bars": charts.bars,
    "line": curves.curve,
    "area": curves.area,
    "dots": plots.dots,
    "race": plots.race,
    "comparison": versus.comparison,
    "list": rows.list_,
    "steps": rows.steps,
    "timeline": routes.timeline,
    "map": routes.map_,
    "code": typed.code,
    "icons": scenes.scene,
}


@cache
def _all() -> Mapping[str, Layout]:
    theirs = {each.name: each.load() for each in entry_points(group="reelwright.layouts")}
    return {**theirs, **_OURS}


def layouts() -> tuple[str, ...]:
    """Names of all layouts."""
    return tuple(_all())


def layout(name: str) -> Layout:
    """The layout `name`; ToolFailed if there is none."""
    if name not in _all():
        raise ToolFailed(f"There is no layout named {name!r}.", f"Choose one of: {', '.join(layouts())}.")
    return _all()[name]
