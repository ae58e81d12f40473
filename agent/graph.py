"""The film's state machine. This is the file to show people.

Nodes are `def node(state, runtime)` and return only what they changed; everything that costs goes through the Studio.
"""

from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Send

from .approve import agree, approve
from .cut import cut
from .deliver import deliver
from .direct import direct
from .ensemble import respoken_tasks
from .fit import fit
from .gather import gather
from .hearing import misread_tasks
from .reframe import next_size, reframe
from .review import review
from .shoot import ready, shoot
from .sound import sound
from .state import LineTask, ShotTask, State
from .studio import Studio
from .trace import traced
from .write import write

Graph = CompiledStateGraph[State, Studio, State, State]


def begin(state: State) -> str:
    """A film that comes with its plan is not planned again."""
    return "agree" if "shots" in state else "write"


def to_lines(state: State) -> list[Send]:
    """One branch a line; a film without lines goes on at once."""
    script = state["script"]
    tasks = [LineTask(brief=state["brief"], script=script, line=line.id) for line in script.lines]
    return [Send("sound", task) for task in tasks] or [Send("fit", state)]


def after_fit(state: State) -> list[Send] | str:
    """A scene that fell into two voices is spoken again by one; then the shots."""
    return [Send("sound", task) for task in respoken_tasks(state)] or to_shots(state)


def to_shots(state: State) -> list[Send] | str:
    """One branch a shot that is ready; none left: cut."""
    last = state["shots"][-1].id
    tasks = [
        ShotTask(brief=state["brief"], shot=shot, attempt=attempt, final=shot.id == last)
        for shot, attempt in ready(state)
    ]
    return [Send("shoot", task) for task in tasks] or "cut"


def after_review(state: State) -> list[Send] | str:
    """Good or spent: on to delivery. Again: misread lines, shots whose takes were put aside, a new cut or plan."""
    critique = state["critique"]
    if critique is None or critique.verdict != "again":
        return "approve"
    if any(note.remedy == "replan" for note in critique.notes):
        return "write"
    if any(note.remedy == "rewrite" and note.severity == "fail" for note in critique.notes):
        return "direct"
    return [Send("sound", task) for task in misread_tasks(state, critique.notes)] or to_shots(state)


def after_delivery(state: State) -> str:
    """The next size, until all are delivered."""
    return "reframe" if next_size(state["brief"]) else END


def build(checkpointer: BaseCheckpointSaver[Any] | None = None, **compile_options: Any) -> Graph:
    """The compiled graph, for those who embed or extend it. Run it with `context=studio`."""
    graph = StateGraph(State, context_schema=Studio)
    for node in (write, direct, agree, fit, gather, cut, review, approve, deliver, reframe):
        graph.add_node(node.__name__, traced(node))
    graph.add_node("sound", traced(sound), input_schema=LineTask)
    graph.add_node("shoot", traced(shoot), input_schema=ShotTask)
    graph.add_conditional_edges(START, begin, ["write", "agree"])
    graph.add_edge("write", "direct")
    graph.add_edge("direct", "agree")
    graph.add_conditional_edges("agree", to_lines, ["sound", "fit"])
    graph.add_edge("sound", "fit")
    graph.add_conditional_edges("fit", after_fit, ["sound", "shoot", "cut"])
    graph.add_edge("shoot", "gather")
    graph.add_conditional_edges("gather", to_shots, ["shoot", "cut"])
    graph.add_edge("cut", "review")
    graph.add_conditional_edges("review", after_review, ["sound", "shoot", "cut", "write", "direct", "approve"])
    graph.add_edge("approve", "deliver")
    graph.add_conditional_edges("deliver", after_delivery, ["reframe", END])
    graph.add_conditional_edges("reframe", to_shots, ["shoot", "cut"])
    return graph.compile(checkpointer=checkpointer, **compile_options)
